import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRecipe, type ClusterSettings, type RecipeInput } from "../../../src/protocol/recipe";
import { chooseCut, chooseK } from "../../../src/engine/analyze/choose-k";
import { clusterItems } from "../../../src/engine/analyze/cluster";
import { refuseTooMany } from "../../../src/engine/analyze/cluster-limits";
import { groupItems } from "../../../src/engine/analyze/cluster-methods";
import { dbscan, kneeRadius } from "../../../src/engine/analyze/dbscan";
import { Forest } from "../../../src/engine/analyze/forest";
import { clustersOfTree } from "../../../src/engine/analyze/hdbscan";
import { cut, cutAt, hierarchy } from "../../../src/engine/analyze/hierarchy";
import { kmeansOfPairs } from "../../../src/engine/analyze/kmeans-pairs";
import { allSquares } from "../../../src/engine/analyze/pairs";
import { meanSilhouette, Silhouettes } from "../../../src/engine/analyze/silhouette";
import { reachabilityTree, type Edge } from "../../../src/engine/analyze/spanning-tree";
import { squaredDistanceAt } from "../../../src/engine/linear/vectors";
import type { Matrix } from "../../../src/engine/types";
import { farthest, mixture, quiet, reference } from "../../support/numerics";

const recorded = reference();

/** The same groups under other numbers; noise is noise. */
function assertSameGroups(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  const there = new Map<number, number>([[-1, -1]]);
  const back = new Map<number, number>([[-1, -1]]);
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i]!;
    const b = expected[i]!;
    if (!there.has(a)) there.set(a, b);
    if (!back.has(b)) back.set(b, a);
    assert.ok(there.get(a) === b && back.get(b) === a, `${what}: item ${i} is in ${a}, not ${b}`);
  }
}

test("DBSCAN has scikit-learn's labels", async () => {
  for (const { eps, minPoints, labels } of recorded.dbscan) {
    const found = await dbscan(recorded.matrix, eps, minPoints, quiet);
    assert.deepEqual([...found], labels, `radius ${eps}`);
  }
});

/** Items on a line. */
const line = (...places: number[]): Matrix => ({ rows: places.length, cols: 1, data: Float32Array.from(places) });

test("DBSCAN counts an item at the radius, and one between two clusters joins the first", async () => {
  assert.deepEqual([...(await dbscan(line(0, 1, 2, 4), 1, 3, quiet))], [0, 0, 0, -1]);
  assert.deepEqual([...(await dbscan(line(0, 1, 2, 3), 1, 2, quiet))], [0, 0, 0, 0]);
  const between = [-1.75, -1.5, -1.25, -1, 0, 1, 1.25, 1.5, 1.75];
  assert.deepEqual([...(await dbscan(line(...between), 1, 4, quiet))], [0, 0, 0, 0, 0, 1, 1, 1, 1]);
  assert.deepEqual([...(await dbscan(line(...between.reverse()), 1, 4, quiet))], [0, 0, 0, 0, 0, 1, 1, 1, 1]);
});

const defaults = (method: ClusterSettings["method"], matrix: Matrix, change: Partial<ClusterSettings> = {}) =>
  groupItems(matrix, { method, k: "auto", on: "vectors", ...change }, 1, quiet);

test("DBSCAN's radius is the knee of the distances to the fifth item, itself counted, and is told", async () => {
  const { matrix } = mixture(120, 3, { clusters: 3, spread: 0.2 });
  const fifth = Float32Array.from({ length: 120 }, (_, i) => {
    const all = Array.from({ length: 120 }, (_, j) => squaredDistanceAt(matrix.data, 3 * i, matrix.data, 3 * j, 3));
    return Math.sqrt(all.sort((a, b) => a - b)[4]!);
  });
  const { notes, cluster } = await defaults("dbscan", matrix);
  const radius = kneeRadius(fifth);
  assert.deepEqual(notes, [`DBSCAN's radius was chosen by the curve of distances: ${Number(radius.toPrecision(3))}.`]);
  assert.deepEqual(cluster, await dbscan(matrix, radius * 1.000001, 5, quiet));
  assert.notDeepEqual(cluster, await dbscan(matrix, radius, 10, quiet));
});

test("80 % of the items in one cluster are a word to the user, fewer are none", async () => {
  const said = async (largest: number): Promise<string[]> => {
    const places = Array.from({ length: 100 }, (_, i) => (i < largest ? 0 : 9));
    return (await defaults("dbscan", line(...places), { eps: 1 })).warnings;
  };
  assert.match((await said(80)).join(), /^80 of 100 items are in one cluster/);
  assert.deepEqual(await said(79), []);
});

