import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { neighborsNeeded, reduce, type Reduced } from "../../../src/engine/reduce/reduce";
import { parseRecipe } from "../../../src/protocol/recipe";
import { mixture, quiet } from "../../support/numerics";

for (const dims of [2, 3] as const) {
  test(`UMAP gives the same bytes with 1, 2 and 4 threads in ${dims} dimensions`, async () => {
    const { matrix } = mixture(20_001, 12);
    const { reduce: settings } = parseRecipe({
      version: 1,
      source: { kind: "vectors", paths: ["a"] },
      model: "m",
      reduce: { method: "umap", dims, neighbors: 6 },
    });
    const graph = await nearestNeighbors(matrix, neighborsNeeded(settings, matrix.rows), "cosine", quiet);
    const maps: Reduced[] = [];
    for (const threads of [1, 2, 4]) {
      maps.push(await reduce({ matrix, graph, settings, metric: "cosine", seed: 42, threads }, quiet));
    }
    for (const map of maps.slice(1)) {
      for (const axis of ["x", "y", "z"] as const) assert.deepEqual(map[axis], maps[0]![axis]);
    }
    assert.ok(maps[0]!.x.every(Number.isFinite));
  });
}
