/** The triangle of a symmetric matrix whose value at a row and a column is told. */
export function triangleOf(n: number, value: (row: number, col: number) => number): Float32Array {
  const values: number[] = [];
  for (let row = 0; row < n; row++) for (let col = row; col < n; col++) values.push(value(row, col));
  return Float32Array.from(values);
}
