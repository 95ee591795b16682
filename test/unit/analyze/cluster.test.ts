import assert from "node:assert/strict";
import { test } from "node:test";
import type { LensError } from "../../../src/protocol/errors";
import { parseRecipe, type RecipeInput } from "../../../src/protocol/recipe";
import { clusterItems, type ClusterInput } from "../../../src/engine/analyze/cluster";
import { kmeans, kmeansOfRows, restartsFor } from "../../../src/engine/analyze/kmeans";
import { kmeansOfPairs } from "../../../src/engine/analyze/kmeans-pairs";
import { allSquares } from "../../../src/engine/analyze/pairs";
import { mixture, quiet, reference } from "../../support/numerics";

const recorded = reference();

const settings = (cluster: NonNullable<RecipeInput["cluster"]>): ClusterInput["settings"] =>
  parseRecipe({ version: 1, source: { kind: "vectors", paths: ["a"] }, model: "m", cluster }).cluster;

const input = (rows: number, cluster: NonNullable<RecipeInput["cluster"]>): ClusterInput => ({
  matrix: mixture(rows, 10).matrix,
  map: null,
  settings: settings(cluster),
  metric: "cosine",
  seed: 42,
  labels: Array.from({ length: rows }, () => null),
  texts: null,
});

test("k-means reaches the inertia of scikit-learn's best of 50 to 1 %", async () => {
  for (const { k, inertia } of recorded.kmeans) {
    const found = await kmeans(recorded.matrix, k, { seed: 42, restarts: 10 }, quiet);
    assert.ok(found.inertia <= inertia * 1.01, `k ${k}: ${found.inertia} and ${inertia}`);
  }
});

test("clusters are numbered from the largest and each exemplar is a member", async () => {
  const { cluster, clusters } = await clusterItems(input(300, { method: "kmeans", k: 7 }), quiet);
  assert.equal(clusters.length, 7);
  clusters.forEach(({ id, size, exemplar }, at) => {
    assert.equal(id, at);
    assert.equal(cluster.filter((c) => c === id).length, size);
    assert.equal(cluster[exemplar], id);
    assert.ok(at === 0 || size <= clusters[at - 1]!.size);
  });
});

test("the exemplar is the item nearest to the mean of its cluster, the first among equals", async () => {
  const data = Float32Array.of(0, 1, 3, 3, 8, 100, 102, 104);
  const matrix = { rows: 8, cols: 1, data };
  const { clusters } = await clusterItems(
    { ...input(8, { method: "kmeans", k: 2 }), matrix, metric: "euclidean" },
    quiet,
  );
  assert.deepEqual(
    clusters.map(({ exemplar }) => exemplar),
    [2, 6],
  );
});

test("clusters of one size are numbered by their first items, and without texts and labels named by their numbers", async () => {
  const matrix = { rows: 9, cols: 1, data: Float32Array.of(50, 0, 100, 0, 1, 50, 51, 100, 101) };
  const { cluster, clusters } = await clusterItems(
    { ...input(9, { method: "kmeans", k: 3 }), matrix, metric: "euclidean" },
    quiet,
  );
  assert.deepEqual([...cluster], [0, 1, 2, 1, 1, 0, 0, 2, 2]);
  assert.deepEqual(
    clusters.map(({ label }) => label),
    ["Cluster 1", "Cluster 2", "Cluster 3"],
  );
});

test("texts name clusters before labels do, and by cosine the length of a vector says nothing", async () => {
  const data = Float32Array.from({ length: 80 }, (_, at) => {
    const i = Math.floor(at / 2);
    return (at % 2 === i % 2 ? 1 : 0.01) * (i < 20 ? 1 : 50);
  });
  const named = {
    ...input(40, { method: "kmeans", k: 2 }),
    matrix: { rows: 40, cols: 2, data },
    labels: Array.from({ length: 40 }, (_, i) => (i % 2 ? "dog" : "cat")),
    texts: Array.from({ length: 40 }, (_, i) => (i % 2 ? "bark" : "purr")),
  };
  const { cluster, clusters } = await clusterItems(named, quiet);
  assert.ok(cluster.every((c, i) => c === i % 2));
  assert.deepEqual(
    clusters.map(({ label }) => label),
    ["purr", "bark"],
  );
});

