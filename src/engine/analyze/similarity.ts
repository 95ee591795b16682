import type { Metric } from "../../protocol/recipe";
import { triangleLength, triangleRow } from "../../protocol/triangle";
import { createProducts } from "../linear/product";
import { unshared } from "../linear/runtime";
import { dotAt, squaredDistanceAt, squaredNorms, toSquares, type Measured } from "../linear/vectors";
import { scoreKernels, type ScoreKernels } from "../simd/simd";
import type { Matrix, StageContext } from "../types";
import { gatherRows } from "./gather";
import { prepareFor } from "./normalize";

/** Side of a block of products: it and its rows stay in the cache. */
const BLOCK = 480;

/**
 * The pairwise similarities of some items: cosine, dot product, or 1/(1 + distance) for euclidean.
 * @param index (n) rows of the matrix
 * @returns the upper triangle of the symmetric (n × n) matrix (`protocol/triangle.ts`)
 */
export async function similarityMatrix(
  matrix: Matrix,
  index: Int32Array,
  metric: Metric,
  ctx: StageContext,
): Promise<Float32Array> {
  const { cols } = matrix;
  const n = index.length;
  const prepared = prepareFor(matrix, metric);
  const isWhole = n === matrix.rows && index.every((row, at) => row === at);
  const rows = isWhole ? unshared(prepared.data) : gatherRows(prepared, index).data;
  const products = await createProducts((n * n * cols) / 2);
  const measured = metric === "euclidean" ? { data: rows, cols, norms: squaredNorms(rows, n, cols) } : null;
  const values = new Float32Array(triangleLength(n));
  const block = new Block(Math.min(BLOCK, n));
  for (let top = 0; top < n; top += BLOCK) {
    ctx.signal.throwIfAborted();
    // The rows before have had most of the work.
    ctx.report(Math.round(n * (1 - (1 - top / n) ** 2)), n);
    const bottom = Math.min(top + BLOCK, n);
    const [height, across] = [bottom - top, rows.subarray(top * cols, bottom * cols)];
    for (let left = top; left < n; left += BLOCK) {
      const right = Math.min(left + BLOCK, n);
      const width = right - left;
      await products.byRows(across, height, rows.subarray(left * cols, right * cols), width, cols, block.values);
      if (metric === "cosine") block.clamp(height * width);
      for (let i = top; measured && i < bottom; i++) {
        fromDots(block.values, (i - top) * width, measured, i, left, right);
      }
      for (let i = 0; i < height; i++) {
        // A block on the diagonal gives what is right of it.
        const from = left === top ? i : 0;
        values.set(block.values.subarray(i * width + from, (i + 1) * width), triangleRow(n, top + i) + left + from);
      }
    }
  }
  if (metric !== "dot") for (let i = 0; i < n; i++) values[triangleRow(n, i) + i] = 1;
  return values;
}

/** Turns products of row i and the rows from .. to into similarities to 1/(1 + distance), in place. */
function fromDots(block: Float32Array, at: number, measured: Measured, i: number, from: number, to: number): void {
  toSquares(block, at, measured, i, from, to);
  for (const end = at + to - from; at < end; at++) block[at] = 1 / (1 + Math.sqrt(block[at]!));
}

/** A block of products. */
export class Block {
  readonly values: Float32Array;
  private readonly kernels: ScoreKernels | null;

  /** @param simd false for the TypeScript path */
  constructor(side: number, simd = true) {
    const room = simd ? scoreKernels(4 * side * side + 16) : null;
    this.kernels = room?.kernels ?? null;
    this.values = room?.memory.float32(side * side) ?? new Float32Array(side * side);
  }

  /** Brings the first `count` numbers into −1 .. 1. */
  clamp(count: number): void {
    const { kernels, values } = this;
    if (kernels) kernels.clamp(values.byteOffset, count);
    else for (let at = 0; at < count; at++) values[at] = Math.max(-1, Math.min(1, values[at]!));
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
