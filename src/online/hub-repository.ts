import { LensError } from "../protocol/errors";
import type { ModelCard } from "../protocol/models";
import { failure, hostOf, whyBroken } from "./failure";
import { hubCard } from "./hub-folder";
import type { HubFolder } from "./hub-files";
import { mirrored } from "./mirror";

const HUB = "https://huggingface.co";
/** A description that is larger than this is none. */
const DESCRIPTION_BYTES = 64e6;

/** Whether a text names a repository of the hub: owner/name. */
export const isRepository = (text: string): boolean => /^[\w-][\w.-]{0,95}\/[\w-][\w.-]{0,95}$/.test(text);

/** The id under which a repository's model lies in the store. */
export const repositoryId = (repository: string): string => repository.toLowerCase().replace("/", "--");

/** Whether a model of the store was added by the name of its repository. */
export const isOfRepository = ({ id, source }: ModelCard): boolean =>
  source.startsWith(`${new URL(HUB).host}/`) && repositoryId(source.slice(new URL(HUB).host.length + 1)) === id;

/**
 * The card of a model on the hub (or its mirror), made from the small files that describe it; its weights are not fetched.
 * @param repository owner/name
 * @throws LensError "model" when there is none that can run here, "network" when the hub cannot be asked
 */
export async function repositoryCard(
  repository: string,
  mirror: string | null,
  get: typeof fetch,
  signal: AbortSignal,
): Promise<ModelCard> {
  const address = (file: string): string => `${HUB}/${repository}/resolve/main/${file}`;
  const folder = new Repository(repository, (file) => mirrored(address(file), mirror, repository), get, signal);
  const card = await hubCard(folder);
  if (card === null) {
    throw new LensError(
      "model",
      `${repository} at ${hostOf(mirrored(address(""), mirror, repository))} is not there, or has no file that can run here ` +
        "(onnx/model.onnx or a variant of it, with tokenizer.json or preprocessor_config.json; or model2vec's model.safetensors): check the name.",
    );
  }
  return {
    ...card,
    id: repositoryId(repository),
    about: card.kind === "text" ? "A text model of the hub." : "An image model of the hub.",
    source: `${new URL(HUB).host}/${repository}`,
    files: card.files.map((file) => ({ ...file, url: address(file.name) })),
  };
}

/** A model's files as a server has them. */
class Repository implements HubFolder {
  readonly where: string;
  private readonly texts = new Map<string, Promise<string | null>>();
  private readonly sizes = new Map<string, Promise<number | null>>();

  constructor(
    readonly name: string,
    private readonly address: (file: string) => string,
    private readonly get: typeof fetch,
    private readonly signal: AbortSignal,
  ) {
    this.where = name;
  }

  read(file: string): Promise<string | null> {
    return once(this.texts, file, async () => {
      const response = await this.ask(file);
      if (response === null) return null;
      if (Number(response.headers.get("content-length") ?? 0) > DESCRIPTION_BYTES) {
        await response.body?.cancel().catch(() => undefined);
        throw this.failed(file, "it is too large for a description");
      }
      return response.text().catch((error: unknown) => {
        throw this.failed(file, whyBroken(error).message, error);
      });
    });
  }

  /** Asks for the file and hangs up when its size is known: a mirror that serves plain files need not know anything else. */
  size(file: string): Promise<number | null> {
    return once(this.sizes, file, async () => {
      const response = await this.ask(file);
      await response?.body?.cancel().catch(() => undefined);
      if (response === null) return null;
      const size = Number(response.headers.get("content-length") ?? NaN);
      if (Number.isSafeInteger(size) && size >= 0 && !response.headers.has("content-encoding")) return size;
      throw this.failed(file, "the server does not say how large the file is");
    });
  }

  /** @returns null when the file is not there */
  private async ask(file: string): Promise<Response | null> {
    const { signal } = this;
    let response: Response;
    try {
      response = await this.get(this.address(file), { headers: { "accept-encoding": "identity" }, signal });
    } catch (error) {
      if (signal.aborted) throw error;
      throw this.failed(file, whyBroken(error).message, error);
    }
    const { ok, status, headers } = response;
    if (ok && !/^text\/html\b/i.test(headers.get("content-type") ?? "")) return response;
    await response.body?.cancel().catch(() => undefined);
    if (status === 404 || status === 410) return null;
    // The hub answers so for a repository that is not there, too.
    if (status === 401 || status === 403) {
      throw this.failed(file, `the server refuses access (${status}): it is not there, or needs an account`);
    }
    throw this.failed(file, ok ? "a web page came instead, perhaps a sign-in page" : `the server answered ${status}`);
  }

  private failed(file: string, what: string, cause?: unknown): LensError {
    return failure({ label: `${this.name} (${file})`, url: this.address(file), bytes: 0 }, what, cause);
  }
}

function once<T>(known: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  const made = known.get(key) ?? work();
  known.set(key, made);
  return made;
}
