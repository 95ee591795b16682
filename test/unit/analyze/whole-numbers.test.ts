import assert from "node:assert/strict";
import { test } from "node:test";
import { hdbscan } from "../../../src/engine/analyze/hdbscan";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { neighborsKeptOf } from "../../../src/engine/analyze/point-quality";
import { quality } from "../../../src/engine/analyze/quality";
import { createRandom } from "../../../src/engine/random";
import type { Matrix } from "../../../src/engine/types";
import { mutualReachability, slowHdbscan } from "../../support/hdbscan";
import { quiet } from "../../support/numerics";

// Answers from 1 to 5: many distances are equal, and their mean is no number that float32 holds.
const ROWS = 71;
const COLS = 4;
const random = createRandom(5);
const matrix: Matrix = {
  rows: ROWS,
  cols: COLS,
  data: Float32Array.from({ length: ROWS * COLS }, () => 1 + random.below(5)),
};
const rows = Array.from({ length: ROWS }, (_, i) => [...matrix.data.subarray(COLS * i, COLS * i + COLS)]);
const map = {
  x: Float32Array.from({ length: ROWS }, () => random.normal()),
  y: Float32Array.from({ length: ROWS }, () => random.normal()),
};
const square = (a: readonly number[], b: readonly number[]): number => a.reduce((s, v, c) => s + (v - b[c]!) ** 2, 0);
/** The others by their distance, equal ones by their index. */
const ranked = (own: readonly number[], i: number): number[] =>
  Array.from(rows.keys())
    .filter((j) => j !== i)
    .sort((a, b) => square(own, rows[a]!) - square(own, rows[b]!) || a - b);

test("of equally distant items the first are the neighbours", async () => {
  const { index, k } = await nearestNeighbors(matrix, 6, "euclidean", quiet);
  rows.forEach((own, i) => assert.deepEqual([...index.subarray(i * k, i * k + k)], ranked(own, i).slice(0, k), `${i}`));
});

test("of equally distant items any is a neighbour that a map can keep", async () => {
  const k = 5;
  const figures = await quality({ matrix, map, metric: "euclidean", k, seed: 1 }, quiet);
  const expected = rows.map((own, i) => {
    const farthest = square(own, rows[ranked(own, i)[k - 1]!]!);
    const onMap = Array.from(rows.keys())
      .filter((j) => j !== i)
      .map((j) => ({ j, way: Math.hypot(map.x[j]! - map.x[i]!, map.y[j]! - map.y[i]!) }))
      .sort((a, b) => a.way - b.way);
    return onMap.slice(0, k).filter(({ j }) => square(own, rows[j]!) <= farthest).length / k;
  });
  assert.deepEqual([...figures.points!.kept!], [...Float32Array.from(expected)]);
  const graph = await nearestNeighbors(matrix, ROWS - 1, "euclidean", quiet);
  const kept = await neighborsKeptOf({ matrix, map, metric: "euclidean", k, seed: 1, graph }, quiet);
  assert.deepEqual([...kept], [...Float32Array.from(expected)]);
});

test("HDBSCAN of whole numbers has the clusters of the definition", async () => {
  for (const minSize of [2, 5]) {
    const found = await hdbscan(matrix, { minSize, minSamples: 2 }, quiet);
    const expected = slowHdbscan(mutualReachability(rows, 2), minSize);
    const same = (clusters: ArrayLike<number>) => (i: number, j: number) =>
      clusters[i] === clusters[j] && clusters[i]! >= 0;
    const [here, there] = [same(found), same(expected)];
    for (let i = 0; i < ROWS; i++) for (let j = 0; j <= i; j++) assert.equal(here(i, j), there(i, j), `${i} and ${j}`);
  }
});