test("HDBSCAN finds pairs in a handful of items and asks for half the root of their number among many", async () => {
  const pairs = line(...Array.from({ length: 16 }, (_, i) => 10 * 1.5 ** (i >> 1) + (i & 1) / 10));
  assert.equal(new Set((await defaults("hdbscan", pairs)).cluster).size, 8);
  for (const [count, least] of [
    [36, 3],
    [400, 10],
  ] as const) {
    const { warnings } = await defaults("hdbscan", line(...Array(count).keys()));
    assert.match(warnings.join(), new RegExp(`no group of ${least} or more items`));
  }
});

test("what clusters by density or a hierarchy refuses more items than it can take, and k-means takes any number", () => {
  for (const [method, most] of [
    ["agglomerative", 8_000],
    ["dbscan", 20_000],
    ["hdbscan", 20_000],
  ] as const) {
    refuseTooMany({ method }, most);
    assert.throws(() => refuseTooMany({ method }, most + 1), { reason: "recipe" });
  }
  refuseTooMany({ method: "kmeans" }, 1e7);
});

test("joined sets have their smallest member as root, in whatever order they were joined", () => {
  const forest = new Forest(6);
  const news = [[5, 4], [4, 2], [1, 3], [3, 5], [1, 4]].map(([a, b]) => forest.join(a!, b!)); // prettier-ignore
  assert.deepEqual(news, [true, true, true, true, false]);
  assert.deepEqual([0, 1, 2, 3, 4, 5].map((item) => forest.find(item)), [0, 1, 1, 1, 1, 1]); // prettier-ignore
});

test("agglomerative clusters are scikit-learn's, for average and Ward linkage", async () => {
  for (const { linkage, k, labels } of recorded.agglomerative) {
    const joins = hierarchy(await allSquares(recorded.matrix, quiet), recorded.rows, linkage, quiet);
    assertSameGroups(cut(joins, recorded.rows, k), labels, `${linkage} ${k}`);
  }
});

test("groups are joined at the mean of all distances between them, or at Ward's: the way of the means by √(2ab / (a + b))", async () => {
  const { matrix } = mixture(40, 3, { clusters: 2, spread: 2 });
  const { cols, data } = matrix;
  for (const linkage of ["average", "ward"] as const) {
    const groups = new Map(Array.from({ length: 40 }, (_, i) => [i, [i]]));
    const forest = new Forest(40);
    for (const { a, b, height } of hierarchy(await allSquares(matrix, quiet), 40, linkage, quiet)) {
      const [left, right] = [groups.get(forest.find(a))!, groups.get(forest.find(b))!];
      forest.join(a, b);
      groups.set(forest.find(a), left.concat(right));
      const between = left.flatMap((i) =>
        right.map((j) => Math.sqrt(squaredDistanceAt(data, i * cols, data, j * cols, cols))),
      );
      const mean = (items: number[], c: number): number =>
        items.reduce((sum, i) => sum + data[i * cols + c]!, 0) / items.length;
      const way = Math.hypot(...Array.from({ length: cols }, (_, c) => mean(left, c) - mean(right, c)));
      const expected = {
        average: between.reduce((sum, value) => sum + value, 0) / between.length,
        ward: way * Math.sqrt((2 * left.length * right.length) / (left.length + right.length)),
      };
      assert.ok(Math.abs(height / expected[linkage] - 1) < 1e-4, `${linkage}: ${height} and ${expected[linkage]}`);
    }
  }
});

test("agglomerative clusters are Ward's unless another linkage is asked for", async () => {
  const { matrix } = mixture(100, 4, { clusters: 4, spread: 2 });
  const of = async (linkage?: "ward" | "average") =>
    (await defaults("agglomerative", matrix, { k: 6, linkage })).cluster;
  assert.deepEqual(await of(), await of("ward"));
  assert.notDeepEqual(await of(), await of("average"));
});

test("silhouettes are scikit-learn's to 1e-4", async () => {
  const squares = await allSquares(recorded.matrix, quiet);
  const { rows } = recorded;
  const silhouettes = new Silhouettes(Int32Array.from(recorded.labels));
  for (let i = 0; i < rows; i++) silhouettes.add(i, squares.subarray(i * rows, (i + 1) * rows));
  assert.ok(farthest(silhouettes.values, recorded.silhouette) < 1e-4);
});

test("the silhouette of an item that is alone in its cluster is 0, and noise is in no cluster and counts in no other", async () => {
  const matrix = line(0, 1, 10, 13, 30, 5, 20);
  const cluster = Int32Array.of(0, 0, 2, 2, 3, -1, -1);
  const squares = await allSquares(matrix, quiet);
  const silhouettes = new Silhouettes(cluster);
  for (let i = 0; i < 7; i++) silhouettes.add(i, squares.subarray(7 * i, 7 * i + 7));
  const expected = [1 - 1 / 11.5, 1 - 1 / 10.5, 1 - 3 / 9.5, 1 - 3 / 12.5, 0, 0, 0];
  assert.ok(farthest(silhouettes.values, expected) < 1e-5, silhouettes.values.join());
  assert.ok(Math.abs(meanSilhouette(squares, cluster) - expected.reduce((a, b) => a + b) / 7) < 1e-5);
});

