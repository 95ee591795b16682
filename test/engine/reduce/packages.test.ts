import assert from "node:assert/strict";
import { test } from "node:test";
import { kmeans } from "../../../src/engine/analyze/kmeans";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { quality } from "../../../src/engine/analyze/quality";
import { reduce } from "../../../src/engine/reduce/reduce";
import { mixture, quiet } from "../../support/numerics";
import { mlKMeansInertia, umapJs } from "../../support/packages";

const metric = "cosine";

test("a UMAP is as true to the vectors as that of umap-js, of the same neighbours", async () => {
  const { matrix } = mixture(600, 40);
  const graph = await nearestNeighbors(matrix, 14, metric, quiet);
  const settings = { method: "umap", dims: 2, neighbors: 15, minDist: 0.1, perplexity: 30 } as const;
  const judged = async (map: { x: Float32Array; y: Float32Array }) =>
    (await quality({ matrix, map, metric, k: 10, seed: 1 }, quiet)).trustworthiness;
  const ours: number[] = [];
  const theirs: number[] = [];
  for (const seed of [1, 2, 3]) {
    ours.push(await judged(await reduce({ matrix, graph, settings, metric, seed }, quiet)));
    theirs.push(await judged(umapJs(matrix, graph, { seed, epochs: 500 })));
  }
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  assert.ok(mean(ours) >= mean(theirs) - 0.003, `trustworthiness ${mean(ours)}, of umap-js ${mean(theirs)}`);
});

test("k-means finds clusters at least as tight as those of ml-kmeans, with as many restarts", async () => {
  for (const k of [5, 12]) {
    const { matrix } = mixture(500, 20);
    const { inertia } = await kmeans(matrix, k, { seed: 1, restarts: 10 }, quiet);
    const theirs = await mlKMeansInertia(matrix, k, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert.ok(inertia <= theirs * 1.001, `k = ${k}: inertia ${inertia}, of ml-kmeans ${theirs}`);
  }
});
