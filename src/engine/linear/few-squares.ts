import type { Matrix } from "../types";
import { RowDistances } from "./row-distances";
import { RUNTIME_PAYS } from "./runtime";

/** Rows up to which all pairs are kept: 8 MB. */
const MOST_ROWS = 1_000;

const known = new WeakMap<Float32Array, { rows: number; cols: number; squares: Float64Array }>();

/**
 * Squared euclidean distances of all pairs of few rows, in float64: neighbours, principal components and the figures of a map of
 * few items need nothing else of their vectors. Kept as long as the given data live.
 * @returns (n × n) row-major, symmetric, exactly 0 for equal rows; null where products on onnxruntime are quicker
 */
export function squaresOfFew(matrix: Matrix): Float64Array | null {
  const { rows, cols, data } = matrix;
  if (rows > MOST_ROWS || rows * rows * cols >= RUNTIME_PAYS) return null;
  const before = known.get(data);
  if (before?.rows === rows && before.cols === cols) return before.squares;
  const squares = measured(matrix);
  known.set(data, { rows, cols, squares });
  return squares;
}

function measured(matrix: Matrix): Float64Array {
  const { rows } = matrix;
  const squares = new Float64Array(rows * rows);
  const distances = new RowDistances(matrix, rows);
  const { others, squared } = distances;
  // Row i is measured to the rows before it, which are the first of the list.
  for (let i = 0; i < rows; i++) {
    others[i] = i;
    distances.measure(i, i);
    for (let j = 0; j < i; j++) {
      squares[i * rows + j] = squared[j]!;
      squares[j * rows + i] = squared[j]!;
    }
  }
  return squares;
}
