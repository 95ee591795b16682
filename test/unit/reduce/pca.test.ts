import assert from "node:assert/strict";
import { test } from "node:test";
import { symmetricEigen } from "../../../src/engine/linear/eigen";
import { createRandom } from "../../../src/engine/random";
import { principalComponents } from "../../../src/engine/reduce/pca";
import type { Matrix } from "../../../src/engine/types";
import { quiet } from "../../support/numerics";

/** Around a point that is not the origin; without structure, so that eigenvalues are near to each other. */
function noise(rows: number, cols: number): Matrix {
  const random = createRandom(rows, cols);
  return { rows, cols, data: Float32Array.from({ length: rows * cols }, () => 3 + random.normal()) };
}

/** The eigenvalues of the Gram matrix around the mean, and its trace. */
function exact({ rows, cols, data }: Matrix): { values: Float64Array; total: number } {
  const mean = Float64Array.from({ length: cols }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += data[i * cols + j]!;
    return sum / rows;
  });
  const gram = Float64Array.from({ length: rows * rows }, (_, at) => {
    const [a, b] = [Math.floor(at / rows) * cols, (at % rows) * cols];
    let dot = 0;
    for (let j = 0; j < cols; j++) dot += (data[a + j]! - mean[j]!) * (data[b + j]! - mean[j]!);
    return dot;
  });
  const { values } = symmetricEigen(gram, rows);
  return { values, total: values.reduce((sum, value) => sum + value, 0) };
}

for (const [rows, cols] of [
  [3, 40],
  [12, 200],
  [35, 100],
  [50, 300],
  [51, 300],
] as const) {
  // prettier-ignore
  test(`the components of ${rows} rows of ${cols} values have the variance of the largest eigenvalues, and their places`, async () => {
    const matrix = noise(rows, cols);
    const { scores, explained } = await principalComponents(matrix, 2, "axes", 1, quiet);
    const { values, total } = exact(matrix);
    // Up to 50 rows all eigenvectors are found at once.
    const tolerance = rows <= 50 ? 1e-9 : 1e-4;
    scores.forEach((column, d) => {
      assert.ok(Math.abs(explained[d]! - values[d]! / total) < tolerance, `share of axis ${d + 1}`);
      const square = column.reduce((sum, value) => sum + value * value, 0);
      assert.ok(Math.abs(square / values[d]! - 1) < 100 * tolerance, `length of axis ${d + 1}`);
      assert.ok(Math.abs(column.reduce((sum, value) => sum + value, 0)) < 1e-3, "around the mean");
    });
  });
}

test("a matrix whose halves differ in their last bits has the eigenvalues of their mean", () => {
  const matrix = Float64Array.of(2, 1 + 2e-16, 0, 1, 2, 1, 0, 1 - 2e-16, 2);
  const { values, vectors } = symmetricEigen(matrix, 3);
  [2 + Math.SQRT2, 2, 2 - Math.SQRT2].forEach((value, i) => assert.ok(Math.abs(values[i]! - value) < 1e-12));
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < i; j++) {
      let dot = 0;
      for (let c = 0; c < 3; c++) dot += vectors[3 * i + c]! * vectors[3 * j + c]!;
      assert.ok(Math.abs(dot) < 1e-12);
    }
  }
});
