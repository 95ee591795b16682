import type { Metric } from "../../protocol/recipe";
import { createProducts, type Products } from "../linear/product";
import { unshared } from "../linear/runtime";
import { squaredNorms, toSquares, type Measured } from "../linear/vectors";
import type { Matrix, StageContext } from "../types";
import { centreRows } from "./normalize";

const BLOCK = 256;

/**
 * Squared euclidean distances of all pairs, a block of rows at a time, so that n × n values are never held; small ones are
 * measured in float64, since the difference of two products has no digits left for them.
 */
export class SquaredDistances implements Measured {
  private constructor(
    readonly rows: number,
    readonly cols: number,
    readonly data: Float32Array,
    readonly norms: Float32Array,
    private readonly products: Products,
  ) {}

  /** @param passes how often `forEachRow` will run, to tell whether onnxruntime pays */
  static async of(matrix: Matrix, passes = 1): Promise<SquaredDistances> {
    const { rows, cols } = matrix;
    const data = unshared(centreRows(matrix).data);
    const products = await createProducts(rows * rows * cols * passes);
    return new SquaredDistances(rows, cols, data, squaredNorms(data, rows, cols), products);
  }

  /** Calls `visit` for every row with its squared distances to all rows; the array lives until the next row. */
  async forEachRow(ctx: StageContext, visit: (row: number, squares: Float32Array) => void): Promise<void> {
    const { rows, cols, data } = this;
    for (let from = 0; from < rows; from += BLOCK) {
      ctx.signal.throwIfAborted();
      ctx.report(from, rows);
      const to = Math.min(from + BLOCK, rows);
      const dots = await this.products.byRows(data.subarray(from * cols, to * cols), to - from, data, rows, cols);
      for (let i = from, at = 0; i < to; i++, at += rows) {
        toSquares(dots, at, this, i, 0, rows);
        visit(i, dots.subarray(at, at + rows));
      }
    }
  }

  /** All of them, for few items: (n × n), of which a half is computed. Equal rows are at exactly 0 and alike to all others. */
  async all(ctx: StageContext): Promise<Float32Array> {
    const { rows, cols, data } = this;
    const squares = new Float32Array(rows * rows);
    for (let from = 0; from < rows; from += BLOCK) {
      ctx.signal.throwIfAborted();
      ctx.report(from, rows);
      const to = Math.min(from + BLOCK, rows);
      const width = rows - from;
      const rest = data.subarray(from * cols, rows * cols);
      const dots = await this.products.byRows(data.subarray(from * cols, to * cols), to - from, rest, width, cols);
      for (let i = from; i < to; i++) {
        const at = (i - from) * width + i + 1 - from;
        toSquares(dots, at, this, i, i + 1, rows);
        squares.set(dots.subarray(at, at + rows - i - 1), i * rows + i + 1);
      }
      mirror(squares, rows, from, to);
    }
    this.equalTo().forEach((first, i) => {
      if (first === i) return;
      squares.copyWithin(i * rows, first * rows, (first + 1) * rows);
      for (let j = 0; j < rows; j++) squares[j * rows + i] = squares[j * rows + first]!;
    });
    return squares;
  }

  /** (n) the first row that equals each. */
  private equalTo(): Int32Array {
    const { cols, data, norms } = this;
    const known = new Map<number, number[]>();
    return Int32Array.from(norms, (norm, i) => {
      const row = data.subarray(i * cols, (i + 1) * cols);
      const alike = known.get(norm) ?? [];
      const first = alike.find((j) => row.every((value, c) => value === data[j * cols + c]));
      if (first === undefined) known.set(norm, [...alike, i]);
      return first ?? i;
    });
  }
}

/** Copies what stands right of the diagonal in the rows from .. to below it, by tiles, since whole columns miss the cache. */
function mirror(squares: Float32Array, rows: number, from: number, to: number): void {
  for (let left = from; left < rows; left += BLOCK) {
    const right = Math.min(left + BLOCK, rows);
    for (let i = from; i < to; i++) {
      for (let j = Math.max(left, i + 1); j < right; j++) squares[j * rows + i] = squares[i * rows + j]!;
    }
  }
}

/** All squared euclidean distances of a few items: (n × n). */
export async function allSquares(matrix: Matrix, ctx: StageContext): Promise<Float32Array> {
  return (await SquaredDistances.of(matrix)).all(ctx);
}

/**
 * Calls `visit` for every row with numbers that grow with its distances to all rows: their squares, or −dot. The array
 * lives until the next row.
 * @param prepared the matrix that `prepareFor` gave
 */
export async function forEachDistances(
  prepared: Matrix,
  metric: Metric,
  ctx: StageContext,
  visit: (row: number, distances: Float32Array) => void,
): Promise<void> {
  if (metric !== "dot") return (await SquaredDistances.of(prepared)).forEachRow(ctx, visit);
  const { rows, cols, data } = prepared;
  const products = await createProducts(rows * rows * cols);
  for (let from = 0; from < rows; from += BLOCK) {
    ctx.signal.throwIfAborted();
    ctx.report(from, rows);
    const to = Math.min(from + BLOCK, rows);
    const dots = await products.byRows(data.subarray(from * cols, to * cols), to - from, data, rows, cols);
    for (let at = 0; at < dots.length; at++) dots[at] = -dots[at]!;
    for (let i = from; i < to; i++) visit(i, dots.subarray((i - from) * rows, (i - from + 1) * rows));
  }
}
