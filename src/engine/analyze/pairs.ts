import { createProducts, type Products } from "../linear/product";
import { unshared } from "../linear/runtime";
import { columnMeans, squaredNorms } from "../linear/vectors";
import type { Matrix, StageContext } from "../types";

const BLOCK = 256;

/** Squared euclidean distances of all pairs, a block of rows at a time, so that n × n values are never held. */
export class SquaredDistances {
  private constructor(
    readonly rows: number,
    private readonly cols: number,
    private readonly data: Float32Array,
    private readonly norms: Float32Array,
    private readonly products: Products,
  ) {}

  /** @param passes how often `forEachRow` will run, to tell whether onnxruntime pays */
  static async of(matrix: Matrix, passes = 1): Promise<SquaredDistances> {
    const { rows, cols } = matrix;
    const mean = columnMeans(matrix.data, rows, cols);
    const data = unshared(matrix.data).slice(0, rows * cols);
    // Around their mean float32 products keep more digits; distances don't change.
    for (let i = 0, at = 0; i < rows; i++) for (let c = 0; c < cols; c++) data[at++]! -= mean[c]!;
    const products = await createProducts(rows * rows * cols * passes);
    return new SquaredDistances(rows, cols, data, squaredNorms(data, rows, cols), products);
  }

  /** Calls `visit` for every row with its squared distances to all rows; the array is reused. */
  async forEachRow(ctx: StageContext, visit: (row: number, squares: Float32Array) => void): Promise<void> {
    const { rows, cols, data, norms } = this;
    const squares = new Float32Array(rows);
    for (let from = 0; from < rows; from += BLOCK) {
      ctx.signal.throwIfAborted();
      ctx.report(from, rows);
      const to = Math.min(from + BLOCK, rows);
      const dots = await this.products.byRows(data.subarray(from * cols, to * cols), to - from, data, rows, cols);
      for (let i = from; i < to; i++) {
        const own = norms[i]!;
        for (let j = 0, at = (i - from) * rows; j < rows; j++, at++) {
          squares[j] = Math.max(0, own + norms[j]! - 2 * dots[at]!);
        }
        squares[i] = 0;
        visit(i, squares);
      }
    }
  }
}
