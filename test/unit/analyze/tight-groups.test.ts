import assert from "node:assert/strict";
import { test } from "node:test";
import { dbscan } from "../../../src/engine/analyze/dbscan";
import { allSquares, SquaredDistances } from "../../../src/engine/analyze/pairs";
import { createRandom } from "../../../src/engine/random";
import type { Matrix } from "../../../src/engine/types";
import { quiet } from "../../support/numerics";

// Towns on a map of the world: ten times 12 items within 1/16, the groups 100 apart. Steps of 1/4096 stand exactly in float32.
const ROWS = 120;
const random = createRandom(3);
const matrix: Matrix = {
  rows: ROWS,
  cols: 3,
  data: Float32Array.from(
    { length: ROWS * 3 },
    (_, at) => 100 * ((Math.floor(at / 3) + (at % 3) * 4) % 10) + random.below(256) / 4096,
  ),
};
// By products, as of many items, and in loops.
const square = (i: number, j: number): number =>
  [0, 1, 2].reduce((sum, c) => sum + (matrix.data[3 * i + c]! - matrix.data[3 * j + c]!) ** 2, 0);
const isRight = (value: number, i: number, j: number): boolean => Math.abs(value - square(i, j)) <= 1e-4 * square(i, j);

for (const [how, passes] of [
  ["in loops", 1],
  ["by onnxruntime", 1e5],
] as const) {
  test(`small distances are right where others are large, ${how}`, async () => {
    const distances = await SquaredDistances.of(matrix, passes);
    const all = await distances.all(quiet);
    await distances.forEachRow(quiet, (i, squares) => {
      squares.forEach((value, j) => {
        assert.ok(isRight(value, i, j), `${i} to ${j}: ${value}, not ${square(i, j)}`);
        assert.ok(isRight(all[i * ROWS + j]!, i, j), `of all, ${i} to ${j}`);
      });
    });
  });
}

test("DBSCAN finds the items within a small radius where others are far", async () => {
  const radius = 0.02;
  const cluster = await dbscan(matrix, radius, 1, quiet);
  const squares = await allSquares(matrix, quiet);
  assert.ok(squares.some((value, at) => value <= radius ** 2 && Math.floor(at / ROWS) !== at % ROWS));
  for (let i = 0; i < ROWS; i++) {
    const near = [...cluster.keys()].filter((j) => square(i, j) <= radius ** 2);
    assert.ok(
      near.every((j) => cluster[j] === cluster[i]),
      `all within the radius of ${i} are in its cluster`,
    );
    const own = [...cluster.keys()].filter((j) => cluster[j] === cluster[i]);
    assert.ok(own.length === 1 || near.length > 1, `${i} is in a cluster with one within the radius`);
  }
});
