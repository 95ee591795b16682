import type { Matrix } from "../types";
import type { Products } from "./product";
import { unshared } from "./runtime";
import { columnMeans, isAroundOrigin } from "./vectors";

const BLOCK = 512;
/** Values up to which the centred blocks are kept: 64 MB. */
const KEPT = 1 << 24;

/**
 * A matrix minus its column means: products with it, block by block. Of rows around the origin the products of the matrix itself
 * are taken, less those of the means; other rows are copied.
 */
export class Centred {
  readonly rows: number;
  readonly cols: number;
  /** Sum of the squares of all values. */
  readonly total: number;
  private readonly mean: Float64Array;
  /** What is left to be taken off: the means, or nothing where blocks are copies without them. */
  private readonly rest: Float64Array | null;
  /** Blocks by their first row. */
  private readonly kept = new Map<number, Float32Array>();

  constructor(
    private readonly matrix: Matrix,
    private readonly products: Products,
  ) {
    const { rows, cols, data } = matrix;
    this.rows = rows;
    this.cols = cols;
    this.mean = columnMeans(data, rows, cols);
    this.rest = isAroundOrigin(data, rows, cols) ? this.mean : null;
    let total = 0;
    for (let i = 0, at = 0; i < rows; i++) {
      for (let c = 0; c < cols; c++) {
        const from = data[at++]! - this.mean[c]!;
        total += from * from;
      }
    }
    this.total = total;
  }

  /** X·b for columns b of length cols: columns of length rows. */
  async project(columns: Float64Array[]): Promise<Float64Array[]> {
    const { rows, cols } = this;
    const width = columns.length;
    const packed = new Float32Array(width * cols);
    columns.forEach((column, w) => packed.set(column, w * cols));
    const rest = columns.map((_, w) => this.restTimes(packed.subarray(w * cols, (w + 1) * cols)));
    const out = columns.map(() => new Float64Array(rows));
    for (let from = 0; from < rows; from += BLOCK) {
      const count = Math.min(BLOCK, rows - from);
      const dots = await this.products.byRows(this.block(from, count), count, packed, width, cols);
      for (let i = 0; i < count; i++)
        for (let w = 0; w < width; w++) out[w]![from + i] = dots[i * width + w]! - rest[w]!;
    }
    return out;
  }

  /** XᵀX (cols × cols) row-major. */
  async scatter(): Promise<Float64Array> {
    const { rows, cols } = this;
    const sum = new Float64Array(cols * cols);
    for (let from = 0; from < rows; from += BLOCK) {
      const count = Math.min(BLOCK, rows - from);
      const block = this.block(from, count);
      const part = await this.products.byColumns(block, cols, block, cols, count);
      for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!;
    }
    const { rest } = this;
    for (let i = 0, at = 0; rest && i < cols; i++)
      for (let c = 0; c < cols; c++) sum[at++]! -= rows * rest[i]! * rest[c]!;
    return sum;
  }

  /** XXᵀ (rows × rows) row-major: for few rows, since it copies the matrix. */
  async gram(): Promise<Float64Array> {
    const all = this.centred(0, this.rows);
    return Float64Array.from(await this.products.byRows(all, this.rows, all, this.rows, this.cols));
  }

  /** Xᵀ·s for columns s of length rows that sum to 0, as those of `project`: columns of length cols. */
  async back(columns: Float64Array[]): Promise<Float64Array[]> {
    const { rows, cols } = this;
    const out = columns.map(() => new Float64Array(cols));
    for (let from = 0; from < rows; from += BLOCK) {
      const count = Math.min(BLOCK, rows - from);
      const packed = new Float32Array(count * columns.length);
      columns.forEach((column, w) => {
        for (let i = 0; i < count; i++) packed[i * columns.length + w] = column[from + i]!;
      });
      const part = await this.products.byColumns(packed, columns.length, this.block(from, count), cols, count);
      out.forEach((target, w) => {
        for (let c = 0, at = w * cols; c < cols; c++) target[c]! += part[at++]!;
      });
    }
    return out;
  }

  private restTimes(column: Float32Array): number {
    const { rest } = this;
    return rest ? column.reduce((sum, value, c) => sum + value * rest[c]!, 0) : 0;
  }

  private block(from: number, count: number): Float32Array {
    const { cols, kept } = this;
    const known = kept.get(from);
    if (known?.length === count * cols) return known;
    const block = this.rest
      ? unshared(this.matrix.data.subarray(from * cols, (from + count) * cols))
      : this.centred(from, count);
    if (this.rows * cols <= KEPT) kept.set(from, block);
    return block;
  }

  private centred(from: number, count: number): Float32Array {
    const { cols, mean } = this;
    const block = this.matrix.data.slice(from * cols, (from + count) * cols);
    for (let i = 0, at = 0; i < count; i++) for (let c = 0; c < cols; c++) block[at++]! -= mean[c]!;
    return block;
  }
}
