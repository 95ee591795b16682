import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { similarityOf } from "../../../src/engine/analyze/similarity";
import { mixture, quiet } from "../../support/numerics";

test("above 20,000 items at least 95 % of the true neighbours are found, the same each time, with the recall measured", async () => {
  const { matrix } = mixture(21_000, 32, { clusters: 40 });
  const k = 15;
  for (const metric of ["cosine", "euclidean"] as const) {
    const graph = await nearestNeighbors(matrix, k, metric, quiet);
    assert.ok(graph.recall! >= 0.95, `${metric}: ${graph.recall}`);
    let found = 0;
    let items = 0;
    for (let item = 11; item < matrix.rows; item += 499, items++) {
      const own = graph.index.subarray(item * k, item * k + k);
      assert.equal(new Set(own).size, k, "no neighbour twice");
      assert.ok(!own.includes(item), "never the item itself");
      const near = Array.from({ length: matrix.rows }, (_, j) => similarityOf(matrix, item, j, metric));
      const limit = near.filter((_, j) => j !== item).sort((a, b) => b - a)[k - 1]!;
      for (const j of own) if (near[j]! >= limit - 1e-6) found++;
    }
    assert.ok(found / (items * k) >= 0.95, `${metric}: ${found / (items * k)}`);
    const again = await nearestNeighbors(matrix, k, metric, quiet);
    assert.deepEqual(again.index, graph.index);
  }
});

test("20,100 equal items have neighbours too", async () => {
  const matrix = { rows: 20_100, cols: 3, data: new Float32Array(60_300).fill(1) };
  const graph = await nearestNeighbors(matrix, 4, "cosine", quiet);
  assert.ok(graph.distance.every((distance) => distance === 0));
});
