import type { Matrix } from "../types";

/** Some rows of a matrix, in the order of `index`. */
export function gatherRows({ cols, data }: Matrix, index: Int32Array): Matrix {
  const out = new Float32Array(index.length * cols);
  index.forEach((row, at) => out.set(data.subarray(row * cols, (row + 1) * cols), at * cols));
  return { rows: index.length, cols, data: out };
}
