import assert from "node:assert/strict";
import { test } from "node:test";
import { distanceAt } from "../../../src/engine/analyze/metric";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { placesFor } from "../../../src/engine/analyze/normalize";
import { createRandom } from "../../../src/engine/random";
import { neighborsNeeded, reduce } from "../../../src/engine/reduce/reduce";
import { spreadTies } from "../../../src/engine/reduce/ties";
import type { Matrix } from "../../../src/engine/types";
import { parseRecipe } from "../../../src/protocol/recipe";
import { quiet } from "../../support/numerics";

const COLS = 12;
const OTHERS = 900;
const EUCLIDEAN = { metric: "euclidean", seed: 42 } as const;

/** One Gaussian of 900 items, and `equal` copies of its first one behind it. */
function withCopies(equal: number): Matrix {
  const random = createRandom(4);
  const data = new Float32Array((OTHERS + equal) * COLS);
  for (let at = 0; at < OTHERS * COLS; at++) data[at] = random.normal();
  for (let i = OTHERS; i < OTHERS + equal; i++) data.copyWithin(i * COLS, 0, COLS);
  return { rows: OTHERS + equal, cols: COLS, data };
}

test("each of many equal items has other equal ones for neighbours, as near as before, and none is everybody's", async () => {
  const matrix = withCopies(600);
  const found = await nearestNeighbors(matrix, 14, "euclidean", quiet);
  const graph = await spreadTies(found, matrix, EUCLIDEAN, quiet);
  assert.deepEqual(graph.distance, found.distance);
  const met = new Int32Array(matrix.rows);
  for (let i = 0; i < matrix.rows; i++) {
    const own = graph.index.subarray(i * 14, (i + 1) * 14);
    assert.ok(new Set(own).size === 14 && !own.includes(i), `item ${i}`);
    for (const [s, j] of own.entries()) {
      met[j]!++;
      const before = found.index[i * 14 + s]!;
      const isCopy = (item: number): boolean => item === 0 || item >= OTHERS;
      if (isCopy(before)) assert.ok(isCopy(j));
      else assert.equal(j, before);
    }
  }
  const most = (index: Int32Array): number => {
    const times = new Map<number, number>();
    for (const j of index) times.set(j, (times.get(j) ?? 0) + 1);
    return Math.max(...times.values());
  };
  assert.ok(most(found.index) > 500, "by index a few are everybody's");
  assert.ok(Math.max(...met) < 150, String(Math.max(...met)));
  assert.deepEqual(
    (await spreadTies(found, matrix, EUCLIDEAN, quiet)).index,
    graph.index,
    "the same for the same seed",
  );
});

test("without items that are as near the graph stays as it is", async () => {
  const matrix = withCopies(0);
  const graph = await nearestNeighbors(matrix, 14, "euclidean", quiet);
  assert.equal(await spreadTies(graph, matrix, EUCLIDEAN, quiet), graph);
});

/** Corners of a cube of some dimensions, drawn by chance, with an offset. */
function corners(rows: number, cols: number, offset = 0): Matrix {
  const random = createRandom(8);
  return { rows, cols, data: Float32Array.from({ length: rows * cols }, () => offset + random.below(2)) };
}

for (const [metric, offset] of [["euclidean", 0] as const, ["euclidean", 1e3] as const, ["cosine", 1] as const]) {
  test(`of items at one distance any are the last neighbours, by ${metric} ${offset} from the origin`, async () => {
    const given = corners(900, 7, offset);
    const matrix = placesFor(given, metric);
    const found = await nearestNeighbors(given, 14, metric, quiet);
    const graph = await spreadTies(found, matrix, { metric, seed: 1 }, quiet);
    assert.deepEqual(graph.distance, found.distance);
    const met = new Int32Array(900);
    for (let i = 0; i < 900; i++) {
      const own = graph.index.subarray(14 * i, 14 * i + 14);
      assert.ok(new Set(own).size === 14 && !own.includes(i), `item ${i}`);
      own.forEach((j, s) => {
        met[j]!++;
        const expected = found.distance[14 * i + s]!;
        assert.ok(Math.abs(distanceAt(matrix, i, j, metric) - expected) <= 1e-5 * expected, `item ${i}, ${s}`);
      });
    }
    // By index some are met 67 times and more.
    assert.ok(Math.max(...met) < 45, `${Math.max(...met)}`);
  });
}

test("umap: corners of a cube are one map, from which no group is cut off", async () => {
  const source = { kind: "vectors", paths: ["a"] };
  const { reduce: settings } = parseRecipe({ version: 1, source, model: "m" });
  for (const matrix of [corners(350, 5), corners(1_500, 7)]) {
    const graph = await nearestNeighbors(matrix, neighborsNeeded(settings, matrix.rows), "euclidean", quiet);
    const { x, y } = await reduce({ matrix, graph, settings, metric: "euclidean", seed: 42 }, quiet);
    const reach = [x, y].map((axis) => Math.max(...axis) - Math.min(...axis));
    // umap-learn: 9.6 and 12.5; by index they reach 54 and 36.
    assert.ok(Math.max(...reach) < 20, `${matrix.rows} items reach ${reach.join(" × ")}`);
  }
});

