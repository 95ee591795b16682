import type { Metric } from "../../protocol/recipe";
import { EqualRows } from "../linear/equal-rows";
import { createProducts, type Products } from "../linear/product";
import { unshared } from "../linear/runtime";
import { RowDistances } from "../linear/row-distances";
import { NEAR, squaredNorms } from "../linear/vectors";
import type { Matrix, StageContext } from "../types";
import { centreRows } from "./normalize";

const BLOCK = 256;

/**
 * Squared euclidean distances of all pairs, a block of rows at a time, so that n × n values are never held; small ones are
 * measured in float64, since the difference of two products has no digits left for them.
 */
export class SquaredDistances implements Matrix {
  private firstEqual: Int32Array | null = null;
  private rowDistances: RowDistances | null = null;

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
        this.toSquares(dots, at, i, 0);
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
        this.toSquares(dots, at, i, i + 1);
        squares.set(dots.subarray(at, at + rows - i - 1), i * rows + i + 1);
      }
      mirror(squares, rows, from, to);
    }
    this.same.forEach((first, i) => {
      if (first === i) return;
      squares.copyWithin(i * rows, first * rows, (first + 1) * rows);
      for (let j = 0; j < rows; j++) squares[j * rows + i] = squares[j * rows + first]!;
    });
    return squares;
  }

  /**
   * Turns the products of row i with the rows from `from` on into squared distances, in place, as `toSquares` of vectors.ts:
   * the same bits, but close rows are measured by vector instructions, and equal ones not at all.
   */
  private toSquares(dots: Float32Array, at: number, i: number, from: number): void {
    const { rows, norms } = this;
    const own = norms[i]!;
    let same: Int32Array | null = null;
    let count = 0;
    for (let j = from; j < rows; j++) {
      const lengths = own + norms[j]!;
      const place = at + j - from;
      const square = lengths - 2 * dots[place]!;
      if (square > NEAR * lengths) {
        dots[place] = square;
        continue;
      }
      dots[place] = 0;
      if (j === i) continue;
      same ??= this.same;
      if (same[i] !== same[j]) this.close.others[count++] = j;
    }
    if (count === 0) return;
    const { close } = this;
    close.measure(i, count);
    for (let n = 0; n < count; n++) dots[at + close.others[n]! - from] = close.squared[n]!;
  }

  /** (n) the first row that equals each; found when it is asked for. */
  private get same(): Int32Array {
    return (this.firstEqual ??= firstEqualOf(this));
  }

  /** Measures close rows; made when there are any. */
  private get close(): RowDistances {
    return (this.rowDistances ??= new RowDistances(this, this.rows));
  }
}

function firstEqualOf(matrix: Matrix): Int32Array {
  const equal = new EqualRows(matrix);
  return Int32Array.from({ length: matrix.rows }, (_, i) => equal.firstOf(i));
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
