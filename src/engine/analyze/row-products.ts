import { createProducts } from "../linear/product";
import { unshared } from "../linear/runtime";
import type { Matrix } from "../types";
import { gatherRows } from "./gather";

/** Values of a block of products: 32 MB. */
const BLOCK_VALUES = 1 << 23;
const MOST_ROWS = 128;

/**
 * Calls `visit` with the products of each of some rows of a matrix and all rows of another, which are made a block at a time.
 * @param asked rows of `matrix`, of which `visit` is given the one and its place here
 * @param visit may change the products (against.rows), which are overwritten later
 * @param onBlock called before each block with the rows that are done; may throw to stop
 */
export async function eachRowProducts(
  matrix: Matrix,
  asked: Int32Array,
  against: Matrix,
  visit: (row: number, dots: Float32Array, at: number) => void,
  onBlock: (done: number) => void,
): Promise<void> {
  const { rows, cols } = against;
  const data = unshared(against.data);
  const products = await createProducts(asked.length * rows * cols);
  const most = Math.max(1, Math.min(MOST_ROWS, asked.length, Math.floor(BLOCK_VALUES / rows)));
  const into = new Float32Array(most * rows);
  for (let from = 0; from < asked.length; from += most) {
    onBlock(from);
    const block = asked.subarray(from, from + most);
    const dots = await products.byRows(gatherRows(matrix, block).data, block.length, data, rows, cols, into);
    block.forEach((row, i) => visit(row, dots.subarray(i * rows, (i + 1) * rows), from + i));
  }
}
