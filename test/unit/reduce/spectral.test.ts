import assert from "node:assert/strict";
import { test } from "node:test";
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
  const [x, y] = coordinates(ring(90), 2)!;
  const radii = Array.from(x!, (value, i) => Math.hypot(value, y![i]!));
  assert.ok(Math.min(...radii) > 0.9 * Math.max(...radii), `${Math.min(...radii)} to ${Math.max(...radii)}`);
});

test("axes are orthonormal, without the trivial one, and other seeds give nearly the same", async () => {
  const graph = fuzzyGraph(await nearestNeighbors(mixture(500, 20, { spread: 1.5 }).matrix, 14, "cosine", quiet));
  const found = coordinates(graph, 3)!;
  const degree = Float64Array.from({ length: 500 }, (_, i) =>
    graph.weight.subarray(graph.start[i], graph.start[i + 1]).reduce((sum, value) => sum + value, 0),
  );
  const trivial = degree.map((value) => Math.sqrt(value / degree.reduce((sum, other) => sum + other, 0)));
  const other = coordinates(graph, 3, 2)!;
  found.forEach((axis, d) => {
    assert.ok(Math.abs(dot(axis, axis) - 1) < 1e-9);
    assert.ok(Math.abs(dot(axis, trivial)) < 1e-9);
    for (const before of found.slice(0, d)) assert.ok(Math.abs(dot(axis, before)) < 1e-9);
    assert.ok(dot(axis, other[d]!) > 0.98, `axis ${d + 1}: ${dot(axis, other[d]!)}`);
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
  assert.equal(coordinates(ring(10), 2), null, "too few items");
});
