import assert from "node:assert/strict";
import { test } from "node:test";
import { kmeans } from "../../../src/engine/analyze/kmeans";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { allSquares } from "../../../src/engine/analyze/pairs";
import { similarityMatrix, similarityOf } from "../../../src/engine/analyze/similarity";
import { createProducts, PLAIN } from "../../../src/engine/linear/product";
import { RUNTIME_PAYS } from "../../../src/engine/linear/runtime";
import { squaredDistanceAt } from "../../../src/engine/linear/vectors";
import { createRandom } from "../../../src/engine/random";
import { principalComponents } from "../../../src/engine/reduce/pca";
import type { Matrix } from "../../../src/engine/types";
import { triangleLength, trianglePlace } from "../../../src/protocol/triangle";
import { farthest, mixture, quiet } from "../../support/numerics";

// All of it is above RUNTIME_PAYS multiply-adds, so that it runs on onnxruntime.
const { matrix } = mixture(1600, 384);

test("products on onnxruntime are those of plain loops, also from shared memory", async () => {
  const products = await createProducts(RUNTIME_PAYS);
  assert.notEqual(products, PLAIN, "onnxruntime is loaded");
  const shared = new Float32Array(new SharedArrayBuffer(7 * 384 * 4));
  shared.set(matrix.data.subarray(0, 7 * 384));
  const rows = matrix.data.subarray(2000 * 3, 2000 * 3 + 5 * 384);
  for (const a of [shared, shared.slice()]) {
    const byRows = await products.byRows(a, 7, rows, 5, 384);
    assert.ok(farthest(byRows, await PLAIN.byRows(a, 7, rows, 5, 384)) < 1e-3);
    const byColumns = await products.byColumns(a, 96, rows.subarray(0, 28 * 5), 5, 28);
    assert.ok(farthest(byColumns, await PLAIN.byColumns(a, 96, rows.subarray(0, 28 * 5), 5, 28)) < 1e-3);
  }
});

test("exact neighbours by products are those of plain distances, by every metric", async () => {
  for (const metric of ["cosine", "euclidean", "dot"] as const) {
    const graph = await nearestNeighbors(matrix, 15, metric, quiet);
    for (const item of [0, 700, 1599]) {
      const all = Array.from({ length: matrix.rows }, (_, j) => j).filter((j) => j !== item);
      const similarity = (j: number): number => similarityOf(matrix, item, j, metric);
      all.sort((a, b) => similarity(b) - similarity(a) || a - b);
      const own = [...graph.index.subarray(item * 15, item * 15 + 15)];
      assert.ok(
        own.filter((j) => all.indexOf(j) < 15).length >= 14,
        `${metric}: ${own.join()} and ${all.slice(0, 15).join()}`,
      );
    }
  }
});

test("equal and nearly equal vectors keep their distances through float32 products", async () => {
  const far: Matrix = { ...matrix, data: matrix.data.map((value) => value + 50) };
  far.data.copyWithin(384, 0, 384);
  far.data.copyWithin(768, 0, 384);
  far.data[768]! += 0.001;
  const graph = await nearestNeighbors(far, 3, "euclidean", quiet);
  assert.equal(graph.distance[0], 0);
  const expected = Math.sqrt(squaredDistanceAt(far.data, 0, far.data, 768, 384));
  assert.ok(Math.abs(graph.distance[1]! - expected) < 1e-7);
});

test("neighbours within clusters that lie ten thousand times as far apart are the true ones", async () => {
  const random = createRandom(8);
  const [rows, cols] = [1300, 160];
  const data = Float32Array.from({ length: rows * cols }, (_, at) => {
    const [i, c] = [Math.floor(at / cols), at % cols];
    return random.normal() + (c === i % 4 ? 10_000 : 0);
  });
  const { index, k } = await nearestNeighbors({ rows, cols, data }, 10, "euclidean", quiet);
  for (let i = 0; i < rows; i += 100) {
    const true_ = Array.from({ length: rows }, (_, j) => ({
      j,
      d: squaredDistanceAt(data, i * cols, data, j * cols, cols),
    }))
      .filter(({ j }) => j !== i)
      .sort((p, q) => p.d - q.d);
    // A row around the mean is rounded anew: neighbours of nearly the same distance may change places.
    const limit = true_[k - 1]!.d * 1.001;
    const found = [...index.subarray(i * k, (i + 1) * k)];
    for (const j of found) assert.ok(squaredDistanceAt(data, i * cols, data, j * cols, cols) <= limit, `${i}: ${j}`);
  }
});

test("a similarity matrix of many blocks has the similarities of the single pairs", async () => {
  const n = 1200;
  const index = Int32Array.from({ length: n }, (_, i) => i);
  for (const metric of ["cosine", "euclidean", "dot"] as const) {
    const triangle = await similarityMatrix(matrix, index, metric, quiet);
    assert.equal(triangle.length, triangleLength(n));
    for (let i = 0; i < n; i += 37) {
      if (metric !== "dot") assert.equal(triangle[trianglePlace(n, i, i)], 1);
      for (let j = 0; j < n; j += 41) {
        const value = triangle[trianglePlace(n, i, j)]!;
        const single = similarityOf(matrix, i, j, metric);
        assert.ok(Math.abs(value - single) < 1e-4 * Math.max(1, Math.abs(single)), `${metric} ${i} ${j}: ${value}`);
      }
    }
  }
});

test("PCA and k-means on onnxruntime do what they do in loops", async () => {
  const few: Matrix = { rows: 300, cols: 384, data: matrix.data.slice(0, 300 * 384) };
  const many: Matrix = { rows: 2400, cols: 384, data: new Float32Array(2400 * 384) };
  for (let copy = 0; copy < 8; copy++) many.data.set(few.data, copy * few.data.length);
  const small = await principalComponents(few, 2, "axes", 1, quiet);
  const large = await principalComponents(many, 2, "axes", 1, quiet);
  for (const axis of [0, 1]) assert.ok(farthest(large.scores[axis]!.subarray(0, 300), small.scores[axis]!) < 1e-3);
  const one = await kmeans(few, 10, { seed: 1, restarts: 10 }, quiet);
  const eight = await kmeans(many, 10, { seed: 1, restarts: 10 }, quiet);
  assert.ok(Math.abs(eight.inertia / (8 * one.inertia) - 1) < 0.01, `${eight.inertia} and 8 × ${one.inertia}`);
});

test("all squared distances are those of the rows, symmetric, and exactly 0 and alike for equal rows", async () => {
  const [rows, cols] = [1100, 384];
  const data = matrix.data.slice(0, rows * cols);
  data.copyWithin(1000 * cols, 0, 100 * cols);
  const squares = await allSquares({ rows, cols, data }, quiet);
  for (let i = 0; i < rows; i += 37) {
    for (let j = 0; j < rows; j += 41) {
      const exact = squaredDistanceAt(data, i * cols, data, j * cols, cols);
      assert.ok(Math.abs(squares[i * rows + j]! - exact) < 1e-4 * Math.max(1, exact), `${i} ${j}`);
      assert.equal(squares[i * rows + j], squares[j * rows + i]);
    }
  }
  for (let i = 0; i < 100; i++) {
    const copy = 1000 + i;
    assert.equal(squares[i * rows + copy], 0);
    assert.deepEqual(squares.subarray(copy * rows, (copy + 1) * rows), squares.subarray(i * rows, (i + 1) * rows));
    for (let j = 0; j < rows; j++) assert.equal(squares[j * rows + copy], squares[j * rows + i]);
  }
});
