import assert from "node:assert/strict";
import { test } from "node:test";
import { anomalies } from "../../../src/engine/analyze/anomalies/anomalies";
import { groupItems } from "../../../src/engine/analyze/cluster-methods";
import { labelAccuracy } from "../../../src/engine/analyze/label-accuracy";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { centreRows } from "../../../src/engine/analyze/normalize";
import { quality } from "../../../src/engine/analyze/quality";
import { similarityMatrix } from "../../../src/engine/analyze/similarity";
import { principalComponents } from "../../../src/engine/reduce/pca";
import type { Matrix } from "../../../src/engine/types";
import { farthest, mixture, quiet } from "../../support/numerics";

// Distances do not know where the origin is: places on a map in metres, dates, temperatures in kelvin. Steps of 1/32 stand
// exactly in float32 at 100,000.
const { matrix: drawn, label } = mixture(240, 8, { clusters: 5, spread: 0.5 });
const near: Matrix = { ...drawn, data: drawn.data.map((value) => Math.round(value * 320) / 32) };
near.data.copyWithin(8, 0, 8);
const far: Matrix = { ...near, data: near.data.map((value) => value + 100_000) };
const map = {
  x: Float32Array.from({ length: 240 }, (_, i) => near.data[8 * i]!),
  y: Float32Array.from({ length: 240 }, (_, i) => near.data[8 * i + 1]!),
};

const both = <T>(ask: (matrix: Matrix) => Promise<T>): Promise<[T, T]> => Promise.all([ask(near), ask(far)]);
const metric = "euclidean";

test("figures of trust are the same far from the origin", async () => {
  const [here, there] = await both((matrix) => quality({ matrix, map, metric, k: 10, seed: 1 }, quiet));
  assert.ok(Math.abs(here.trustworthiness - there.trustworthiness) < 1e-3);
  assert.ok(Math.abs(here.neighborsKept - there.neighborsKept) < 1e-3);
  assert.ok(here.trustworthiness < 0.99, "the map is not perfect");
});

test("similarities are the same far from the origin", async () => {
  const index = Int32Array.from(label.keys());
  const [here, there] = await both((matrix) => similarityMatrix(matrix, index, metric, quiet));
  assert.ok(farthest(here, there) < 1e-3, `${farthest(here, there)}`);
});

test("labels are told as well far from the origin", async () => {
  const [here, there] = await both((matrix) => labelAccuracy(matrix, map, metric, label, 1, quiet));
  assert.deepEqual(there, here);
});

test("groups are the same far from the origin", async () => {
  for (const method of ["kmeans", "agglomerative", "dbscan", "hdbscan"] as const) {
    const settings = { method, k: 5, on: "map" } as const;
    const [here, there] = await both((matrix) => groupItems(matrix, settings, 1, quiet));
    assert.deepEqual(there.cluster, here.cluster, method);
    assert.ok(new Set(here.cluster).size > 2, method);
  }
});

test("near-duplicates and neighbours are the same far from the origin", async () => {
  const none = new Int32Array(240).fill(-1);
  const [here, there] = await both((matrix) => anomalies({ matrix, metric, labels: none, threshold: 0.99 }, quiet));
  assert.deepEqual(
    there.duplicates.map(({ items, exact }) => ({ items, exact })),
    here.duplicates.map(({ items, exact }) => ({ items, exact })),
  );
  assert.deepEqual(here.duplicates[0]!.items, [0, 1]);
  const [close, distant] = await both((matrix) => nearestNeighbors(matrix, 5, metric, quiet));
  assert.ok(farthest(close.distance, distant.distance) < 1e-3);
});

test("rows around the origin are not copied; those whose mean is over half as long as they are have none left", () => {
  const { matrix } = mixture(300, 30);
  assert.equal(centreRows(matrix), matrix);
  const { data } = centreRows({ ...matrix, data: matrix.data.map((value) => value + 5) });
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  assert.ok(Math.abs(mean) < 0.5, `${mean}`);
});

for (const [use, cols] of [
  ["axes", 30], // the scatter of the columns
  ["start", 150], // the data themselves
] as const) {
  test(`principal components (${use}) are the same with rows around the origin and beside it`, async () => {
    const { matrix } = mixture(300, cols);
    // A mean of a quarter of the rows' length: seen in the products, too short for a copy without it.
    const beside = { ...matrix, data: matrix.data.map((value) => value + 0.5) };
    const away = { ...matrix, data: matrix.data.map((value) => value + 50) };
    assert.equal(centreRows(beside), beside);
    const [here, there] = await Promise.all([beside, away].map((one) => principalComponents(one, 2, use, 1, quiet)));
    here!.scores.forEach((scores, c) => {
      const reach = Math.max(...scores.map(Math.abs));
      assert.ok(farthest(scores, there!.scores[c]!) < 1e-3 * reach, `component ${c + 1}`);
      assert.ok(Math.abs(here!.explained[c]! - there!.explained[c]!) < 1e-5);
    });
  });
}
