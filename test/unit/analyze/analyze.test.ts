import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestNeighbors, neighborsOf } from "../../../src/engine/analyze/neighbors";
import { findBadRows, normalizeRows } from "../../../src/engine/analyze/normalize";
import { quality } from "../../../src/engine/analyze/quality";
import { similarityMatrix, similarityOf } from "../../../src/engine/analyze/similarity";
import { trianglePlace } from "../../../src/protocol/triangle";
import { mixture, quiet, reference } from "../../support/numerics";

const recorded = reference();

test("zero and non-finite vectors are found", () => {
  const data = Float32Array.of(1, 2, 0, 0, NaN, 1, 1, Infinity, -3, 0, 1e-30, 0, 3e38, 3e38);
  assert.deepEqual(findBadRows({ rows: 7, cols: 2, data }), [1, 2, 3]);
});

test("of length 1 are rows in their direction; one of zeros has none and stays", () => {
  const data = Float32Array.of(3, 4, 0, 0, 0, -2);
  assert.deepEqual(normalizeRows({ rows: 3, cols: 2, data }).data, Float32Array.of(0.6, 0.8, 0, 0, 0, -1));
});

test("trustworthiness and continuity are scikit-learn's to 5e-5: the order of the two equal items is free", async () => {
  for (const k of [5, 10, 20]) {
    const { matrix, map } = recorded;
    const found = await quality({ matrix, map, metric: "euclidean", k, seed: 1 }, quiet);
    assert.ok(Math.abs(found.trustworthiness - recorded.trustworthiness[k]!) < 5e-5, `${found.trustworthiness}`);
    assert.ok(Math.abs(found.continuity - recorded.continuity[k]!) < 5e-5, `${found.continuity}`);
  }
});

test("a map that is the vectors is perfect, for a few items too", async () => {
  for (const rows of [1, 2, 3, 4, 7, 300]) {
    const { matrix } = mixture(rows, 2);
    const axis = (d: number): Float32Array => matrix.data.filter((_, i) => i % 2 === d);
    const map = { x: axis(0), y: axis(1) };
    const found = await quality({ matrix, map, metric: "euclidean", k: 10, seed: 1 }, quiet);
    assert.deepEqual([found.trustworthiness, found.continuity, found.neighborsKept], [1, 1, 1], `${rows} items`);
  }
});

test("more than 5,000 items are judged on a sample", async () => {
  for (const [rows, sample] of [
    [2_500, 2_500],
    [5_001, 2_000],
  ] as const) {
    const { matrix } = mixture(rows, 2);
    const map = { x: new Float32Array(rows), y: new Float32Array(rows) };
    assert.equal((await quality({ matrix, map, metric: "cosine", k: 10, seed: 1 }, quiet)).sample, sample);
  }
});

test("the similarity of two items is the entry of the matrix, by every metric", async () => {
  const index = Int32Array.of(3, 0, 50, 7);
  for (const metric of ["cosine", "euclidean", "dot"] as const) {
    const triangle = await similarityMatrix(recorded.matrix, index, metric, quiet);
    index.forEach((a, i) =>
      index.forEach((b, j) => {
        const single = similarityOf(recorded.matrix, a, b, metric);
        const stored = triangle[trianglePlace(4, i, j)]!;
        assert.ok(Math.abs(stored - single) < 1e-4 * Math.max(1, Math.abs(single)), `${metric} ${a} ${b}`);
      }),
    );
    if (metric !== "dot")
      assert.deepEqual(
        [0, 4, 7, 9].map((at) => triangle[at]),
        [1, 1, 1, 1],
      );
  }
});

test("the neighbours of one item are those of the graph, best first, without itself", async () => {
  for (const metric of ["cosine", "euclidean", "dot"] as const) {
    const graph = await nearestNeighbors(recorded.matrix, 6, metric, quiet);
    for (const item of [0, 1, 60]) {
      const near = neighborsOf(recorded.matrix, item, 6, metric);
      assert.deepEqual(
        near.map(({ index }) => index),
        [...graph.index.subarray(item * 6, item * 6 + 6)],
        metric,
      );
      assert.ok(near.every(({ similarity }, at) => at === 0 || similarity <= near[at - 1]!.similarity));
    }
  }
});

test("no cosine leaves -1 to 1, also where rounding would carry it there", async () => {
  const { matrix } = mixture(90, 3);
  for (let i = 0; i < 90; i++) {
    const scale = [1, -0.7, 1][Math.floor(i / 30)]!;
    for (let c = 0; c < 3; c++) matrix.data[3 * i + c] = matrix.data[3 * (i % 30) + c]! * scale;
  }
  const triangle = await similarityMatrix(matrix, Int32Array.from(Array(90).keys()), "cosine", quiet);
  assert.ok(triangle.every((value) => value >= -1 && value <= 1));
  for (let i = 0; i < 30; i++) {
    for (const other of [30 + i, 60 + i]) {
      const value = similarityOf(matrix, i, other, "cosine");
      assert.ok(Math.abs(value) <= 1 && Math.abs(value) > 0.9999999, `${value}`);
    }
  }
});

test("of equally near items the first are neighbours", async () => {
  const equal = { rows: 9, cols: 2, data: new Float32Array(18).fill(2) };
  for (const metric of ["cosine", "euclidean", "dot"] as const) {
    const { index } = await nearestNeighbors(equal, 3, metric, quiet);
    assert.deepEqual([...index.subarray(0, 9)], [1, 2, 3, 0, 2, 3, 0, 1, 3], metric);
    assert.deepEqual(neighborsOf(equal, 8, 3, metric).map((near) => near.index), [0, 1, 2], metric); // prettier-ignore
  }
});

test("equal vectors are at distance 0 exactly, and k is capped", async () => {
  const graph = await nearestNeighbors(recorded.matrix, 5, "cosine", quiet);
  assert.equal(graph.index[0], 1);
  assert.equal(graph.distance[0], 0);
  assert.equal((await nearestNeighbors({ rows: 3, cols: 1, data: Float32Array.of(1, 2, 3) }, 9, "dot", quiet)).k, 2);
});