test("more clusters than items: each its own, and a sentence", async () => {
  for (const rows of [1, 2, 5]) {
    const { clusters, warnings } = await clusterItems(input(rows, { method: "kmeans", k: 10 }), quiet);
    assert.equal(clusters.length, rows);
    assert.match(warnings.join(), /10 clusters/);
  }
});

for (const method of ["kmeans", "agglomerative"] as const) {
  test(`${method}: equal items share a cluster, there are no more than different vectors, and one sentence says so`, async () => {
    const run = async (different: number, k: number | "auto") => {
      const data = Float32Array.from({ length: 60 }, (_, at) => (at % 3) + (Math.floor(at / 3) % different));
      const equal = { ...input(20, { method, k }), metric: "euclidean" as const, matrix: { rows: 20, cols: 3, data } };
      const { cluster, clusters, warnings, notes = [] } = await clusterItems(equal, quiet);
      assert.equal(clusters.length, different);
      cluster.forEach((c, i) => assert.equal(c, cluster[i % different]));
      return [...warnings, ...notes];
    };
    for (const k of [6, 30]) {
      const sentence = `${k} clusters are more than the 4 different vectors: equal items share one.`;
      assert.deepEqual(await run(4, k), [sentence]);
    }
    assert.deepEqual(await run(1, 6), ["All 20 vectors are the same: there is one cluster instead of 6."]);
    assert.deepEqual(await run(1, "auto"), ["K was chosen by the silhouette: 1 cluster."]);
    assert.deepEqual(await run(4, 4), []);
  });
}

test("clusters on the map are those of its points, in two and three dimensions, whatever the vectors say", async () => {
  const { matrix } = mixture(60, 10);
  const axis = (scale: number): Float32Array => Float32Array.from({ length: 60 }, (_, i) => scale * (i % 3) + i / 1e3);
  const flat = { x: axis(5), y: axis(-3) };
  const deep = { x: axis(0), y: axis(0), z: axis(4) };
  for (const map of [flat, deep]) {
    const { cluster, quality } = await clusterItems(
      { ...input(60, { method: "kmeans", k: 3, on: "map" }), matrix, map },
      quiet,
    );
    cluster.forEach((c, i) => assert.equal(c, cluster[i % 3]));
    assert.equal(new Set(cluster).size, 3);
    assert.ok(quality!.silhouette! > 0.9, `${quality!.silhouette}`);
  }
});

test("clusters have different names, the first of equal ones as it is, so that a filter takes one", async () => {
  const labels = Array.from({ length: 40 }, (_, i) => (i < 20 ? "cat" : "dog"));
  const data = Float32Array.from({ length: 40 }, (_, i) => 10 * Math.floor(i / 10) ** 2 + (i % 10) / 100);
  const { clusters } = await clusterItems(
    {
      ...input(40, { method: "kmeans", k: 4 }),
      metric: "euclidean",
      matrix: { rows: 40, cols: 1, data },
      labels,
    },
    quiet,
  );
  assert.deepEqual(
    clusters.map(({ label }) => label),
    ["cat (100 %)", "cat (100 %) – 2", "dog (100 %)", "dog (100 %) – 2"],
  );
});

test("clusters on the map without a map are refused with the way out", async () => {
  await assert.rejects(clusterItems(input(9, { method: "kmeans", k: 3, on: "map" }), quiet), (error: LensError) => {
    assert.equal(error.reason, "recipe");
    assert.match(error.message, /need a map: choose a reduction/);
    return true;
  });
});

test("k-means starts ten times, three times above 20,000 items", () => {
  assert.deepEqual([2, 20_000, 20_001].map(restartsFor), [10, 10, 3]);
});

test("k-means on the distances of all pairs finds the clusters that it finds on the rows", async () => {
  for (const [rows, k] of [
    [60, 1],
    [400, 2],
    [400, 20],
  ] as const) {
    const { matrix } = mixture(rows, 30);
    const options = { seed: 42, restarts: 3 };
    const byRows = await kmeansOfRows(matrix, k, options, quiet);
    const byPairs = await kmeansOfPairs(await allSquares(matrix, quiet), k, options, quiet);
    assert.deepEqual(byPairs, byRows, `${rows} items, ${k} clusters`);
  }
});
