import { copyFile, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { LocalModel } from "../protocol/engine";
import { cancelled, LensError } from "../protocol/errors";
import type { ModelCard, ModelFile, ModelInfo } from "../protocol/models";
import { isId, readCard } from "./card";
import { readCatalog, type Catalog } from "./catalog";
import { download } from "./download";
import { diskFailure, hostOf } from "./failure";
import { lensHome } from "./home";
import { isRepository, repositoryCard, repositoryId } from "./hub-repository";
import { isPath, localModel, missingFile } from "./local";
import { mirrored } from "./mirror";
import { offlineByEnvironment, refusedOffline, type Offline } from "./offline";
import { sha256Of } from "./part";
import { addPin, remoteSize, sameFiles, withPins } from "./pins";

export interface ResolveOptions {
  signal: AbortSignal;
  /** Bytes of the model that are here, and how many there will be. */
  onProgress?: (done: number, total: number) => void;
  /** Asked once before a download, with the bytes to download and the host they come from; absent: yes. */
  confirm?: (card: ModelCard, bytes: number, from: string) => Promise<boolean>;
}

/** The models of this machine and those it can get. */
export interface ModelStore {
  /** Built-in models, those of the catalog, then imported ones. */
  list(): Promise<ModelInfo[]>;
  /**
   * The files of a model, downloaded first when needed.
   * @param id an id of the catalog or of an imported model, or the path of an .onnx file or a model's folder
   * @throws LensError "model", "network", "write"; "cancelled" when `confirm` says no or the signal is aborted
   */
  resolve(id: string, options: ResolveOptions): Promise<LocalModel>;
  /** Copies a model from a path into the store. A file of the catalog becomes that model. @throws LensError "model" or "write" */
  import(path: string): Promise<ModelCard>;
  /**
   * Adds a model of the Hugging Face hub and downloads it; one that is here already is given as it is.
   * @param repository owner/name
   * @throws as `resolve`
   */
  add(repository: string, options: ResolveOptions): Promise<LocalModel>;
  /**
   * Deletes a downloaded or imported model; answers whether there was one.
   * @throws LensError "model" for a built-in one, "write" when it cannot be deleted
   */
  remove(id: string): Promise<boolean>;
  /** Where the files of a model are, or will be. @throws LensError "model" when the id is none */
  folder(id: string): Promise<string>;
}

/**
 * @param options.packageRoot holds models/catalog.json and the built-in models
 * @param options.home absent: `lensHome()`
 * @param options.mirror base URL to which the path of a card's URL is added; absent: EMBEDDING_LENS_MIRROR
 * @param options.offline nothing is fetched while it says yes; absent: EMBEDDING_LENS_OFFLINE
 */
export function openModelStore(options: {
  packageRoot: string;
  home?: string;
  mirror?: string;
  fetch?: typeof fetch;
  offline?: Offline;
}): ModelStore {
  return new Store(
    options.packageRoot,
    join(options.home ?? lensHome(), "models"),
    options.mirror || process.env["EMBEDDING_LENS_MIRROR"] || null,
    options.fetch ?? ((...args) => fetch(...args)),
    options.offline ?? offlineByEnvironment,
  );
}

class Store implements ModelStore {
  private catalog: Promise<Catalog> | undefined;
  /** The end of the line for each model: two panels that want the same one ask and download once. */
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(
    private readonly packageRoot: string,
    private readonly home: string,
    private readonly mirror: string | null,
    private readonly get: typeof fetch,
    private readonly offline: Offline,
  ) {}

  async list(): Promise<ModelInfo[]> {
    const { builtin, downloads } = await this.read();
    const offered = [...downloads, ...(await this.imported())];
    return [
      ...builtin.map((card): ModelInfo => ({ card, state: "builtin", bytes: 0 })),
      ...(await Promise.all(offered.map((card) => this.info(card)))),
    ];
  }

  private async info(listed: ModelCard): Promise<ModelInfo> {
    if (!isDownloadable(listed)) return { card: listed, state: "installed", bytes: 0 };
    const card = await withPins(listed, this.folderOf(listed.id));
    const absent = (await this.missing(card)).length > 0;
    return absent ? { card, state: "absent", bytes: totalBytes(card.files) } : { card, state: "installed", bytes: 0 };
  }

  async resolve(id: string, options: ResolveOptions): Promise<LocalModel> {
    const { builtin, downloads } = await this.read();
    const own = builtin.find((card) => card.id === id);
    if (own !== undefined) return { card: own, folder: join(this.packageRoot, "models", id) };
    const card = downloads.find((one) => one.id === id);
    if (card !== undefined) return this.download(card, options);
    if (isPath(id)) return localModel(id, downloads);
    const imported = (await this.imported()).find((one) => one.id === id);
    if (imported !== undefined) {
      return isDownloadable(imported)
        ? this.download(imported, options)
        : { card: imported, folder: this.folderOf(id) };
    }
    const known = [...builtin, ...downloads].map((one) => one.id).join(", ");
    throw new LensError("model", `There is no model “${id}”: choose ${known}, or give the path of an .onnx file.`);
  }

  async add(repository: string, options: ResolveOptions): Promise<LocalModel> {
    if (!isRepository(repository)) {
      throw new LensError("model", `“${repository}” is not the name of a repository: it is OWNER/NAME.`);
    }
    const id = repositoryId(repository);
    if ((await this.imported()).some((one) => one.id === id)) return this.resolve(id, options);
    if (this.offline()) throw refusedOffline(`${repository} is not on this machine`);
    const { signal } = options;
    const card = await untilAborted(() => repositoryCard(repository, this.mirror, this.get, signal), signal);
    return this.download(card, { ...options, onAgreed: () => this.describe(card) });
  }

  async import(path: string): Promise<ModelCard> {
    const { builtin, downloads } = await this.read();
    const { card, folder } = await localModel(path, downloads);
    if (builtin.some(({ id }) => id === card.id)) {
      throw new LensError("model", `“${card.id}” is a built-in model: give the file another name.`);
    }
    // A downloaded model keeps the file names of its catalog card.
    const known = downloads.find(({ id }) => id === card.id);
    if (known === undefined) {
      return this.inTurn(card.id, async () => {
        const copy = await this.copied(card, withPlainNames(card), folder);
        await this.pinAll(copy);
        return copy;
      });
    }
    const given = await sameFiles(card, known, folder);
    if (given === null) {
      throw new LensError(
        "model",
        `“${card.id}” is a model of the catalog, with other bytes: give the file another name.`,
      );
    }
    return this.inTurn(card.id, async () => {
      await this.copied({ ...card, files: given }, known, folder);
      for (const [i, { name, sha256 }] of known.files.entries()) {
        if (sha256 === undefined) await addPin(this.folderOf(known.id), name, given[i]!);
      }
      return known;
    });
  }

  async remove(id: string): Promise<boolean> {
    const { builtin } = await this.read();
    if (builtin.some((card) => card.id === id)) throw new LensError("model", `“${id}” is built in and stays.`);
    if (!isId(id)) throw new LensError("model", `“${id}” is not the id of a model: delete files of yours yourself.`);
    return this.inTurn(id, async () => {
      const folder = this.folderOf(id);
      if (!(await readdir(folder).catch(() => null))) return false;
      try {
        await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      } catch (error) {
        throw new LensError(
          "write",
          `The model in ${folder} could not be deleted (${(error as NodeJS.ErrnoException).code ?? "unknown"}): another window may be using it; close it and try again.`,
          { cause: error },
        );
      }
      return true;
    });
  }

  async folder(id: string): Promise<string> {
    const { builtin } = await this.read();
    if (builtin.some((card) => card.id === id)) return join(this.packageRoot, "models", id);
    if (!isId(id)) throw new LensError("model", `“${id}” is not the id of a model.`);
    return this.folderOf(id);
  }

  private async read(): Promise<Catalog> {
    this.catalog ??= readCatalog(this.packageRoot);
    return this.catalog.catch((error: unknown) => {
      this.catalog = undefined;
      throw error;
    });
  }

  private folderOf(id: string): string {
    return join(this.home, id);
  }

  /** Files of a model of the catalog that have to be downloaded. */
  private async missing({ id, files }: ModelCard): Promise<ModelFile[]> {
    const folder = this.folderOf(id);
    const lacking = await Promise.all(
      files.map(async (file) => file.sha256 === undefined || (await missingFile([file], folder)) !== null),
    );
    return files.filter((_, i) => lacking[i]);
  }

  private download(card: ModelCard, options: FetchOptions): Promise<LocalModel> {
    return untilAborted(() => this.inTurn(card.id, () => this.fetched(card, options)), options.signal);
  }

  private async fetched(listed: ModelCard, options: FetchOptions): Promise<LocalModel> {
    const { signal, onProgress, confirm, onAgreed } = options;
    const folder = this.folderOf(listed.id);
    const card = await withPins(listed, folder);
    const missing = await this.missing(card);
    if (missing.length === 0) return { card, folder };
    if (this.offline()) throw refusedOffline(`${card.name} is not on this machine`);
    const remote = missing.map((file) => ({
      ...file,
      label: card.files.length === 1 ? card.name : `${card.name} (${file.name})`,
      changed: listed.files.some(({ name, sha256 }) => name === file.name && sha256 !== file.sha256),
      url: mirrored(file.url, this.mirror, card.name),
      target: join(folder, file.name),
    }));
    const bytes = totalBytes(remote);
    if (confirm && !(await untilAborted(() => confirm(card, bytes, hostOf(remote[0]!.url)), signal))) throw cancelled();
    await onAgreed?.();
    let before = totalBytes(card.files) - bytes;
    for (const file of remote) {
      const report = (done: number): void => onProgress?.(before + done, totalBytes(card.files));
      const bytes = file.sha256 === undefined ? await remoteSize(file, this.get, signal) : file.bytes;
      const sha256 = await download({ ...file, bytes }, file.target, { signal, onProgress: report, fetch: this.get });
      if (file.sha256 === undefined) await addPin(folder, file.name, { bytes, sha256 });
      before += file.bytes;
    }
    return { card: await withPins(listed, folder), folder };
  }

  /** Writes the card of a model whose files are to come. */
  private async describe(card: ModelCard): Promise<void> {
    const folder = this.folderOf(card.id);
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "card.json"), JSON.stringify(card, null, 2));
    } catch (error) {
      throw diskFailure(error, { label: card.name, url: "", bytes: totalBytes(card.files) }, this.home);
    }
  }

  /** An imported model that could be downloaded again must stay the same. */
  private async pinAll(card: ModelCard): Promise<void> {
    if (!isDownloadable(card)) return;
    const folder = this.folderOf(card.id);
    for (const { name, bytes, sha256 } of card.files) {
      if (sha256 === undefined) await addPin(folder, name, { bytes, sha256: await sha256Of(join(folder, name)) });
    }
  }

  private async copied(from: ModelCard, to: ModelCard, folder: string): Promise<ModelCard> {
    const target = this.folderOf(to.id);
    const fresh = `${target}.${process.pid}.new`;
    try {
      for (const [i, { name }] of to.files.entries()) {
        await mkdir(dirname(join(fresh, name)), { recursive: true });
        await copyFile(join(folder, from.files[i]!.name), join(fresh, name));
      }
      await writeFile(join(fresh, "card.json"), JSON.stringify(to, null, 2));
      await rm(target, { recursive: true, force: true });
      await rename(fresh, target);
      return to;
    } catch (error) {
      await rm(fresh, { recursive: true, force: true });
      throw diskFailure(error, { label: to.name, url: "", bytes: totalBytes(to.files) }, this.home);
    }
  }

  /** Cards of models that the catalog does not know; a folder that is not a whole model is none. */
  private async imported(): Promise<ModelCard[]> {
    const { builtin, downloads } = await this.read();
    const known = new Set([...builtin, ...downloads].map(({ id }) => id));
    const names = (await readdir(this.home).catch(() => [])).filter((name) => !known.has(name)).sort();
    const cards = await Promise.all(
      names.map((name) => readCard(join(this.home, name, "card.json")).catch(() => null)),
    );
    return cards.filter((card, i): card is ModelCard => card !== null && card.id === names[i]);
  }

  private async inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = this.turns.get(id) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.turns.set(id, mine);
    return mine;
  }
}

/** Every file has an address, so that it can be downloaded when it is missing. */
const isDownloadable = ({ files }: ModelCard): boolean => files.every(({ url }) => url !== undefined);

interface FetchOptions extends ResolveOptions {
  /** Done once the download is agreed to. */
  onAgreed?: () => Promise<void>;
}

/** The name of a single file says nothing in the store, and may have letters that a card does not allow. */
const withPlainNames = (card: ModelCard): ModelCard =>
  card.files.length === 1 && /\.onnx$/i.test(card.files[0]!.name)
    ? { ...card, files: [{ ...card.files[0]!, name: "model.onnx" }] }
    : card;

const totalBytes = (files: readonly { bytes: number }[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** What `work` answers, or "cancelled" as soon as the signal is aborted. */
async function untilAborted<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw cancelled();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(cancelled());
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
