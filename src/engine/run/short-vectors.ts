import { LensError } from "../../protocol/errors";
import type { Metric } from "../../protocol/recipe";
import type { Skipped } from "../../protocol/result";
import { gatherInto } from "../analyze/gather";
import { leftOut, type Embedded } from "../embed-items";
import { SKIPPED_LIMIT, unlistedWarning } from "../items/limits";
import { largestAt } from "../linear/largest";
import { dotAt } from "../linear/vectors";
import type { ItemSet, Matrix } from "../types";

/** Length below which the square of a vector is lost in float32. */
const SHORTEST = 1e-17;

/** What was made of some vectors, by whether zeros are places. */
const made = new WeakMap<Embedded, Map<boolean, Embedded>>();

/**
 * Items without those whose vector is too short to be compared. By Euclidean distance zeros are a place like others; for the other
 * metrics they have no direction.
 * @throws LensError "source" when none is left
 */
export function withoutShort(all: Embedded, metric: Metric): Embedded {
  const known = made.get(all) ?? new Map<boolean, Embedded>();
  made.set(all, known);
  const isPlace = metric === "euclidean";
  const own = known.get(isPlace) ?? without(all, shortRows(all.matrix, isPlace));
  known.set(isPlace, own);
  return own;
}

function without(all: Embedded, short: ReadonlySet<number>): Embedded {
  if (short.size === 0) return all;
  const { items, matrix } = all;
  const kept = all.source.filter((i) => !short.has(i));
  const failed = Array.from(short, (i) => leftOut(items.items[i]!, reasonOf(lengthOf(matrix, i))));
  if (kept.length === 0) throw new LensError("source", nothing([...items.skipped, ...failed]));
  const room = Math.max(0, SKIPPED_LIMIT - items.skipped.length);
  const unlisted = failed.length - room;
  return {
    ...all,
    items: {
      ...items,
      items: Array.from(kept, (i) => items.items[i]!),
      skipped: inOrder([...items.skipped, ...failed.slice(0, room)], items),
      warnings: [...items.warnings, ...(unlisted > 0 ? [unlistedWarning(unlisted)] : [])],
    },
    source: kept,
    matrix: shared(matrix, kept),
  };
}

/** Of most vectors the largest value tells enough. */
function shortRows(matrix: Matrix, isPlace: boolean): Set<number> {
  const short = new Set<number>();
  for (let row = 0; row < matrix.rows; row++) {
    const largest = largestAt(matrix.data, row * matrix.cols, matrix.cols);
    if (largest >= SHORTEST || (isPlace && largest === 0)) continue;
    if (lengthOf(matrix, row) < SHORTEST) short.add(row);
  }
  return short;
}

const lengthOf = ({ data, cols }: Matrix, row: number): number =>
  Math.sqrt(dotAt(data, row * cols, data, row * cols, cols));

const reasonOf = (length: number): string =>
  length === 0
    ? "its vector is zero, which has no direction: by Euclidean distance it is a place like others"
    : "its vector is too short to be compared (less than 1e-17): scale the values";

/** Files as the items have them, rows ascending. */
function inOrder(skipped: readonly Skipped[], { items }: ItemSet): Skipped[] {
  const files = [...new Set([...items, ...skipped].map(({ path }) => path))];
  return [...skipped].sort((p, q) => files.indexOf(p.path) - files.indexOf(q.path) || (p.place ?? 0) - (q.place ?? 0));
}

function nothing([first, ...others]: readonly Skipped[]): string {
  const { path, place, reason } = first!;
  const more = others.length > 0 ? ` (and ${others.length} more)` : "";
  return `No row can be shown. The first, ${path}${place === undefined ? "" : ` row ${place}`}: ${reason}${more}.`;
}

/** Some rows, in memory that threads read without a copy. */
function shared(matrix: Matrix, index: Int32Array): Matrix {
  const { cols } = matrix;
  const data = new Float32Array(new SharedArrayBuffer(index.length * cols * Float32Array.BYTES_PER_ELEMENT));
  return gatherInto(matrix, index, { rows: index.length, cols, data });
}
