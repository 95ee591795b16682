/** Inner loops over rows of row-major float32 arrays; sums are taken in float64. */

/** The dot product of the `cols` values at `i` of `a` and at `j` of `b`. */
export function dotAt(a: Float32Array, i: number, b: Float32Array, j: number, cols: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const end = cols - (cols % 4);
  let c = 0;
  for (; c < end; c += 4) {
    s0 += a[i + c]! * b[j + c]!;
    s1 += a[i + c + 1]! * b[j + c + 1]!;
    s2 += a[i + c + 2]! * b[j + c + 2]!;
    s3 += a[i + c + 3]! * b[j + c + 3]!;
  }
  for (; c < cols; c++) s0 += a[i + c]! * b[j + c]!;
  return s0 + s1 + (s2 + s3);
}

/** The squared euclidean distance of the `cols` values at `i` of `a` and at `j` of `b`; exactly 0 for equal rows. */
export function squaredDistanceAt(a: Float32Array, i: number, b: Float32Array, j: number, cols: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const end = cols - (cols % 4);
  let c = 0;
  for (; c < end; c += 4) {
    const d0 = a[i + c]! - b[j + c]!;
    const d1 = a[i + c + 1]! - b[j + c + 1]!;
    const d2 = a[i + c + 2]! - b[j + c + 2]!;
    const d3 = a[i + c + 3]! - b[j + c + 3]!;
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (; c < cols; c++) {
    const d = a[i + c]! - b[j + c]!;
    s0 += d * d;
  }
  return s0 + s1 + (s2 + s3);
}

/**
 * Below this share of both squared lengths a float32 product has lost too many digits of a squared distance: what is left
 * above has an error of 1e-4 at most.
 */
export const NEAR = 1 / 256;

/** Rows whose distances are told by products. */
export interface Measured {
  /** Row-major. */
  data: Float32Array;
  cols: number;
  /** The squared euclidean norm of every row. */
  norms: Float32Array;
}

/**
 * Turns the products of row i with the rows from .. to into squared euclidean distances, in place; those that a product cannot
 * tell are measured in float64.
 * @param at place of the first product
 */
export function toSquares(
  dots: Float32Array,
  at: number,
  { data, cols, norms }: Measured,
  i: number,
  from: number,
  to: number,
): void {
  const own = norms[i]!;
  for (let j = from; j < to; j++, at++) {
    const lengths = own + norms[j]!;
    const square = lengths - 2 * dots[at]!;
    dots[at] = square > NEAR * lengths ? square : squaredDistanceAt(data, i * cols, data, j * cols, cols);
  }
}

/** The squared euclidean norm of every row. */
export function squaredNorms(data: Float32Array, rows: number, cols: number): Float32Array {
  const norms = new Float32Array(rows);
  for (let i = 0; i < rows; i++) norms[i] = dotAt(data, i * cols, data, i * cols, cols);
  return norms;
}

/** The mean of every column. */
export function columnMeans(data: Float32Array, rows: number, cols: number): Float64Array {
  const mean = new Float64Array(cols);
  for (let i = 0, at = 0; i < rows; i++) for (let c = 0; c < cols; c++) mean[c]! += data[at++]!;
  for (let c = 0; c < cols; c++) mean[c]! /= Math.max(rows, 1);
  return mean;
}

/** Share of the mean squared length of rows up to which the one of their mean costs products no digits, and rows that are looked at. */
const NEAR_ORIGIN = 1 / 4;
const LOOKED_AT = 256;

/** Whether rows lie around the origin already, by some hundred of them: products need no copy around their mean then. */
export function isAroundOrigin(data: Float32Array, rows: number, cols: number): boolean {
  const step = Math.max(1, Math.floor(rows / LOOKED_AT));
  const sums = new Float64Array(cols);
  let count = 0;
  let squares = 0;
  for (let i = 0; i < rows; i += step, count++) {
    for (let c = 0, at = i * cols; c < cols; c++) {
      const value = data[at++]!;
      sums[c]! += value;
      squares += value * value;
    }
  }
  let ofMean = 0;
  for (const sum of sums) ofMean += sum * sum;
  return ofMean / Math.max(1, count) <= NEAR_ORIGIN * squares;
}

/**
 * Where the columns have their middle, for what does not know where the origin is: their means, rounded to an eighth of what
 * they reach or less, or to float32. So whole numbers less their middle are exact, and equal distances of them stay equal.
 */
export function columnMiddles(data: Float32Array, rows: number, cols: number): Float64Array {
  const mean = columnMeans(data, rows, cols);
  const reach = new Float64Array(cols);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let c = 0; c < cols; c++) reach[c] = Math.max(reach[c]!, Math.abs(data[at++]! - mean[c]!));
  }
  return mean.map((value, c) => {
    const step = powerOfTwo(Math.max(reach[c]!, Math.abs(value) * 2 ** -20)) / 8;
    return step > 0 ? Math.round(value / step) * step : value;
  });
}

/** The largest power of two up to a number, by the bits of its float32: logarithms are not the same on every machine. */
function powerOfTwo(value: number): number {
  const float = Float32Array.of(value);
  new Int32Array(float.buffer)[0]! &= 0x7f800000;
  return float[0]!;
}
