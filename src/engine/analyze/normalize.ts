import type { Metric } from "../../protocol/recipe";
import { columnMiddles, dotAt, isAroundOrigin } from "../linear/vectors";
import type { Matrix } from "../types";

/** Rows of a model that are left out by name: a value that is not finite, or every value zero (ascending). */
export function findBadRows(matrix: Matrix): number[] {
  const { rows, cols, data } = matrix;
  const bad: number[] = [];
  for (let i = 0; i < rows; i++) {
    const at = i * cols;
    const square = dotAt(data, at, data, at, cols);
    // The square of a tiny or huge value leaves float64 only beyond 1e±154, which float32 cannot hold.
    if (!(square > 0 && square < Infinity)) bad.push(i);
  }
  return bad;
}

/** A copy whose rows have length 1; a zero row stays zero. */
export function normalizeRows(matrix: Matrix): Matrix {
  const { rows, cols, data } = matrix;
  const out = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    const at = i * cols;
    const length = Math.sqrt(dotAt(data, at, data, at, cols));
    const scale = length > 0 ? 1 / length : 0;
    for (let c = 0; c < cols; c++) out[at + c] = data[at + c]! * scale;
  }
  return { rows, cols, data: out };
}

/**
 * A copy around the middle of its rows, or the matrix itself where they lie around the origin: distances stay, and float32 products
 * keep their digits.
 */
export function centreRows(matrix: Matrix): Matrix {
  const { rows, cols, data } = matrix;
  if (isAroundOrigin(data, rows, cols)) return matrix;
  const middle = columnMiddles(data, rows, cols);
  const out = new Float32Array(rows * cols);
  for (let i = 0, at = 0; i < rows; i++) for (let c = 0; c < cols; c++, at++) out[at] = data[at]! - middle[c]!;
  return { rows, cols, data: out };
}

const PREPARED = {
  cosine: { make: normalizeRows, known: new WeakMap<Float32Array, Matrix>() },
  euclidean: { make: centreRows, known: new WeakMap<Float32Array, Matrix>() },
};

/**
 * The matrix on which a metric is a plain product or distance: rows of length 1 for cosine, rows around their middle for
 * euclidean (kept as long as the given data live), the matrix itself for dot. Not to be written into.
 */
export function prepareFor(matrix: Matrix, metric: Metric): Matrix {
  if (metric === "dot") return matrix;
  const { make, known } = PREPARED[metric];
  const before = known.get(matrix.data);
  if (before?.rows === matrix.rows && before.cols === matrix.cols) return before;
  const made = make(matrix);
  known.set(matrix.data, made);
  return made;
}

/** The rows whose euclidean distances a metric goes by: of length 1 for cosine, else as they are. */
export const placesFor = (matrix: Matrix, metric: Metric): Matrix =>
  metric === "cosine" ? prepareFor(matrix, metric) : matrix;
