import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { createRandom } from "../../../src/engine/random";
import { neighborsNeeded, reduce } from "../../../src/engine/reduce/reduce";
import { spreadTies } from "../../../src/engine/reduce/ties";
import type { Matrix } from "../../../src/engine/types";
import { parseRecipe } from "../../../src/protocol/recipe";
import { quiet } from "../../support/numerics";

const COLS = 12;
const OTHERS = 900;

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
  const graph = spreadTies(found, matrix, 42);
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
  assert.deepEqual(spreadTies(found, matrix, 42).index, graph.index, "the same for the same seed");
});

test("without many equal items the graph stays as it is", async () => {
  for (const equal of [0, 20]) {
    const matrix = withCopies(equal);
    const graph = await nearestNeighbors(matrix, 14, "euclidean", quiet);
    assert.equal(spreadTies(graph, matrix, 42), graph);
  }
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
