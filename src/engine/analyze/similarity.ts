import type { Metric } from "../../protocol/recipe";
import { createProducts } from "../linear/product";
import { dotAt, squaredDistanceAt, squaredNorms } from "../linear/vectors";
import type { Matrix, StageContext } from "../types";
import { gatherRows } from "./gather";
import { prepareFor } from "./normalize";

/** Side of a block of the matrix: it stays in the cache until both its copies are written. No power of two, whose columns would share few places of a cache. */
const BLOCK = 480;
/** Side of the squares that are turned at once. */
const TILE = 32;

/**
 * The pairwise similarities of some items: cosine, dot product, or 1/(1 + distance) for euclidean. Symmetric to the bit.
 * @param index (n) rows of the matrix
 * @returns (n × n) row-major
 */
export async function similarityMatrix(
  matrix: Matrix,
  index: Int32Array,
  metric: Metric,
  ctx: StageContext,
): Promise<Float32Array> {
  const { cols } = matrix;
  const n = index.length;
  const rows = gatherRows(prepareFor(matrix, metric), index).data;
  const products = await createProducts((n * n * cols) / 2);
  const norms = squaredNorms(rows, n, cols);
  const values = new Float32Array(n * n);
  for (let top = 0; top < n; top += BLOCK) {
    ctx.signal.throwIfAborted();
    ctx.report(top, n);
    const bottom = Math.min(top + BLOCK, n);
    // Only the blocks from the diagonal on: the others are their mirrors.
    for (let left = top; left < n; left += BLOCK) {
      const right = Math.min(left + BLOCK, n);
      const block = await products.byRows(
        rows.subarray(top * cols, bottom * cols),
        bottom - top,
        rows.subarray(left * cols, right * cols),
        right - left,
        cols,
      );
      fromDots(block, norms.subarray(top, bottom), norms.subarray(left, right), metric);
      place(block, values, n, top, left, right - left);
    }
  }
  if (metric !== "dot") for (let i = 0; i < n; i++) values[i * n + i] = 1;
  return values;
}

/** Turns a block of products into similarities, in place. */
function fromDots(block: Float32Array, rowNorms: Float32Array, columnNorms: Float32Array, metric: Metric): void {
  const width = columnNorms.length;
  switch (metric) {
    case "cosine":
      for (let at = 0; at < block.length; at++) {
        if (Math.abs(block[at]!) > 1) block[at] = Math.sign(block[at]!);
      }
      return;
    case "euclidean":
      for (let i = 0, at = 0; at < block.length; i++) {
        for (let j = 0; j < width; j++, at++) {
          block[at] = 1 / (1 + Math.sqrt(Math.max(0, rowNorms[i]! + columnNorms[j]! - 2 * block[at]!)));
        }
      }
      return;
    case "dot":
  }
}

/** Writes a block into a symmetric matrix, as it is and mirrored; of a block on the diagonal only what is right of it. */
function place(block: Float32Array, values: Float32Array, n: number, top: number, left: number, width: number): void {
  const height = block.length / width;
  const diagonal = top === left;
  for (let i = 0; i < height; i++) {
    const from = diagonal ? i : 0;
    values.set(block.subarray(i * width + from, (i + 1) * width), (top + i) * n + left + from);
  }
  for (let y = 0; y < height; y += TILE) {
    for (let x = diagonal ? y : 0; x < width; x += TILE) {
      for (let j = x; j < Math.min(x + TILE, width); j++) {
        const end = Math.min(y + TILE, diagonal ? j : height);
        for (let i = y, to = (left + j) * n + top + y; i < end; i++) values[to++] = block[i * width + j]!;
      }
    }
  }
}

/** The similarity of two items, as in `similarityMatrix`, from the vectors as they are. */
export function similarityOf({ data, cols }: Matrix, a: number, b: number, metric: Metric): number {
  const i = a * cols;
  const j = b * cols;
  switch (metric) {
    case "cosine": {
      if (a === b) return 1;
      const lengths = Math.sqrt(dotAt(data, i, data, i, cols) * dotAt(data, j, data, j, cols));
      return lengths > 0 ? Math.max(-1, Math.min(1, dotAt(data, i, data, j, cols) / lengths)) : 0;
    }
    case "euclidean":
      return 1 / (1 + Math.sqrt(squaredDistanceAt(data, i, data, j, cols)));
    case "dot":
      return dotAt(data, i, data, j, cols);
  }
}
