import assert from "node:assert/strict";
import { test } from "node:test";
import { dbscan } from "../../../src/engine/analyze/dbscan";
import { labelAccuracy } from "../../../src/engine/analyze/label-accuracy";
import { prepareFor } from "../../../src/engine/analyze/normalize";
import { allSquares, SquaredDistances } from "../../../src/engine/analyze/pairs";
import { quality } from "../../../src/engine/analyze/quality";
import { similarityMatrix } from "../../../src/engine/analyze/similarity";
import { squaredDistanceAt } from "../../../src/engine/linear/vectors";
import { createRandom } from "../../../src/engine/random";
import type { Matrix } from "../../../src/engine/types";
import { unpackTriangle } from "../../../src/protocol/triangle";
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
const square = (i: number, j: number): number =>
  [0, 1, 2].reduce((sum, c) => sum + (matrix.data[3 * i + c]! - matrix.data[3 * j + c]!) ** 2, 0);
const isRight = (value: number, i: number, j: number): boolean => Math.abs(value - square(i, j)) <= 1e-4 * square(i, j);

// In loops as of few items, and by products as of many.
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

test("similarities by distance are right where others are far", async () => {
  const index = Int32Array.from({ length: ROWS }, (_, i) => i);
  const values = unpackTriangle(await similarityMatrix(matrix, index, "euclidean", quiet), ROWS);
  values.forEach((value, at) => {
    const expected = 1 / (1 + Math.sqrt(square(Math.floor(at / ROWS), at % ROWS)));
    assert.ok(Math.abs(value - expected) < 1e-5, `${Math.floor(at / ROWS)} to ${at % ROWS}: ${value}, not ${expected}`);
  });
});

// Long vectors in nearly one direction, as of a column of years beside one of ratings.
const alike: Matrix = {
  rows: ROWS,
  cols: 2,
  data: Float32Array.from({ length: ROWS * 2 }, (_, at) => (at % 2 === 0 ? 2000 : 1 + Math.floor(at / 2) / 1024)),
};
const line = { x: Float32Array.from({ length: ROWS }, (_, i) => i), y: new Float32Array(ROWS) };

for (const [what, vectors, metric] of [
  ["directions that are nearly one", alike, "cosine"],
  [
    "groups far from each other",
    { ...alike, data: alike.data.map((value, at) => (at % 2 === 0 ? Math.floor(at / 20) * 1000 : value)) },
    "euclidean",
  ],
] as const) {
  const map = { x: line.x.map((_, i) => vectors.data[2 * i]! * 10 + i), y: line.y };

  test(`a map that has the order of the vectors is perfect: ${what}`, async () => {
    const k = 4;
    const figures = await quality({ matrix: vectors, map, metric, k, seed: 1 }, quiet);
    const { trustworthiness, continuity } = figures;
    assert.ok(trustworthiness > 0.999 && continuity > 0.999, `trust ${trustworthiness}, continuity ${continuity}`);
    const mean = figures.points!.distanceCorrelation.reduce((sum, one) => sum + one, 0) / ROWS;
    assert.ok(mean > 0.99, `correlation ${mean}`);
  });

  test(`labels are told by the nearest: ${what}`, async () => {
    // Five steps of one label, then five of the next: the nearest has another one only at an edge.
    const label = Int32Array.from({ length: ROWS }, (_, i) => Math.floor(i / 5) % 2);
    const told = await labelAccuracy(prepareFor(vectors, metric), map, metric, label, 1, quiet);
    assert.ok(told!.vectors.nearest > 0.8, `${told!.vectors.nearest}`);
  });
}

test("distances of equal, close and far rows are those of float64, and equal rows are at exactly 0", async () => {
  const random = createRandom(8);
  const [rows, cols] = [300, 37];
  const data = Float32Array.from({ length: rows * cols }, () => random.normal());
  for (let i = 1; i < 100; i++) data.copyWithin(i * cols, 0, cols);
  for (let i = 100; i < 200; i++) {
    for (let c = 0; c < cols; c++) data[i * cols + c] = data[c]! + 1e-3 * random.normal();
  }
  const distances = await SquaredDistances.of({ rows, cols, data });
  let looked = 0;
  await distances.forEachRow(quiet, (i, squares) => {
    for (let j = 0; j < rows; j++, looked++) {
      const exact = squaredDistanceAt(data, i * cols, data, j * cols, cols);
      if (exact === 0) assert.equal(squares[j], 0);
      else assert.ok(Math.abs(squares[j]! - exact) < 1e-3 * exact, `${i}, ${j}: ${squares[j]}, exact ${exact}`);
    }
  });
  assert.equal(looked, rows * rows);
});
