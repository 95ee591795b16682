import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRecipe } from "../../../src/protocol/recipe";
import { labelAgreement } from "../../../src/engine/analyze/agreement";
import { clusterItems } from "../../../src/engine/analyze/cluster";
import { labelAccuracy } from "../../../src/engine/analyze/label-accuracy";
import { distanceCorrelation } from "../../../src/engine/analyze/rank-correlation";
import { mixture, quiet, reference } from "../../support/numerics";

const recorded = reference();

test("adjusted Rand and mutual information are scikit-learn's to 1e-6, whatever the numbers of the groups", () => {
  const { labels, adjustedRand, mutualInformation } = recorded.agreement;
  const cluster = Int32Array.from(labels);
  for (const shift of [0, 5]) {
    const found = labelAgreement(
      cluster.map((c) => c + shift),
      Int32Array.from(recorded.labels),
    )!;
    assert.ok(Math.abs(found.adjustedRand - adjustedRand) < 1e-6);
    assert.ok(Math.abs(found.mutualInformation - mutualInformation) < 1e-6);
  }
});

test("groups that agree in part have scikit-learn's figures, to 1e-9", () => {
  const cluster = Int32Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2, 2);
  const found = labelAgreement(cluster, Int32Array.of(0, 0, 1, 1, 1, 2, 2, 2, 2, 0))!;
  assert.ok(Math.abs(found.adjustedRand - 0.20454545454545456) < 1e-9, `${found.adjustedRand}`);
  assert.ok(Math.abs(found.mutualInformation - 0.44270128334605) < 1e-9, `${found.mutualInformation}`);
});

test("purity counts the most frequent label of each cluster, and only items that have one", () => {
  const cluster = Int32Array.of(0, 0, 0, 1, 1, -1, 1);
  const label = Int32Array.of(3, 3, 4, 4, 4, 3, -1);
  const found = labelAgreement(cluster, label)!;
  assert.equal(found.count, 6);
  assert.equal(found.purity, 5 / 6);
  assert.equal(labelAgreement(cluster, new Int32Array(7).fill(-1)), null);
});

test("equal groups agree fully", () => {
  const same = labelAgreement(Int32Array.of(0, 0, 1, 1), Int32Array.of(7, 7, 2, 2))!;
  assert.deepEqual([same.purity, same.adjustedRand, same.mutualInformation], [1, 1, 1]);
});

test("the rank correlation of distances is 1 for the map of a plane, and known for a shuffled one", () => {
  const x = Float32Array.of(0, 1, 3, 7, 12);
  const y = Float32Array.of(0, 0, 0, 0, 0);
  const plane = { rows: 5, cols: 1, data: x };
  assert.equal(distanceCorrelation(plane, { x, y }, "euclidean", 1), 1);
  // Distances 1,3,7,12,2,6,11,4,9,5 beside 3,1,12,7,2,9,4,11,6,5 (squares of differences of ranks: 1 - 6·Σd²/990).
  const other = { x: Float32Array.of(0, 3, 1, 12, 7), y };
  const value = distanceCorrelation(plane, other, "euclidean", 1)!;
  assert.ok(Math.abs(value - (1 - (6 * 84) / 990)) < 1e-9, `${value}`);
  assert.equal(distanceCorrelation({ rows: 2, cols: 1, data: x.slice(0, 2) }, { x, y }, "euclidean", 1), null);
  assert.equal(distanceCorrelation({ ...plane, data: new Float32Array(5) }, { x, y }, "euclidean", 1), null);
});

test("labels are told by neighbours in the vectors, and not by a map that mixes them", async () => {
  const { matrix, label } = mixture(300, 20, { clusters: 5, spread: 0.2 });
  const x = Float32Array.from(label, (l, i) => l * 10 + (i % 7) / 10);
  const y = Float32Array.from(label, (_, i) => (i % 11) / 10);
  const good = (await labelAccuracy(matrix, { x, y }, "euclidean", label, 1, quiet))!;
  assert.deepEqual(good, { count: 300, vectors: { nearest: 1, ten: 1 }, map: { nearest: 1, ten: 1 } });
  const mixed = { x: Float32Array.from(label, (_, i) => (i * 37) % 300), y: new Float32Array(300) };
  const bad = (await labelAccuracy(matrix, mixed, "euclidean", label, 1, quiet))!;
  assert.ok(bad.map.ten < 0.5 && bad.vectors.ten === 1);
  const some = label.map((l, i) => (i % 3 === 0 ? -1 : l));
  assert.equal((await labelAccuracy(matrix, { x, y }, "euclidean", some, 1, quiet))!.count, 200);
  assert.equal(await labelAccuracy(matrix, { x, y }, "euclidean", new Int32Array(300).fill(-1), 1, quiet), null);
});

test("clusters carry their silhouettes and how they agree with the labels", async () => {
  const { matrix, label } = mixture(300, 20, { clusters: 4, spread: 0.15, seed: 3 });
  const { cluster: settings } = parseRecipe({
    version: 1,
    source: { kind: "vectors", paths: ["a"] },
    model: "m",
    cluster: { method: "kmeans", k: 4 },
  });
  const labels = Array.from(label, String);
  const input = { matrix, map: null, settings, metric: "euclidean" as const, seed: 1, labels, texts: null };
  const { clusters, quality } = await clusterItems(input, quiet);
  assert.ok(clusters.every(({ silhouette }) => silhouette! > 0.5 && silhouette! <= 1));
  const weighted = clusters.reduce((sum, { size, silhouette }) => sum + size * silhouette!, 0) / 300;
  assert.ok(Math.abs(quality!.silhouette! - weighted) < 1e-9);
  assert.equal(quality!.labels!.adjustedRand, 1);
});
