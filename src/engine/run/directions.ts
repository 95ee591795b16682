import { LensError } from "../../protocol/errors";
import type { Skipped } from "../../protocol/result";
import { gatherInto } from "../analyze/gather";
import { leftOut, type Embedded } from "../embed-items";
import { SKIPPED_LIMIT, unlistedWarning } from "../items/limits";
import { largestAt } from "../linear/largest";
import { dotAt } from "../linear/vectors";
import type { Matrix } from "../types";

/**
 * Items without those whose vector has no direction.
 * @throws LensError "source" when none is left
 */
export function withDirections(all: Embedded): Embedded {
  const { items, source, matrix } = all;
  const isShort = source.map((i) => (lengthAtLeast(matrix, i, SHORTEST) ? 0 : 1));
  if (!isShort.includes(1)) return all;
  const kept = source.filter((i) => isShort[i] === 0);
  const short = source.filter((i) => isShort[i] === 1);
  const failed = Array.from(short, (i) => leftOut(items.items[i]!, tooShort(matrix, i)));
  if (kept.length === 0) {
    const [{ path, place, reason }, ...others] = failed as [Skipped, ...Skipped[]];
    const more = others.length > 0 ? ` (and ${others.length} more)` : "";
    throw new LensError("source", `No row can be shown. The first, ${path} row ${place}: ${reason}${more}.`);
  }
  const room = Math.max(0, SKIPPED_LIMIT - items.skipped.length);
  const unlisted = failed.length - room;
  return {
    ...all,
    items: {
      ...items,
      items: Array.from(kept, (i) => items.items[i]!),
      skipped: [...items.skipped, ...failed.slice(0, room)],
      warnings: [...items.warnings, ...(unlisted > 0 ? [unlistedWarning(unlisted)] : [])],
    },
    source: kept,
    matrix: shared(matrix, kept),
  };
}

/** Some rows, in memory that threads read without a copy. */
function shared(matrix: Matrix, index: Int32Array): Matrix {
  const { cols } = matrix;
  const data = new Float32Array(new SharedArrayBuffer(index.length * cols * Float32Array.BYTES_PER_ELEMENT));
  return gatherInto(matrix, index, { rows: index.length, cols, data });
}

/** Length below which a vector has no direction: its square is lost in float32. */
const SHORTEST = 1e-17;

/** Of most vectors the largest value tells enough. */
function lengthAtLeast({ data, cols }: Matrix, row: number, least: number): boolean {
  return largestAt(data, row * cols, cols) >= least || lengthOf({ data, cols }, row) >= least;
}

const lengthOf = ({ data, cols }: Pick<Matrix, "data" | "cols">, row: number): number =>
  Math.sqrt(dotAt(data, row * cols, data, row * cols, cols));

function tooShort(matrix: Matrix, row: number): string {
  return lengthOf(matrix, row) === 0
    ? "its vector is zero, which has no direction: by Euclidean distance it is a place like others"
    : "its vector is too short to have a direction (less than 1e-17): scale the values";
}
