import { LensError } from "../protocol/errors";
import type { LocalModel } from "../protocol/engine";
import type { ModelUsed, Skipped } from "../protocol/result";
import { englishOnlyWarning } from "./embed/words";
import type { ExecOptions, Pool } from "./pool";
import type { Item, ItemSet, Matrix, Report } from "./types";

/** Items that have a vector, and the vectors in the same order. */
export interface Embedded {
  items: ItemSet;
  /** (rows) index of each item among all items of the source. */
  source: Int32Array;
  /** In shared memory, so that threads read it without a copy. */
  matrix: Matrix;
  model: ModelUsed;
}

/** Items given to a thread at once: word vectors are cheap, pictures are not. */
const CHUNK = { words: 4096, static: 512, onnx: 16 } as const;

/**
 * Turns items into vectors on the pool's threads. Items without a vector are left out by name.
 * @throws LensError "model" when the model does not fit the items, "source" when no item has a vector
 */
export async function embedItems(
  set: ItemSet,
  model: LocalModel,
  pool: Pool,
  { signal, report }: ExecOptions,
): Promise<Embedded> {
  const { card } = model;
  if (card.kind !== set.kind) {
    const [given, wanted] = set.kind === "image" ? ["pictures", "texts"] : ["texts", "pictures"];
    throw new LensError("model", `${card.name} embeds ${wanted}, but these are ${given}. Choose another model.`);
  }
  const chunks = chunksOf(set.items, CHUNK[card.runtime]);
  const done = counter(set.items.length, report);
  const answers = await Promise.all(
    chunks.map(async (items) => {
      const answer = await pool.exec("embed", { model, items }, signal ? { signal } : {});
      done(items.length);
      return answer;
    }),
  );
  const { dims, tensor } = answers[0]!;
  const reasons = new Map<number, string>();
  let offset = 0;
  answers.forEach((answer, i) => {
    for (const { at, reason } of answer.failed) reasons.set(offset + at, reason);
    offset += chunks[i]!.length;
  });
  const source = Int32Array.from(set.items.keys()).filter((i) => !reasons.has(i));
  const kept = Array.from(source, (i) => set.items[i]!);
  const failed: Skipped[] = set.items.flatMap((item, i) => (reasons.has(i) ? [leftOut(item, reasons.get(i)!)] : []));
  const english = card.runtime === "words" ? englishOnlyWarning(failed.length, set.items.length) : null;
  if (kept.length === 0) {
    const { path, place, reason } = failed[0]!;
    const where = place === undefined ? path : `${path}:${place}`;
    throw new LensError("source", english ?? `None of the items could be embedded; the first, ${where}: ${reason}.`);
  }
  return {
    items: {
      ...set,
      items: kept,
      skipped: [...set.skipped, ...failed],
      warnings: english ? [...set.warnings, english] : set.warnings,
    },
    source,
    matrix: gather(answers, dims, reasons, kept.length),
    model: { id: card.id, name: card.name, dims, tensor },
  };
}

function gather(
  blocks: readonly { data: Float32Array }[],
  dims: number,
  leftOut: ReadonlyMap<number, string>,
  rows: number,
): Matrix {
  const data = new Float32Array(new SharedArrayBuffer(rows * dims * Float32Array.BYTES_PER_ELEMENT));
  let index = 0;
  let row = 0;
  for (const block of blocks) {
    for (let at = 0; at < block.data.length; at += dims, index++) {
      if (!leftOut.has(index)) data.set(block.data.subarray(at, at + dims), row++ * dims);
    }
  }
  return { rows, cols: dims, data };
}

function leftOut(item: Item, reason: string): Skipped {
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
