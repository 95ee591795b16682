import { LensError } from "../protocol/errors";
import type { LocalModel } from "../protocol/engine";
import { embeds, textSideOf, type ModelCard } from "../protocol/models";
import type { ModelUsed, Skipped } from "../protocol/result";
import { englishOnlyWarning } from "./embed/words";
import type { ExecOptions, Pool } from "./pool";
import { embedRemotely } from "./remote/embed-remote";
import type { RemoteCalls } from "./remote/remote-calls";
import type { RunContext } from "./run/context";
import type { ByteStore } from "./store/byte-store";
import { EmbeddingCache, type AboutModel, type KeptVector } from "./store/embedding-cache";
import type { EmbedAnswer } from "./tasks";
import type { Item, ItemSet, Matrix, Report } from "./types";

/** Items that have a vector, and the vectors in the same order. */
export interface Embedded {
  items: ItemSet;
  /** (rows) index of each item among all items of the source. */
  source: Int32Array;
  /** In shared memory, so that threads read it without a copy. */
  matrix: Matrix;
  model: ModelUsed;
  /** Texts of which only the beginning was embedded. */
  truncated: number;
}

/** Items given to a thread at once: word vectors are cheap, transformers and pictures are not. */
function chunkSize({ runtime, kind }: ModelCard): number {
  switch (runtime) {
    case "words":
      return 4096;
    case "static":
      return 512;
    case "onnx":
      return kind === "text" ? 64 : 16;
    case "remote":
      return Infinity;
  }
}

/** Pictures are sent within so many pixels square: more than any model looks at. */
const SENT_PIXELS = 1024;

/** The way to the host for models on servers, and the run that goes it. */
export interface RemoteWay {
  calls: RemoteCalls;
  ctx: RunContext;
}

/**
 * Turns items into vectors: those that the store keeps are taken from it, the others are computed on the pool's threads
 * and kept. Items without a vector are left out by name.
 * @param store null: nothing is kept
 * @throws LensError "model" when the model does not fit the items, "source" when no item has a vector
 */
export async function embedItems(
  set: ItemSet,
  { card: whole, folder }: LocalModel,
  pool: Pool,
  { signal, report }: ExecOptions,
  store: ByteStore | null = null,
  remote: RemoteWay | null = null,
): Promise<Embedded> {
  const card = set.kind === "text" ? (textSideOf(whole) ?? whole) : whole;
  if (!embeds(card, set.kind)) {
    const [given, wanted] = set.kind === "image" ? ["pictures", "texts"] : ["texts", "pictures"];
    throw new LensError("model", `${card.name} embeds ${wanted}, but these are ${given}. Choose another model.`);
  }
  const { items } = set;
  const model = { card, folder };
  const rows = new Rows(items.length);
  const done = counter(items.length, report);
  const cache = store && (await EmbeddingCache.open(store, model, pool));
  const onServer = card.runtime === "remote" ? remote : null;
  await onServer?.calls.settled(card.id, onServer.ctx);
  const missing = cache ? await fromCache(cache, items, rows, signal) : Array.from(items.keys());
  done(items.length - missing.length);
  if (onServer) {
    const job = {
      ...{ card, items, missing, cache, done },
      pictureOf: (file: string) => pool.exec("thumbnail", { file, size: SENT_PIXELS }, signal ? { signal } : {}),
      dims: () => rows.about?.dims ?? null,
      take: (positions: readonly number[], answer: EmbedAnswer) => rows.take(positions, answer),
      leaveOut: (positions: readonly number[], reason: string) => rows.leaveOut(positions, reason),
    };
    await embedRemotely(job, onServer.calls, onServer.ctx);
  } else
    await Promise.all(
      chunksOf(missing, chunkSize(card)).map(async (chunk) => {
        const given = chunk.map((at) => items[at]!);
        const answer = await pool.exec("embed", { model, items: given }, signal ? { signal } : {});
        rows.take(chunk, answer);
        done(chunk.length);
        await cache?.keep(given, answer, answer);
      }),
    );
  const { reasons, truncated } = rows;
  const source = Int32Array.from(items.keys()).filter((i) => !reasons.has(i));
  const kept = Array.from(source, (i) => items[i]!);
  const failed: Skipped[] = items.flatMap((item, i) => (reasons.has(i) ? [leftOut(item, reasons.get(i)!)] : []));
  const english = card.runtime === "words" ? englishOnlyWarning(failed.length, items.length) : null;
  if (kept.length === 0) {
    const { path, place, reason } = failed[0]!;
    const where = place === undefined ? path : `${path}:${place}`;
    throw new LensError("source", english ?? `None of the items could be embedded; the first, ${where}: ${reason}.`);
  }
  const cut = truncated > 0 ? [cutWarning(truncated, items.length, card)] : [];
  return {
    items: {
      ...set,
      items: kept,
      skipped: [...set.skipped, ...failed],
      warnings: [...set.warnings, ...(english ? [english] : []), ...cut],
    },
    source,
    matrix: rows.matrix(source),
    model: { id: card.id, name: card.name, ...rows.about! },
    truncated,
  };
}

