import type { LocalModel, Progress } from "../protocol/engine";
import { LensError } from "../protocol/errors";
import { isRemoteId, type ModelCard, type ModelInfo } from "../protocol/models";
import type { RemoteModels } from "../online/remote/remote-models";
import { openModelStore, type ModelStore } from "../online/models";

export interface ModelServiceOptions {
  packageRoot: string;
  /** Whether the person agrees to a download. */
  consent(card: ModelCard, mirror: string | undefined): Promise<boolean>;
  /** Base URL of the mirror that is set now. */
  mirror(): string | undefined;
  /** Whether nothing may be fetched now. */
  offline: () => boolean;
  /** Models on servers. */
  remote: Pick<RemoteModels, "list" | "resolve">;
  /** Ids of those that the person wants in the list. */
  remoteIds(): string[];
  /** Whether the workspace may name models that are not in the list. */
  trusted(): boolean;
}

/** The models of this machine: their list, and their files once the person agrees to a download. */
export class ModelService {
  #store: { mirror: string | undefined; store: ModelStore } | null = null;

  /** Downloads that were asked for. */
  #agreed = 0;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly options: ModelServiceOptions) {}

  /** Calls back when the list of models has changed. */
  onChange(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  async list(): Promise<ModelInfo[]> {
    const { options } = this;
    return [...(await this.#open().list()), ...(await options.remote.list(options.remoteIds()))];
  }

  /** @throws LensError "model", "network" or "cancelled" */
  async resolve(id: string, signal: AbortSignal, progress: (progress: Progress) => void): Promise<LocalModel> {
    const store = this.#open();
    if (!this.options.trusted() && !(await this.list()).some(({ card }) => card.id === id)) {
      throw new LensError(
        "model",
        `This workspace is not trusted, so it cannot choose the model “${id}”. Trust the workspace, or choose a model of the list.`,
      );
    }
    if (isRemoteId(id)) return this.options.remote.resolve(id);
    const before = this.#agreed;
    const model = await store.resolve(id, {
      signal,
      onProgress: (done, total) => progress({ stage: "model", done, total }),
      confirm: (card) => {
        this.#agreed++;
        return this.options.consent(card, this.options.mirror());
      },
    });
    if (this.#agreed !== before) this.changed();
    return model;
  }

  /** The models of this machine, for what the person does with them by hand. */
  get store(): ModelStore {
    return this.#open();
  }

  #open(): ModelStore {
    const mirror = this.options.mirror();
    if (this.#store?.mirror !== mirror || !this.#store) {
      const { packageRoot, offline } = this.options;
      this.#store = { mirror, store: openModelStore({ packageRoot, offline, ...(mirror ? { mirror } : {}) }) };
    }
    return this.#store.store;
  }
}