test("tsne: items that are all as far from each other are not piled up", async () => {
  const source = { kind: "vectors", paths: ["a"] };
  const { reduce: settings } = parseRecipe({ version: 1, source, model: "m", reduce: { method: "tsne" } });
  const matrix = { rows: 120, cols: 120, data: new Float32Array(120 * 120) };
  for (let i = 0; i < 120; i++) matrix.data[121 * i] = 1;
  const graph = await nearestNeighbors(matrix, neighborsNeeded(settings, 120), "cosine", quiet);
  const { x, y, warnings } = await reduce({ matrix, graph, settings, metric: "cosine", seed: 42 }, quiet);
  assert.deepEqual(warnings, ["All items are as far from each other: their places say little."]);
  const step = (Math.max(...x) - Math.min(...x)) / 200;
  const places = Array.from(x, (value, i) => `${Math.round(value / step)} ${Math.round(y[i]! / step)}`);
  assert.ok(new Set(places).size > 100, `${new Set(places).size} places`);
});

test("copies are not said to be as far from each other", async () => {
  const source = { kind: "vectors", paths: ["a"] };
  const { reduce: settings } = parseRecipe({ version: 1, source, model: "m" });
  const matrix = { rows: 200, cols: 5, data: new Float32Array(1_000) };
  for (let i = 0; i < 200; i++) matrix.data[5 * i + (i % 5)] = 1;
  const graph = await nearestNeighbors(matrix, neighborsNeeded(settings, 200), "cosine", quiet);
  assert.deepEqual((await reduce({ matrix, graph, settings, metric: "cosine", seed: 1 }, quiet)).warnings, []);
});

test("items that merely have a copy, dot products and approximate neighbours are left as they are", async () => {
  const random = createRandom(3);
  const data = new Float32Array(400 * COLS);
  for (let at = 0; at < data.length; at++) data[at] = random.normal();
  for (let i = 380; i < 400; i++) data.copyWithin(i * COLS, (i - 380) * COLS, (i - 379) * COLS);
  const matrix = { rows: 400, cols: COLS, data };
  const graph = await nearestNeighbors(matrix, 14, "euclidean", quiet);
  const spread = await spreadTies(graph, matrix, EUCLIDEAN, quiet);
  const changed = spread.index.filter((j, at) => j !== graph.index[at]).length;
  assert.ok(changed < 100, `${changed}`);
  const cube = corners(900, 7);
  const found = await nearestNeighbors(cube, 14, "euclidean", quiet);
  const approximate = { ...found, recall: 1 };
  assert.equal(await spreadTies(approximate, cube, EUCLIDEAN, quiet), approximate);
  assert.equal(await spreadTies(found, cube, { metric: "dot", seed: 1 }, quiet), found);
});

test("the scale of the vectors does not matter", async () => {
  const cube = corners(900, 7);
  const tiny = { ...cube, data: cube.data.map((value) => value * 1e-7) };
  const of = async (matrix: Matrix) =>
    spreadTies(await nearestNeighbors(matrix, 14, "euclidean", quiet), matrix, EUCLIDEAN, quiet);
  const met = new Int32Array(900);
  for (const j of (await of(tiny)).index) met[j]!++;
  assert.ok(Math.max(...met) < 45, `${Math.max(...met)}`);
});

/** The share of a grid of 10 × 10 over some points, but for the outermost, that holds any of them: a patch fills it, strings do not. */
function filled(x: Float32Array, y: Float32Array): number {
  const [[left, right], [low, high]] = [x, y].map((axis) => {
    const inOrder = axis.slice().sort();
    return [inOrder[Math.floor(axis.length * 0.02)]!, inOrder[Math.floor(axis.length * 0.98)]!] as const;
  }) as [readonly [number, number], readonly [number, number]];
  const place = (value: number, from: number, to: number): number => Math.floor((10 * (value - from)) / (to - from));
  const cells = new Set<number>();
  for (let i = 0; i < x.length; i++) {
    const [column, row] = [place(x[i]!, left, right), place(y[i]!, low, high)];
    if (column >= 0 && column < 10 && row >= 0 && row < 10) cells.add(row * 10 + column);
  }
  return cells.size / 100;
}

test("umap: many equal items are a patch on the map, not strings", async () => {
  const source = { kind: "vectors", paths: ["a"] };
  const { reduce: settings } = parseRecipe({ version: 1, source, model: "m" });
  const matrix = withCopies(1800);
  const graph = await nearestNeighbors(matrix, neighborsNeeded(settings, matrix.rows), "cosine", quiet);
  const { x, y } = await reduce({ matrix, graph, settings, metric: "cosine", seed: 42 }, quiet);
  const share = filled(x.slice(OTHERS), y.slice(OTHERS));
  assert.ok(share > 0.7, String(share));
});
