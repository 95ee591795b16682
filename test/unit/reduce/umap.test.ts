import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { createRandom } from "../../../src/engine/random";
import { principalComponents } from "../../../src/engine/reduce/pca";
import { umapStart } from "../../../src/engine/reduce/start";
import { fitCurve } from "../../../src/engine/reduce/umap/curve";
import { fuzzyGraph, smoothDistances, strongestOf } from "../../../src/engine/reduce/umap/fuzzy";
import { gradientTables, TABLE_BASE, TABLE_SHIFT } from "../../../src/engine/reduce/umap/gradient";
import { epochsFor } from "../../../src/engine/reduce/umap/layout";
import { spectralCoordinates } from "../../../src/engine/reduce/umap/spectral";
import { umap } from "../../../src/engine/reduce/umap/umap";
import type { Matrix } from "../../../src/engine/types";
import { farthest, mixture, quiet, recordedGraph, reference } from "../../support/numerics";

const recorded = reference();

test("a and b are those of umap-learn to 1e-4", () => {
  for (const { minDist, a, b } of recorded.umap.curve) {
    const curve = fitCurve(minDist);
    assert.ok(Math.abs(curve.a - a) <= 1e-4 * a, `a at ${minDist}: ${curve.a} and ${a}`);
    assert.ok(Math.abs(curve.b - b) <= 1e-4 * b, `b at ${minDist}: ${curve.b} and ${b}`);
  }
});

test("the longer the least distance, the later and the steeper the curve falls, also where plain steps lead nowhere", () => {
  let before = { a: Infinity, b: 0 };
  for (let step = 0; step <= 200; step++) {
    const curve = fitCurve(step / 200);
    assert.ok(curve.a > 0 && curve.a < before.a && curve.b > before.b, `${step / 200}: ${JSON.stringify(curve)}`);
    before = curve;
  }
});

for (const metric of ["euclidean", "cosine"] as const) {
  const expected = recorded.umap[metric];
  const graph = recordedGraph(recorded.rows, expected);

  test(`${metric}: the nearest neighbours are scikit-learn's`, async () => {
    const own = await nearestNeighbors(recorded.matrix, graph.k, metric, quiet);
    assert.ok(farthest(own.distance, graph.distance) < 1e-5);
    const same = own.index.filter((j, at) => j === graph.index[at]).length;
    assert.ok(same >= own.index.length - 4, `${same} of ${own.index.length}`);
  });

  test(`${metric}: sigmas and rhos are those of umap-learn to 1e-4`, () => {
    const { sigma, rho } = smoothDistances(graph);
    assert.ok(farthest(rho, expected.rho) < 1e-6);
    const relative = expected.sigma.map((value, i) => sigma[i]! / value);
    assert.ok(farthest(relative, new Float64Array(relative.length).fill(1)) < 1e-4);
  });

  test(`${metric}: the fuzzy graph has umap-learn's edges and weights to 1e-4`, () => {
    const own = fuzzyGraph(graph);
    const weights = (start: ArrayLike<number>, target: ArrayLike<number>, weight: ArrayLike<number>) => {
      const edges = new Map<string, number>();
      for (let i = 0; i < recorded.rows; i++) {
        for (let at = start[i]!; at < start[i + 1]!; at++) edges.set(`${i} ${target[at]!}`, weight[at]!);
      }
      return edges;
    };
    const mine = weights(own.start, own.target, own.weight);
    const theirs = weights(expected.start, expected.target, expected.weight);
    for (const [edge, weight] of theirs) assert.ok(Math.abs((mine.get(edge) ?? 0) - weight) < 1e-4, edge);
    for (const [edge, weight] of mine) assert.ok(theirs.has(edge) || weight < 1e-4, edge);
  });
}

test("where all neighbours are as far, sigma is a thousandth of the mean distance, of all items where an item has only copies", () => {
  const distance = Float32Array.of(2, 2, 2, 2, 2, 2, 0, 0, 0);
  const { rho, sigma } = smoothDistances({ count: 3, k: 3, index: new Int32Array(9), distance });
  assert.deepEqual([...rho], [2, 2, 0]);
  assert.ok(farthest(sigma, [6 / 4e3, 6 / 4e3, 12 / 12e3]) < 1e-12, sigma.join());
});

test("the tables give the gradient of UMAP to 0.3 %", () => {
  const { a, b } = fitCurve(0.1);
  const tables = gradientTables({ a, b });
  for (const square of [1e-8, 1e-3, 0.07, 1, 3.3, 250, 9e4]) {
    const place = (new Int32Array(Float32Array.of(square).buffer)[0]! >> TABLE_SHIFT) - TABLE_BASE;
    const pull = (-2 * a * b * square ** (b - 1)) / (1 + a * square ** b);
    const push = (2 * b) / ((0.001 + square) * (1 + a * square ** b));
    assert.ok(Math.abs(tables.pull[place]! / pull - 1) < 0.003, `pull at ${square}`);
    assert.ok(Math.abs(tables.push[place]! / push - 1) < 0.004, `push at ${square}`);
  }
});

test("a layout takes 500 epochs up to 10,000 items and 200 above, as umap-learn's", () => {
  assert.deepEqual([2, 10_000, 10_001, 200_000].map(epochsFor), [500, 500, 200, 200]);
});

for (const rows of [8, 20, 300, 600]) {
  test(`a connected graph of ${rows} items starts from its spectrum, one that falls apart from principal components`, async () => {
    const near = mixture(rows, 12, { clusters: 1, spread: 1 }).matrix;
    const apart = { ...near, data: near.data.map((value, at) => value + (at < (rows / 2) * 12 ? 1_000 : 0)) };
    const options = { dims: 2, minDist: 0.1, seed: 4, threads: 1 } as const;
    const neighbors = Math.min(14, rows / 2 - 1);
    const startOf = async (matrix: Matrix): Promise<number[]> => {
      const graph = await nearestNeighbors(matrix, neighbors, "euclidean", quiet);
      const { positions, done } = await umap(matrix, graph, options, { ...quiet, enough: () => true });
      assert.equal(done, 0);
      return [...positions];
    };
    const [connected, islands] = [await startOf(near), await startOf(apart)];
    const fuzzy = fuzzyGraph(await nearestNeighbors(near, neighbors, "euclidean", quiet));
    const spectrum = spectralCoordinates(fuzzy, 2, strongestOf(fuzzy) / 500, createRandom(4, 0x59e), () => undefined)!;
    assert.ok(farthest(connected, umapStart(spectrum, createRandom(4, 0x57a))) < 1e-6);
    const components = await principalComponents(apart, 2, "start", 4, quiet);
    assert.ok(farthest(islands, umapStart(components.scores, createRandom(4, 0x57a))) < 1e-6);
  });
}

test("up to 400 items are laid out from several starts, by the whole gradient", async () => {
  for (const [rows, steps] of [
    [400, 900],
    [401, 500],
  ] as const) {
    const { matrix } = mixture(rows, 12, { clusters: 1, spread: 1 });
    const graph = await nearestNeighbors(matrix, 14, "euclidean", quiet);
    const options = { dims: 2, minDist: 0.1, seed: 4, threads: 1 } as const;
    const { done, total } = await umap(matrix, graph, options, { ...quiet, enough: () => true });
    assert.deepEqual([done, total], [0, steps]);
  }
});
