import assert from "node:assert/strict";
import { test } from "node:test";
import { coordinates, exportNpy, npySimilarity } from "../../../src/export";
import { triangleOf } from "../../support/triangle";
import { readNpy } from "./npy";

test("a matrix comes back from its npy file", () => {
  const data = Float32Array.of(1, -2.5, 3, 4, 5, 1e-20);
  assert.deepEqual(readNpy(exportNpy({ rows: 3, cols: 2, data })), { shape: [3, 2], data });
});

test("a view into a larger buffer writes only itself", () => {
  const all = Float32Array.of(9, 9, 1, 2, 9);
  const file = exportNpy({ rows: 1, cols: 2, data: all.subarray(2, 4) });
  assert.deepEqual(readNpy(file).data, Float32Array.of(1, 2));
});

test("the data starts at a multiple of 64 bytes, whatever the length of the shape", () => {
  for (const rows of [0, 1, 99_999]) {
    const file = exportNpy({ rows, cols: 1, data: new Float32Array(rows) });
    assert.deepEqual(readNpy(file).shape, [rows, 1]);
    assert.equal((file.length - 4 * rows) % 64, 0);
  }
});

test("a map of two or three dimensions becomes a matrix with a row for each item", () => {
  const [x, y, z] = [Float32Array.of(1, 2), Float32Array.of(3, 4), Float32Array.of(5, 6)];
  assert.deepEqual(coordinates({ x, y }), { rows: 2, cols: 2, data: Float32Array.of(1, 3, 2, 4) });
  assert.deepEqual(coordinates({ x, y, z }), { rows: 2, cols: 3, data: Float32Array.of(1, 3, 5, 2, 4, 6) });
});

test("a similarity matrix is written whole from its triangle, in pieces, and its selection in the order given", () => {
  const n = 1_100;
  const value = (i: number, j: number): number => (i <= j ? 2_000 * i + j : 2_000 * j + i);
  const index = Int32Array.from({ length: n }, (_, i) => i);
  const matrix = { index, triangle: triangleOf(n, value) };
  const pieces = [...npySimilarity(matrix)];
  assert.ok(pieces.length > 2, "rows come in pieces");
  const whole = readNpy(Buffer.concat(pieces));
  assert.deepEqual(whole.shape, [n, n]);
  assert.ok(whole.data.every((found, at) => found === value(Math.floor(at / n), at % n)));
  const some = readNpy(Buffer.concat([...npySimilarity(matrix, Int32Array.of(9, 2, 5))]));
  assert.deepEqual(some.shape, [3, 3]);
  assert.deepEqual(
    [...some.data],
    [9, 2, 5].flatMap((i) => [9, 2, 5].map((j) => value(i, j))),
  );
});
