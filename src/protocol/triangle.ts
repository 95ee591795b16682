// A symmetric (n × n) matrix as its upper triangle with the diagonal, row by row (the packed storage of BLAS): half the
// memory of the whole, and half of what is sent and stored.

/** How many values it has. */
export const triangleLength = (n: number): number => (n * (n + 1)) / 2;

/** The place of (i, j) is this plus j, for j ≥ i. */
export const triangleRow = (n: number, i: number): number => i * n - (i * (i + 1)) / 2;

/** The place of (i, j) and of (j, i). */
export const trianglePlace = (n: number, i: number, j: number): number =>
  i <= j ? triangleRow(n, i) + j : triangleRow(n, j) + i;

/** Writes row i of the whole matrix into the first n values of `row`. */
export function unpackRow(triangle: Float32Array, n: number, i: number, row: Float32Array): void {
  for (let j = 0; j < i; j++) row[j] = triangle[triangleRow(n, j) + i]!;
  const start = triangleRow(n, i) + i;
  row.set(triangle.subarray(start, start + n - i), i);
}

/** The whole matrix (n × n), row-major. */
export function unpackTriangle(triangle: Float32Array, n: number): Float32Array {
  const values = new Float32Array(n * n);
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = i; j < n; j++, at++) values[i * n + j] = values[j * n + i] = triangle[at]!;
  }
  return values;
}
