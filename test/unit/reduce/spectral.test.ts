import assert from "node:assert/strict";
import { test } from "node:test";
import { symmetricEigen } from "../../../src/engine/linear/eigen";
import { createRandom } from "../../../src/engine/random";
import { fuzzyGraph, type WeightedGraph } from "../../../src/engine/reduce/umap/fuzzy";
import { spectralCoordinates } from "../../../src/engine/reduce/umap/spectral";
import { mixture, quiet, recordedGraph, reference } from "../../support/numerics";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";

const recorded = reference();
const coordinates = (graph: WeightedGraph, dims: 2 | 3, seed = 1, least = 0): Float64Array[] | null =>
  spectralCoordinates(graph, dims, least, createRandom(seed), () => undefined);
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** The cycle 0 – 1 – … – n − 1 – 0, and items beyond it that are tied to nobody in it. */
function ring(n: number, apart = 0): WeightedGraph {
  const edges = Array.from({ length: n }, (_, i) => [(i + n - 1) % n, (i + 1) % n]);
  const others = Array.from({ length: apart }, (_, i) => [n + (i ^ 1)]);
  const rows = [...edges, ...others];
  const start = Int32Array.from({ length: rows.length + 1 }, (_, i) => rows.slice(0, i).flat().length);
  const target = Int32Array.from(rows.flat());
  return { count: rows.length, start, target, weight: new Float32Array(target.length).fill(0.5) };
}

test("the spectral coordinates of a fuzzy graph are umap-learn's, up to their signs", () => {
  const { spectral } = recorded.umap.cosine;
  const found = coordinates(fuzzyGraph(recordedGraph(recorded.rows, recorded.umap.cosine)), 2)!;
  found.forEach((axis, d) => {
    const theirs = Float64Array.from({ length: recorded.rows }, (_, i) => spectral[2 * i + d]!);
    const cosine = Math.abs(dot(axis, theirs)) / Math.sqrt(dot(theirs, theirs));
    assert.ok(cosine > 0.998, `axis ${d + 1}: ${cosine}`);
  });
});

test("a ring of items is a circle", () => {
  for (const count of [5, 10, 90]) {
    const [x, y] = coordinates(ring(count), 2)!;
    const radii = Array.from(x!, (value, i) => Math.hypot(value, y![i]!));
    assert.ok(
      Math.min(...radii) > 0.9 * Math.max(...radii),
      `${count}: ${Math.min(...radii)} to ${Math.max(...radii)}`,
    );
  }
});

// 20 and 500 items: all eigenvectors at once, and some by iteration.
for (const rows of [20, 500]) {
  test(`axes of ${rows} items are orthonormal, without the trivial one, and other seeds give nearly the same`, async () => {
    const matrix = mixture(rows, 20, { spread: 1.5 }).matrix;
    const graph = fuzzyGraph(await nearestNeighbors(matrix, 14, "cosine", quiet));
    const found = coordinates(graph, 3)!;
    const degree = Float64Array.from({ length: rows }, (_, i) =>
      graph.weight.subarray(graph.start[i], graph.start[i + 1]).reduce((sum, value) => sum + value, 0),
    );
    const trivial = degree.map((value) => Math.sqrt(value / degree.reduce((sum, other) => sum + other, 0)));
    const other = coordinates(graph, 3, 2)!;
    found.forEach((axis, d) => {
      assert.ok(Math.abs(dot(axis, axis) - 1) < 1e-9);
      assert.ok(Math.abs(dot(axis, trivial)) < 1e-6);
      for (const before of found.slice(0, d)) assert.ok(Math.abs(dot(axis, before)) < 1e-9);
      assert.ok(dot(axis, other[d]!) > 0.98, `axis ${d + 1}: ${dot(axis, other[d]!)}`);
    });
  });
}

test("the axes of a few items belong to the smallest eigenvalues of the Laplacian but the trivial one", async () => {
  const graph = fuzzyGraph(await nearestNeighbors(mixture(12, 20, { spread: 1.5 }).matrix, 4, "cosine", quiet));
  const { count, start, target, weight } = graph;
  const degree = Float64Array.from({ length: count }, (_, i) =>
    weight.subarray(start[i], start[i + 1]).reduce((sum, value) => sum + value, 0),
  );
  const laplacian = Float64Array.from({ length: count * count }, (_, at) => (at % (count + 1) === 0 ? 1 : 0));
  for (let i = 0; i < count; i++) {
    for (let at = start[i]!; at < start[i + 1]!; at++) {
      laplacian[i * count + target[at]!]! -= weight[at]! / Math.sqrt(degree[i]! * degree[target[at]!]!);
    }
  }
  const { values } = symmetricEigen(laplacian.slice(), count);
  coordinates(graph, 3)!.forEach((axis, d) => {
    const image = axis.map((_, i) => dot(laplacian.subarray(i * count, (i + 1) * count), axis));
    assert.ok(Math.abs(dot(axis, image) - values[count - 2 - d]!) < 1e-6, `axis ${d + 1}`);
    assert.ok(image.every((value, i) => Math.abs(value - values[count - 2 - d]! * axis[i]!) < 1e-6));
  });
});

test("a graph that falls apart, by itself or without its weak edges, has none", () => {
  assert.equal(coordinates(ring(90, 2), 2), null);
  const weak = ring(90);
  for (let i = 0; i < 90; i++) {
    for (let at = weak.start[i]!; at < weak.start[i + 1]!; at++) {
      if (i < 45 !== weak.target[at]! < 45) weak.weight[at] = 1e-4;
    }
  }
  assert.notEqual(coordinates(weak, 2), null);
  assert.equal(coordinates(weak, 2, 1, 1e-3), null);
});

test("weak edges are as if they were not there", () => {
  for (const count of [30, 90]) {
    // A ring with a weak chord from each item.
    const target = Int32Array.from({ length: 3 * count }, (_, at) => {
      const i = Math.floor(at / 3);
      return [(i + count - 1) % count, (i + 1) % count, (i + count / 2) % count][at % 3]!;
    });
    const weight = Float32Array.from({ length: 3 * count }, (_, at) => (at % 3 === 2 ? 0.04 : 0.5));
    const start = Int32Array.from({ length: count + 1 }, (_, i) => 3 * i);
    const found = coordinates({ count, start, target, weight }, 2, 1, 0.05)!;
    const plain = coordinates(ring(count), 2)!;
    found.forEach((axis, d) => axis.forEach((value, i) => assert.ok(Math.abs(value - plain[d]![i]!) < 1e-6)));
  }
});

test("no more items than axes have none", () => {
  assert.equal(coordinates(ring(3), 3), null);
  assert.equal(coordinates(ring(3), 2)!.length, 2);
});