test("the mutual-reachability tree has the length of Prim's, written out", async () => {
  const minSamples = 5;
  const tree = await reachabilityTree(recorded.matrix, minSamples, quiet);
  const expected = prim(recorded.matrix, minSamples);
  const lengths = (edges: Edge[]): number[] => edges.map(({ length }) => length).sort((a, b) => a - b);
  assert.equal(tree.length, recorded.rows - 1);
  assert.ok(farthest(lengths(tree), lengths(expected)) < 1e-4);
});

/** O(n²) Prim over mutual reachability in float64. */
function prim({ rows, cols, data }: Matrix, minSamples: number): Edge[] {
  const distance = (a: number, b: number): number => {
    let sum = 0;
    for (let c = 0; c < cols; c++) sum += (data[a * cols + c]! - data[b * cols + c]!) ** 2;
    return Math.sqrt(sum);
  };
  const core = Array.from({ length: rows }, (_, i) => {
    const near = Array.from({ length: rows }, (_, j) => distance(i, j)).sort((a, b) => a - b);
    return near[minSamples - 1]!;
  });
  const reach = new Float64Array(rows).fill(Infinity);
  const from = new Int32Array(rows).fill(0);
  const open = new Set(Array.from({ length: rows }, (_, i) => i));
  const edges: Edge[] = [];
  for (let at = 0; open.delete(at) && open.size > 0;) {
    let next = -1;
    for (const j of open) {
      const mutual = Math.max(distance(at, j), core[at]!, core[j]!);
      if (mutual < reach[j]!) {
        reach[j] = mutual;
        from[j] = at;
      }
      if (next < 0 || reach[j]! < reach[next]!) next = j;
    }
    edges.push({ a: from[next]!, b: next, length: reach[next]! });
    at = next;
  }
  return edges;
}

test("HDBSCAN keeps two dense groups and leaves what lies between as noise", () => {
  // Items 0-4 and 5-9 are chains of length 1; 10 hangs far from both.
  const edges = [0, 1, 2, 3, 5, 6, 7, 8].map((a) => ({ a, b: a + 1, length: 1 + a / 100 }));
  const tree = [...edges, { a: 4, b: 5, length: 10 }, { a: 9, b: 10, length: 12 }];
  assertSameGroups(clustersOfTree(tree, 11, 3), [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, -1], "chains");
});

const cases = [
  { method: "hdbscan", clusters: 4 },
  { method: "dbscan", clusters: 4 },
  { method: "agglomerative", clusters: 4 },
  { method: "kmeans", clusters: 4 },
] as const;
for (const { method, clusters } of cases) {
  test(`${method} finds well separated groups, with K by itself, and takes a few or equal items`, async () => {
    const run = async (matrix: Matrix): Promise<{ cluster: Int32Array; clusters: { size: number }[] }> => {
      const recipe = parseRecipe({
        version: 1,
        source: { kind: "vectors", paths: ["a"] },
        model: "m",
        cluster: { method, k: "auto" },
      });
      const nothing = Array.from({ length: matrix.rows }, () => null);
      const input = { matrix, map: null, settings: recipe.cluster, metric: "euclidean" as const, seed: 1 };
      return clusterItems({ ...input, labels: nothing, texts: null }, quiet);
    };
    const { matrix, label } = mixture(200, 30, { clusters, spread: 0.15, seed: 3 });
    const found = await run(matrix);
    assert.equal(found.clusters.length, clusters);
    const kept = found.cluster.map((c, i) => (c < 0 ? -1 : label[i]!));
    assertSameGroups(found.cluster, kept, method);
    assert.ok(kept.filter((c) => c < 0).length < 30, "most items are no noise");
    for (const rows of [1, 2, 3, 5]) assert.equal((await run(mixture(rows, 4).matrix)).cluster.length, rows);
    const equal = await run({ rows: 30, cols: 2, data: new Float32Array(60).fill(0.3) });
    assert.equal(equal.cluster.length, 30);
  });
}

