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
import { isPath, localModel, missingFile } from "./local";
import { mirrored } from "./mirror";
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
  /** Deletes a downloaded or imported model; one that is not there is fine. @throws LensError "model" for a built-in one */
  remove(id: string): Promise<void>;
}

/**
 * @param options.packageRoot holds models/catalog.json and the built-in models
 * @param options.home absent: `lensHome()`
 * @param options.mirror base URL to which the path of a card's URL is added; absent: EMBEDDING_LENS_MIRROR
 */
export function openModelStore(options: {
  packageRoot: string;
  home?: string;
  mirror?: string;
  fetch?: typeof fetch;
}): ModelStore {
  return new Store(
    options.packageRoot,
    join(options.home ?? lensHome(), "models"),
    options.mirror || process.env["EMBEDDING_LENS_MIRROR"] || null,
    options.fetch ?? ((...args) => fetch(...args)),
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
  ) {}

  async list(): Promise<ModelInfo[]> {
    const { builtin, downloads } = await this.read();
    const offered = await Promise.all(
      downloads.map(async (listed): Promise<ModelInfo> => {
        const card = await withPins(listed, this.folderOf(listed.id));
        const bytes = totalBytes(card.files);
        const absent = (await this.missing(card)).length > 0;
        return absent ? { card, state: "absent", bytes } : { card, state: "installed", bytes: 0 };
      }),
    );
    return [
      ...builtin.map((card): ModelInfo => ({ card, state: "builtin", bytes: 0 })),
      ...offered,
      ...(await this.imported()).map((card): ModelInfo => ({ card, state: "installed", bytes: 0 })),
    ];
  }

  async resolve(id: string, options: ResolveOptions): Promise<LocalModel> {
    const { builtin, downloads } = await this.read();
    const own = builtin.find((card) => card.id === id);
    if (own !== undefined) return { card: own, folder: join(this.packageRoot, "models", id) };
    const card = downloads.find((one) => one.id === id);
    if (card !== undefined)
      return untilAborted(() => this.inTurn(id, () => this.fetched(card, options)), options.signal);
    if (isPath(id)) return localModel(id, downloads);
    const imported = (await this.imported()).find((one) => one.id === id);
    if (imported !== undefined) return { card: imported, folder: this.folderOf(id) };
    const known = [...builtin, ...downloads].map((one) => one.id).join(", ");
    throw new LensError("model", `There is no model “${id}”: choose ${known}, or give the path of an .onnx file.`);
  }

  async import(path: string): Promise<ModelCard> {
    const { builtin, downloads } = await this.read();
    const { card, folder } = await localModel(path, downloads);
    if (builtin.some(({ id }) => id === card.id)) {
      throw new LensError("model", `“${card.id}” is a built-in model: give the file another name.`);
    }
    // A downloaded model keeps the file names of its catalog card.
    const known = downloads.find(({ id }) => id === card.id);
    if (known === undefined) return this.inTurn(card.id, () => this.copied(card, withPlainNames(card), folder));
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

  async remove(id: string): Promise<void> {
    const { builtin } = await this.read();
    if (builtin.some((card) => card.id === id)) throw new LensError("model", `“${id}” is built in and stays.`);
    if (!isId(id)) throw new LensError("model", `“${id}” is not the id of a model: delete files of yours yourself.`);
    await this.inTurn(id, () => rm(this.folderOf(id), { recursive: true, force: true }));
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

  private async fetched(listed: ModelCard, { signal, onProgress, confirm }: ResolveOptions): Promise<LocalModel> {
    const folder = this.folderOf(listed.id);
    const card = await withPins(listed, folder);
    const missing = await this.missing(card);
    if (missing.length === 0) return { card, folder };
    const remote = missing.map((file) => ({
      ...file,
      label: card.files.length === 1 ? card.name : `${card.name} (${file.name})`,
      changed: listed.files.some(({ name, sha256 }) => name === file.name && sha256 !== file.sha256),
      url: mirrored(file.url, this.mirror, card.name),
      target: join(folder, file.name),
    }));
    const bytes = totalBytes(remote);
    if (confirm && !(await untilAborted(() => confirm(card, bytes, hostOf(remote[0]!.url)), signal))) throw cancelled();
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
