/**
 * All eigenvalues and eigenvectors of a small symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan §8.5).
 * @param matrix (n × n) row-major; overwritten
 * @returns eigenvalues in descending order; vectors (n × n) row-major, row i belongs to value i
 */
export function symmetricEigen(matrix: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const rows = new Float64Array(n * n);
  for (let i = 0; i < n; i++) rows[i * n + i] = 1;
  // Rotations keep what is not symmetric: last bits of it would keep them from ending.
  for (let p = 0; p < n; p++) {
    for (let q = 0; q < p; q++) matrix[p * n + q] = matrix[q * n + p] = (matrix[p * n + q]! + matrix[q * n + p]!) / 2;
  }
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    let all = 0;
    for (let p = 0; p < n; p++) {
      for (let q = 0; q < n; q++) {
        const square = matrix[p * n + q]! * matrix[p * n + q]!;
        all += square;
        if (p !== q) off += square;
      }
    }
    if (off <= 1e-30 * all) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(matrix, rows, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => matrix[b * n + b]! - matrix[a * n + a]! || a - b);
  const vectors = new Float64Array(n * n);
  order.forEach((row, at) => vectors.set(rows.subarray(row * n, (row + 1) * n), at * n));
  return { values: Float64Array.from(order, (i) => matrix[i * n + i]!), vectors };
}

function rotate(a: Float64Array, rows: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let i = 0; i < n; i++) {
    const ip = a[i * n + p]!;
    const iq = a[i * n + q]!;
    a[i * n + p] = c * ip - s * iq;
    a[i * n + q] = s * ip + c * iq;
  }
  for (let i = 0; i < n; i++) {
    const pi = a[p * n + i]!;
    const qi = a[q * n + i]!;
    a[p * n + i] = c * pi - s * qi;
    a[q * n + i] = s * pi + c * qi;
    const vp = rows[p * n + i]!;
    const vq = rows[q * n + i]!;
    rows[p * n + i] = c * vp - s * vq;
    rows[q * n + i] = s * vp + c * vq;
  }
}

/**
 * Makes the columns of a tall matrix orthonormal, by modified Gram–Schmidt done twice; a column that depends on those
 * before it becomes zero.
 * @param columns one array per column; overwritten
 */
export function orthonormalize(columns: Float64Array[]): void {
  columns.forEach((column, c) => {
    const before = norm(column);
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < c; other++) {
        const basis = columns[other]!;
        let dot = 0;
        for (let i = 0; i < column.length; i++) dot += basis[i]! * column[i]!;
        for (let i = 0; i < column.length; i++) column[i]! -= dot * basis[i]!;
      }
    }
    const length = norm(column);
    const scale = length > 1e-12 * before && length > 0 ? 1 / length : 0;
    for (let i = 0; i < column.length; i++) column[i]! *= scale;
  });
}

function norm(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}
