import assert from "node:assert/strict";
import { test } from "node:test";
import { partition } from "../../../src/engine/analyze/cells";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { similarityOf } from "../../../src/engine/analyze/similarity";
import { createRandom } from "../../../src/engine/random";
import type { Matrix, NeighborGraph } from "../../../src/engine/types";
import type { Metric } from "../../../src/protocol/recipe";
import { mixture, quiet } from "../../support/numerics";

const K = 15;

/** The share of true neighbours in the lists of every 499th item, which are looked at by the way. */
function recallOf(matrix: Matrix, { index }: NeighborGraph, metric: Metric): number {
  let found = 0;
  let items = 0;
  for (let item = 11; item < matrix.rows; item += 499, items++) {
    const own = index.subarray(item * K, item * K + K);
    assert.equal(new Set(own).size, K, "no neighbour twice");
    assert.ok(!own.includes(item), "never the item itself");
    const near = Array.from({ length: matrix.rows }, (_, j) => similarityOf(matrix, item, j, metric));
    const limit = near.filter((_, j) => j !== item).sort((a, b) => b - a)[K - 1]!;
    for (const j of own) if (near[j]! >= limit - 1e-6) found++;
  }
  return found / (items * K);
}

test("above 20,000 items at least 95 % of the true neighbours are found, the same each time, with the recall measured", async () => {
  const { matrix } = mixture(21_000, 32, { clusters: 40 });
  for (const metric of ["cosine", "euclidean"] as const) {
    const graph = await nearestNeighbors(matrix, K, metric, quiet);
    assert.ok(graph.recall! >= 0.95, `${metric}: ${graph.recall}`);
    const recall = recallOf(matrix, graph, metric);
    assert.ok(recall >= 0.95, `${metric}: ${recall}`);
    const again = await nearestNeighbors(matrix, K, metric, quiet);
    assert.deepEqual(again.index, graph.index);
  }
});

test("vectors without clusters, whose neighbours are in many cells, are compared until 95 % are found too", async () => {
  const random = createRandom(3);
  const matrix = { rows: 20_500, cols: 16, data: Float32Array.from({ length: 328_000 }, () => random.normal()) };
  const graph = await nearestNeighbors(matrix, K, "euclidean", quiet);
  const recall = recallOf(matrix, graph, "euclidean");
  assert.ok(recall >= 0.95, String(recall));
  assert.ok(Math.abs(graph.recall! - recall) < 0.03, `${graph.recall} was told`);
});

test("20,100 equal items have neighbours too", async () => {
  const matrix = { rows: 20_100, cols: 3, data: new Float32Array(60_300).fill(1) };
  const graph = await nearestNeighbors(matrix, 4, "cosine", quiet);
  assert.ok(graph.distance.every((distance) => distance === 0));
});

test("where half of the items are equal, these are each other's neighbours and the others have theirs", async () => {
  const { matrix } = mixture(21_000, 32, { clusters: 40 });
  const isEqual = (i: number): boolean => i % 2 === 0;
  for (let i = 2; i < matrix.rows; i += 2) matrix.data.copyWithin(i * 32, 0, 32);
  const graph = await nearestNeighbors(matrix, K, "cosine", quiet);
  assert.ok(graph.recall! >= 0.95, String(graph.recall));
  for (let i = 0; i < matrix.rows; i += 2) {
    const own = graph.index.subarray(i * K, i * K + K);
    assert.ok(own.every(isEqual) && !own.includes(i) && new Set(own).size === K, `item ${i}`);
  }
  assert.ok(recallOf(matrix, graph, "cosine") >= 0.95);
});

test("a cell holds a thousand items at most, so that many equal ones are not all compared with each other", async () => {
  const { matrix } = mixture(8_000, 16, { clusters: 12 });
  for (let i = 1; i < 5_000; i++) matrix.data.copyWithin(i * 16, 0, 16);
  const { start, order, count, rank } = await partition(matrix, 1, quiet);
  for (let c = 0; c < count; c++) {
    assert.ok(start[c + 1]! - start[c]! <= 1_000, `cell ${c} holds ${start[c + 1]! - start[c]!}`);
    assert.equal(rank[c * count + c], 0);
  }
  assert.deepEqual(
    Array.from(order).sort((a, b) => a - b),
    Array.from({ length: 8_000 }, (_, i) => i),
  );
});
