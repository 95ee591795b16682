import type { Metric } from "../../protocol/recipe";
import { createProducts } from "../linear/product";
import { dotAt, squaredDistanceAt, squaredNorms } from "../linear/vectors";
import { scoreKernels, type ScoreKernels } from "../simd/simd";
import type { Matrix, StageContext } from "../types";
import { gatherRows } from "./gather";
import { prepareFor } from "./normalize";

/** Side of a block of the matrix: it stays in the cache until both its copies are written. No power of two, whose columns would share few places of a cache. */
const BLOCK = 480;

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
  const block = new Block(Math.min(BLOCK, n));
  for (let top = 0; top < n; top += BLOCK) {
    ctx.signal.throwIfAborted();
    ctx.report(top, n);
    const bottom = Math.min(top + BLOCK, n);
    const [height, across] = [bottom - top, rows.subarray(top * cols, bottom * cols)];
    // Only the blocks from the diagonal on: the others are their mirrors.
    for (let left = top; left < n; left += BLOCK) {
      const right = Math.min(left + BLOCK, n);
      const width = right - left;
      await products.byRows(across, height, rows.subarray(left * cols, right * cols), width, cols, block.values);
      if (metric === "cosine") block.clamp(height * width);
      if (metric === "euclidean") fromDots(block.values, norms.subarray(top, bottom), norms.subarray(left, right));
      if (left === top) placeDiagonal(block.values, height, values, n, top);
      else block.place(height, width, values, n, top, left);
    }
  }
  if (metric !== "dot") for (let i = 0; i < n; i++) values[i * n + i] = 1;
  return values;
}

/** Turns products into similarities to 1/(1 + distance), in place. */
function fromDots(block: Float32Array, rowNorms: Float32Array, columnNorms: Float32Array): void {
  let at = 0;
  for (const own of rowNorms) {
    for (const other of columnNorms) {
      block[at] = 1 / (1 + Math.sqrt(Math.max(0, own + other - 2 * block[at]!)));
      at++;
    }
  }
}

/** Writes what is right of the diagonal into the symmetric matrix on both its sides. */
function placeDiagonal(block: Float32Array, size: number, values: Float32Array, n: number, top: number): void {
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      const value = block[i * size + j]!;
      values[(top + i) * n + top + j] = value;
      values[(top + j) * n + top + i] = value;
    }
  }
}

/** A block of the matrix and its mirror. */
export class Block {
  readonly values: Float32Array;
  private readonly mirror: Float32Array;
  private readonly kernels: ScoreKernels | null;

  /** @param simd false for the TypeScript path */
  constructor(side: number, simd = true) {
    const size = side * side;
    const room = simd ? scoreKernels(8 * size + 32) : null;
    this.kernels = room?.kernels ?? null;
    this.values = room?.memory.float32(size) ?? new Float32Array(size);
    this.mirror = room?.memory.float32(size) ?? new Float32Array(size);
  }

  /** Brings the first `count` numbers into −1 .. 1. */
  clamp(count: number): void {
    const { kernels, values } = this;
    if (kernels) kernels.clamp(values.byteOffset, count);
    else for (let at = 0; at < count; at++) values[at] = Math.max(-1, Math.min(1, values[at]!));
  }

  /** Writes (height × width) numbers into a matrix of n × n, at `top` and `left` as they are, mirrored at `left` and `top`. */
  place(height: number, width: number, matrix: Float32Array, n: number, top: number, left: number): void {
    const { values, mirror } = this;
    this.turn(height, width);
    for (let i = 0; i < height; i++) matrix.set(values.subarray(i * width, (i + 1) * width), (top + i) * n + left);
    for (let j = 0; j < width; j++) matrix.set(mirror.subarray(j * height, (j + 1) * height), (left + j) * n + top);
  }

  private turn(height: number, width: number): void {
    const { kernels, values, mirror } = this;
    if (kernels) {
      kernels.transposed(values.byteOffset, height, width, mirror.byteOffset);
      return;
    }
    for (let i = 0, at = 0; i < height; i++) for (let j = 0; j < width; j++) mirror[j * height + i] = values[at++]!;
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
