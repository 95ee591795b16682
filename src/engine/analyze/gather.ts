import type { Matrix } from "../types";

/** Some rows of a matrix, in the order of `index`. */
export function gatherRows(matrix: Matrix, index: Int32Array): Matrix {
  const { cols } = matrix;
  return gatherInto(matrix, index, { rows: index.length, cols, data: new Float32Array(index.length * cols) });
}

/** The same in shared memory, so that threads read it without a copy. */
export function gatherShared(matrix: Matrix, index: Int32Array): Matrix {
  const { cols } = matrix;
  const data = new Float32Array(new SharedArrayBuffer(index.length * cols * Float32Array.BYTES_PER_ELEMENT));
  return gatherInto(matrix, index, { rows: index.length, cols, data });
}

/** Some rows of a matrix at the start of the rows of `out`, which may be wider. */
export function gatherInto({ cols, data }: Matrix, index: Int32Array, out: Matrix): Matrix {
  index.forEach((row, at) => out.data.set(data.subarray(row * cols, (row + 1) * cols), at * out.cols));
  return out;
}
