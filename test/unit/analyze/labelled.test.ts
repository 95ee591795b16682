import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRecipe } from "../../../src/protocol/recipe";
import { labelAgreement } from "../../../src/engine/analyze/agreement";
import { clusterItems } from "../../../src/engine/analyze/cluster";
import { clusterQuality } from "../../../src/engine/analyze/cluster-quality";
import { labelAccuracy } from "../../../src/engine/analyze/label-accuracy";
import { distanceAt } from "../../../src/engine/analyze/metric";
import { distanceCorrelation } from "../../../src/engine/analyze/rank-correlation";
import { SquaredDistances } from "../../../src/engine/analyze/pairs";
import { Silhouettes } from "../../../src/engine/analyze/silhouette";
import { createRandom } from "../../../src/engine/random";
import { mixture, quiet, reference, spearman } from "../../support/numerics";

const recorded = reference();
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

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

test("one group and one label agree fully, for one item too; two groups of one size each over four labels by two thirds", () => {
  for (const count of [1, 5]) {
    const same = labelAgreement(new Int32Array(count), new Int32Array(count).fill(3))!;
    assert.deepEqual([same.purity, same.adjustedRand, same.mutualInformation], [1, 1, 1], `${count} items`);
  }
  // log 2 in common, over the mean of log 2 and log 4.
  const { mutualInformation } = labelAgreement(Int32Array.of(0, 0, 1, 1), Int32Array.of(0, 1, 2, 3))!;
  assert.ok(Math.abs(mutualInformation - 2 / 3) < 1e-12, `${mutualInformation}`);
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

test("the rank correlation of a sample of pairs, in three dimensions and with equal distances, is that of all to 0.01", () => {
  const { matrix } = mixture(220, 5);
  // Rounded, so that many distances are equal.
  const data = matrix.data.map((value) => Math.round(2 * value));
  const axis = (d: number): Float32Array => Float32Array.from({ length: 220 }, (_, i) => matrix.data[5 * i + d]!);
  const map = { x: axis(0), y: axis(1), z: axis(2) };
  const of = (rows: number): [found: number, all: number] => {
    const part = { rows, cols: 5, data: data.subarray(0, 5 * rows) };
    const [high, low]: [number[], number[]] = [[], []];
    for (let i = 0; i < rows; i++) {
      for (let j = i + 1; j < rows; j++) {
        high.push(distanceAt(part, i, j, "euclidean"));
        low.push(Math.hypot(...Object.values(map).map((one) => one[i]! - one[j]!)));
      }
    }
    return [distanceCorrelation(part, map, "euclidean", 1)!, spearman(high, low)];
  };
  const [few, fewAll] = of(60);
  assert.ok(Math.abs(few - fewAll) < 1e-9, `${few} and ${fewAll}`);
  const [found, all] = of(220);
  assert.ok(found !== all && Math.abs(found - all) < 0.01, `${found} and ${all}`);
});

/** The share of items that the nearest one, and a vote of the ten nearest, label rightly. */
function votes(distance: (i: number, j: number) => number, label: number[]): { nearest: number; ten: number } {
  const n = label.length;
  const right = [0, 0];
  for (let i = 0; i < n; i++) {
    const others = label.map((own, j) => ({ own, j, d: distance(i, j) })).filter(({ j }) => j !== i);
    const near = others.sort((p, q) => p.d - q.d || p.j - q.j).slice(0, 10).map(({ own }) => own); // prettier-ignore
    const count = (own: number): number => near.filter((other) => other === own).length;
    const most = Math.max(...near.map(count));
    [near[0], near.find((own) => count(own) === most)].forEach((own, at) => (right[at]! += Number(own === label[i])));
  }
  return { nearest: right[0]! / n, ten: right[1]! / n };
}

test("label accuracies are those of the definition, where clusters overlap and some items have no label", async () => {
  const { matrix, label } = mixture(200, 6, { clusters: 6, spread: 2 });
  const some = label.map((own, i) => (i % 5 === 0 ? -1 : own));
  const known = Array.from(some.keys()).filter((i) => some[i]! >= 0);
  const axis = (d: number): Float32Array => Float32Array.from({ length: 200 }, (_, i) => matrix.data[6 * i + d]!);
  const [x, y, z] = [axis(0), axis(1), axis(2)];
  for (const metric of ["euclidean", "dot"] as const) {
    for (const map of [
      { x, y },
      { x, y, z },
    ]) {
      const axes = Object.values(map);
      const found = (await labelAccuracy(matrix, map, metric, some, 1, quiet))!;
      const labels = known.map((i) => some[i]!);
      assert.deepEqual(found, {
        count: 160,
        vectors: votes((a, b) => distanceAt(matrix, known[a]!, known[b]!, metric), labels),
        map: votes((a, b) => Math.hypot(...axes.map((one) => one[known[a]!]! - one[known[b]!]!)), labels),
      });
      assert.ok(found.vectors.ten < 0.95 && found.map.ten < found.vectors.ten, "there should be errors");
    }
  }
});

test("labels of more than 5,000 items are asked of a sample, and one label alone tells nothing", async () => {
  const data = Float32Array.from({ length: 5_001 }, (_, i) => (i * 1_999) % 5_001);
  const label = Int32Array.from(data, (value) => Math.floor(value / 1_000));
  const [matrix, map] = [
    { rows: 5_001, cols: 1, data },
    { x: data, y: data },
  ];
  assert.equal((await labelAccuracy(matrix, map, "euclidean", label, 1, quiet))!.count, 2_000);
  const one = label.map((_, i) => (i === 7 ? 0 : -1));
  assert.equal(await labelAccuracy(matrix, map, "euclidean", one, 1, quiet), null);
});

test("noise is in no silhouette, one cluster has none, and those of more than 5,000 items are taken on a sample", async () => {
  const data = Float32Array.of(0, 1, 10, 12, 40);
  const of = (cluster: Int32Array, count: number, values = data) => {
    const clusters = Array.from({ length: count }, (_, id) => ({
      ...{ id, label: "", exemplar: 0 },
      size: cluster.filter((c) => c === id).length,
    }));
    const space = { rows: values.length, cols: 1, data: values };
    return clusterQuality({ space, cluster, clusters, label: cluster.map(() => -1), seed: 1 }, quiet);
  };
  const { figures, clusters } = await of(Int32Array.of(0, 0, 1, 1, -1), 2);
  const own = [1 - 1 / 11, 1 - 1 / 10, 1 - 2 / 9.5, 1 - 2 / 11.5];
  assert.ok(Math.abs(figures.silhouette! - mean(own)) < 1e-5, `${figures.silhouette}`);
  assert.ok(Math.abs(clusters[1]!.silhouette! - mean(own.slice(2))) < 1e-5);
  const single = await of(Int32Array.of(0, 0, 0, 0, -1), 1);
  assert.deepEqual([single.figures, single.clusters[0]!.silhouette], [{ sample: 5 }, undefined]);
  const many = Float32Array.from({ length: 5_001 }, (_, i) => i % 2);
  assert.equal((await of(Int32Array.from(many), 2, many)).figures.sample, 2_000);
});

test("small clusters among many items have the silhouettes that all items give them", async () => {
  const random = createRandom(6);
  // 5,880 items of two clouds and 30 clusters of four, on a grid.
  const centre = (c: number): [number, number] => (c < 2 ? [40 * c, -60] : [10 * (c % 6), 10 * Math.floor(c / 6)]);
  const cluster = Int32Array.from({ length: 6_000 }, (_, i) => (i < 5_880 ? i % 2 : 2 + Math.floor((i - 5_880) / 4)));
  const data = Float32Array.from({ length: 12_000 }, (_, at) => {
    const c = cluster[at >> 1]!;
    return centre(c)[at & 1]! + (c < 2 ? 5 : 1) * random.normal();
  });
  const space = { rows: 6_000, cols: 2, data };
  const sizes = Array.from({ length: 32 }, (_, id) => (id < 2 ? 2_940 : 4));
  const clusters = sizes.map((size, id) => ({ id, size, label: String(id), exemplar: 0 }));
  const label = cluster.map(() => -1);
  const found = await clusterQuality({ space, cluster, clusters, label, seed: 1 }, quiet);
  const all = new Silhouettes(cluster);
  await (await SquaredDistances.of(space)).forEachRow(quiet, (i, squares) => all.add(i, squares));
  const trueOf = (id: number): number => mean([...all.values.filter((_, i) => cluster[i] === id)]);
  for (const { id, silhouette } of found.clusters) {
    assert.ok(Math.abs(silhouette! - trueOf(id)) < 0.03, `${id}: ${silhouette}, of all ${trueOf(id)}`);
  }
  assert.ok(Math.abs(found.figures.silhouette! - mean([...all.values])) < 0.01);
  assert.ok(found.figures.sample < 3_000, `${found.figures.sample}`);
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
