import assert from "node:assert/strict";
import { test } from "node:test";
import { heatmapOrder, reorder } from "../../../src/charts/order";
import { resultOf } from "../../page/fixtures";

const result = resultOf({ kind: "lines", count: 6 });
const index = Int32Array.of(0, 1, 2, 3, 4, 5);
const withLabels = { ...result, items: { ...result.items, label: Int32Array.of(1, -1, 0, 1, 0, -1) } };

test("labels stand together in the order of the source, items without one last", () => {
  assert.deepEqual([...heatmapOrder(withLabels, index, "label", null)], [2, 4, 0, 3, 1, 5]);
});

test("clusters stand together, noise last; without clusters nothing moves", () => {
  const cluster = Int32Array.of(1, 0, -1, 0, 1, 0);
  assert.deepEqual([...heatmapOrder({ ...result, cluster }, index, "cluster", null)], [1, 3, 5, 0, 4, 2]);
  assert.deepEqual([...heatmapOrder(result, index, "cluster", null)], [...index]);
});

test("the order by similarity is the given one until it is known", () => {
  const leaves = Int32Array.of(5, 4, 3, 2, 1, 0);
  assert.deepEqual([...heatmapOrder(result, index, "similarity", null)], [...index]);
  assert.deepEqual([...heatmapOrder(result, index, "similarity", leaves)], [...leaves]);
});

test("some of the rows keep their similarities", () => {
  const triangle = Float32Array.of(1, 2, 3, 1, 4, 1);
  const matrix = { index: Int32Array.of(7, 8, 9), triangle, total: 3, metric: "cosine" as const };
  const some = reorder(matrix, Int32Array.of(0, 2));
  assert.deepEqual([...some.index], [7, 9]);
  assert.deepEqual([...some.triangle], [1, 3, 1]);
  assert.deepEqual([...reorder(matrix, Int32Array.of(0, 1)).triangle], [1, 2, 1]);
});

test("rows, columns and items move together", () => {
  const triangle = Float32Array.of(1, 2, 3, 1, 4, 1);
  const matrix = { index: Int32Array.of(7, 8, 9), triangle, total: 3, metric: "cosine" as const };
  const moved = reorder(matrix, Int32Array.of(2, 0, 1));
  assert.deepEqual([...moved.index], [9, 7, 8]);
  assert.deepEqual([...moved.triangle], [1, 3, 4, 1, 2, 1]);
});