/** Fills the rows of items whose vectors are kept. Answers the positions of the others. */
async function fromCache(
  cache: EmbeddingCache,
  items: readonly Item[],
  rows: Rows,
  signal: AbortSignal | undefined,
): Promise<number[]> {
  const about = cache.about();
  if (about !== null) return cache.find(items, about, (at, kept) => rows.set(at, kept, about), signal);
  await cache.hashPictures(items, signal);
  return Array.from(items.keys());
}

/** The vectors of a run as they come in, in shared memory. */
class Rows {
  about: AboutModel | null = null;
  /** Why an item has no vector, by its position. */
  readonly reasons = new Map<number, string>();
  truncated = 0;
  private data: Float32Array = new Float32Array(0);

  constructor(private readonly count: number) {}

  set(at: number, { vector, truncated }: KeptVector, about: AboutModel): void {
    this.begin(about);
    this.data.set(vector, at * about.dims);
    if (truncated) this.truncated++;
  }

  /** @param positions of the items of the batch */
  take(positions: readonly number[], { data, failed, truncated, dims, tensor }: EmbedAnswer): void {
    this.begin({ dims, tensor });
    for (const { at, reason } of failed) this.reasons.set(positions[at]!, reason);
    this.truncated += truncated?.length ?? 0;
    positions.forEach((at, i) => this.data.set(data.subarray(i * dims, (i + 1) * dims), at * dims));
  }

  leaveOut(positions: readonly number[], reason: string): void {
    for (const at of positions) this.reasons.set(at, reason);
  }

  /** The rows of these items, without the others between them. */
  matrix(source: Int32Array): Matrix {
    const { dims } = this.about!;
    source.forEach((at, row) => {
      if (at !== row) this.data.copyWithin(row * dims, at * dims, (at + 1) * dims);
    });
    return { rows: source.length, cols: dims, data: this.data.subarray(0, source.length * dims) };
  }

  private begin({ dims, tensor }: AboutModel): void {
    if (this.about !== null) return;
    this.about = { dims, tensor };
    this.data = new Float32Array(new SharedArrayBuffer(this.count * dims * Float32Array.BYTES_PER_ELEMENT));
  }
}

function cutWarning(cut: number, total: number, { name, maxTokens }: ModelCard): string {
  const limit = maxTokens === undefined ? "" : ` of ${maxTokens.toLocaleString("en-US")} tokens`;
  return (
    `${cut.toLocaleString("en-US")} of ${total.toLocaleString("en-US")} texts are longer than the window${limit} of ${name}: ` +
    "only their beginning was embedded."
  );
}

export function leftOut(item: Item, reason: string): Skipped {
  const place = item.row ?? item.line;
  return place === undefined ? { path: item.path, reason } : { path: item.path, place, reason };
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let from = 0; from < items.length; from += size) chunks.push(items.slice(from, from + size));
  return chunks;
}

function counter(total: number, report: Report | undefined): (more: number) => void {
  let done = 0;
  report?.(0, total);
  return (more) => report?.((done += more), total);
}