test("agglomerative clusters can be cut at a distance, and settings of a method reach it", async () => {
  const { matrix } = mixture(60, 10, { clusters: 3, spread: 0.1, seed: 4 });
  const run = async (cluster: RecipeInput["cluster"]): Promise<number> => {
    const recipe = parseRecipe({ version: 1, source: { kind: "vectors", paths: ["a"] }, model: "m", cluster });
    const labels = Array.from({ length: 60 }, () => null);
    const input = { matrix, map: null, settings: recipe.cluster, metric: "euclidean" as const, seed: 1, labels };
    return (await clusterItems({ ...input, texts: null }, quiet)).clusters.length;
  };
  const joins = hierarchy(await allSquares(matrix, quiet), 60, "average", quiet);
  assert.equal(new Set(cutAt(joins, 60, joins[56]!.height + 1e-6)).size, 3);
  assert.equal(new Set(cutAt(joins, 60, joins[56]!.height)).size, 4);
  assert.equal(await run({ method: "agglomerative", linkage: "average", distance: joins[57]!.height }), 3);
  assert.equal(await run({ method: "agglomerative", distance: 1e6 }), 1);
  assert.equal(await run({ method: "dbscan", eps: 1e-6 }), 0);
  assert.equal(await run({ method: "dbscan", eps: 1e6, minPoints: 60 }), 1);
  assert.equal(await run({ method: "hdbscan", minClusterSize: 59 }), 0);
  assert.equal(await run({ method: "hdbscan", minClusterSize: 6, minSamples: 2 }), 3);
});

test("groups by density that tell nothing apart say so, and what else may", async () => {
  const { matrix } = mixture(60, 10, { clusters: 3, spread: 0.1, seed: 4 });
  const said = async (cluster: Partial<ClusterSettings>): Promise<string> => {
    const settings: ClusterSettings = { method: "dbscan", k: 10, on: "vectors", ...cluster };
    return (await groupItems(matrix, settings, 1, quiet)).warnings.join(" ");
  };
  assert.match(
    await said({ eps: 1e6 }),
    /^60 of 60 items are in one cluster\. A smaller radius, clusters on the map or HDB/,
  );
  assert.match(await said({ eps: 1e6, on: "map" }), /A smaller radius or HDBSCAN may tell them apart\.$/);
  assert.match(await said({ eps: 1e-6 }), /every item is noise\. Clusters on the map, or k-means, may say more\.$/);
  assert.match(await said({ method: "hdbscan", minClusterSize: 59, on: "map" }), /every item is noise\.$/);
  assert.equal(await said({ method: "hdbscan", minClusterSize: 6, minSamples: 2 }), "");
});

test("agglomerative clusters choose their number by their own cuts", async () => {
  const { matrix } = mixture(300, 20, { clusters: 6, spread: 0.15, seed: 2 });
  // One item far away is a group of its own by average distance: two clusters of k-means would not be these.
  const data = Float32Array.from(matrix.data);
  data.fill(40, 0, 20);
  const far = { ...matrix, data };
  for (const linkage of ["ward", "average"] as const) {
    const joins = hierarchy(await allSquares(far, quiet), 300, linkage, quiet);
    const k = await chooseCut(far, joins, 1, quiet);
    const squares = await allSquares(far, quiet);
    const value = (count: number): number => meanSilhouette(squares, cut(joins, 300, count));
    for (let other = 2; other <= 20; other++) assert.ok(value(k) >= value(other), `${linkage}: ${k} and ${other}`);
    const settings: ClusterSettings = { method: "agglomerative", k: "auto", on: "vectors", linkage };
    const { cluster, warnings, notes } = await groupItems(far, settings, 1, quiet);
    assert.equal(new Set(cluster).size, k);
    assert.deepEqual([warnings, notes], [[], [`K was chosen by the silhouette: ${k} clusters.`]]);
  }
});

test("the silhouette chooses the number of clusters that is there", async () => {
  const { matrix } = mixture(300, 20, { clusters: 6, spread: 0.15, seed: 2 });
  assert.equal(await chooseK(matrix, 1, quiet), 6);
});

test("of up to a thousand items all are asked for the number of clusters, up to 20 of them", async () => {
  const { matrix } = mixture(400, 20, { clusters: 18, spread: 0.7 });
  const squares = await allSquares(matrix, quiet);
  const options = { seed: 1, restarts: 3 };
  const values: number[] = [];
  for (let k = 2; k <= 20; k++) values.push(meanSilhouette(squares, await kmeansOfPairs(squares, k, options, quiet)));
  const best = 2 + values.indexOf(Math.max(...values));
  assert.ok(best > 10, `${best}`);
  assert.equal(await chooseK(matrix, 1, quiet), best);
});

test("the knee of a curve that is flat and then steep is where it turns", () => {
  const distances = Float32Array.from({ length: 100 }, (_, i) => (i < 90 ? 1 + i / 1000 : 1 + (i - 89)));
  assert.ok(Math.abs(kneeRadius(distances) - 1.089) < 0.01);
});
