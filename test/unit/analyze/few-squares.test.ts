import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { squaresOfFew } from "../../../src/engine/linear/few-squares";
import { squaredDistanceAt } from "../../../src/engine/linear/vectors";
import { mixture, quiet } from "../../support/numerics";

test("squared distances of few rows are those of each pair, both ways, and 0 for equal rows", () => {
  const { matrix } = mixture(30, 33);
  const { rows, cols, data } = matrix;
  data.copyWithin(7 * cols, 3 * cols, 4 * cols);
  const squares = squaresOfFew(matrix)!;
  assert.equal(squares[7 * rows + 3], 0);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < rows; j++)
      assert.equal(squares[i * rows + j], squaredDistanceAt(data, i * cols, data, j * cols, cols), `${i}, ${j}`);
  assert.equal(squaresOfFew(matrix), squares);
  assert.equal(squaresOfFew({ ...matrix, rows: 20 })!.length, 400);
});

test("rows whose products take onnxruntime, and rows whose pairs would fill the memory, are not few", () => {
  assert.equal(squaresOfFew({ rows: 900, cols: 300, data: new Float32Array(270_000) }), null);
  assert.equal(squaresOfFew({ rows: 1_001, cols: 2, data: new Float32Array(2_002) }), null);
});

test("few vectors far from the origin keep the digits of their distances", async () => {
  const { matrix } = mixture(12, 5);
  const steps = matrix.data.map((value) => Math.round(value * 4) / 4);
  const far = { ...matrix, data: steps.map((value) => value + 100_000) };
  const near = { ...matrix, data: steps };
  assert.deepEqual(
    await nearestNeighbors(far, 4, "euclidean", quiet),
    await nearestNeighbors(near, 4, "euclidean", quiet),
  );
});
