import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { neighborsKeptOf } from "../../../src/engine/analyze/point-quality";
import { quality } from "../../../src/engine/analyze/quality";
import { FEW_TASKS } from "../../../src/engine/tasks-few";
import { createRandom } from "../../../src/engine/random";
import { quiet, spearman } from "../../support/numerics";

const random = createRandom(9);
const matrix = { rows: 80, cols: 3, data: Float32Array.from({ length: 240 }, () => random.normal()) };
const column = (c: number): Float32Array => Float32Array.from({ length: 80 }, (_, i) => matrix.data[i * 3 + c]!);
const measure = async (map: { x: Float32Array; y: Float32Array; z?: Float32Array }) =>
  await neighborsKeptOf({ matrix, map, metric: "euclidean", k: 10, seed: 1, graph: null }, quiet);

test("a map that is the vectors keeps every neighbour of every item", async () => {
  const kept = await measure({ x: column(0), y: column(1), z: column(2) });
  assert.deepEqual(
    [...kept],
    Array.from({ length: 80 }, () => 1),
  );
});

test("the mean over the items is the figure of the whole map", async () => {
  const map = { x: column(0), y: column(1) };
  const kept = await measure(map);
  const whole = await quality({ matrix, map, metric: "euclidean", k: 10, seed: 1 }, quiet);
  const mean = kept.reduce((sum, value) => sum + value, 0) / 80;
  assert.ok(Math.abs(mean - whole.neighborsKept) < 1e-6);
  assert.deepEqual(whole.points!.kept, kept);
});

test("of equal vectors any is a neighbour", async () => {
  const group = (i: number): number => i % 4;
  const equal = { rows: 80, cols: 1, data: Float32Array.from({ length: 80 }, (_, i) => group(i)) };
  const map = {
    x: Float32Array.from({ length: 80 }, (_, i) => 100 * group(i) + random.normal()),
    y: Float32Array.from({ length: 80 }, () => random.normal()),
  };
  const input = { matrix: equal, map, metric: "euclidean", k: 10, seed: 1 } as const;
  const graph = await nearestNeighbors(equal, 19, "euclidean", quiet);
  const ones = new Float32Array(80).fill(1);
  assert.deepEqual(await neighborsKeptOf({ ...input, graph }, quiet), ones);
  assert.deepEqual((await quality(input, quiet)).points!.kept, ones);
});

test("an item that is torn away from its neighbours has kept none, and is the least to be trusted", async () => {
  const map = { x: column(0), y: column(1), z: column(2) };
  map.x[5] = 100;
  const kept = await measure(map);
  assert.ok(kept[5]! < 0.4 && kept[5] === Math.min(...kept));
  const { points } = await quality({ matrix, map, metric: "euclidean", k: 10, seed: 1 }, quiet);
  for (const values of [points!.trustworthiness, points!.continuity]) {
    assert.ok(values[5]! < 0.7 && values[5] === Math.min(...values), `${values[5]}`);
    assert.ok(
      values.every((value, i) => i === 5 || value > 0.8),
      "all others stand well",
    );
  }
});

test("the rank correlation of an item's distances is 1 where the map has their order, and falls for one that is misplaced", async () => {
  const map = { x: column(0), y: column(1), z: column(2) };
  const of = async (): Promise<Float32Array> =>
    (await quality({ matrix, map, metric: "euclidean", k: 10, seed: 1 }, quiet)).points!.distanceCorrelation;
  assert.ok((await of()).every((value) => value > 0.9999));
  map.x[5] = -3 * map.x[5]!;
  map.y[5] = -3 * map.y[5]!;
  const moved = await of();
  assert.ok(moved[5]! < 0.8 && moved[5] === Math.min(...moved), `${moved[5]}`);
});

test("the rank correlation of an item is that of its distances to all, to 0.1 for nine of ten items", async () => {
  const rows = 400;
  const data = Float32Array.from({ length: 3 * rows }, () => random.normal());
  const axis = (d: number): Float32Array => data.filter((_, at) => at % 3 === d);
  const axes = [axis(0), axis(1), axis(2)];
  const map = { x: axes[0]!, y: axes[1]! };
  const { points } = await quality({ matrix: { rows, cols: 3, data }, map, metric: "euclidean", k: 5, seed: 1 }, quiet);
  const off = Array.from({ length: rows }, (_, i) => {
    const others = Array.from({ length: rows }, (_, j) => j).filter((j) => j !== i);
    const from = (dims: number): number[] =>
      others.map((j) => Math.hypot(...axes.slice(0, dims).map((one) => one[i]! - one[j]!)));
    return Math.abs(points!.distanceCorrelation[i]! - spearman(from(3), from(2)));
  });
  assert.ok(off.filter((value) => value > 0.1).length < rows / 10, `${off.filter((value) => value > 0.1).length}`);
});

test("the rank correlation of distances of some hundred items is that of all their pairs, to 0.001, by every metric", async () => {
  const rows = 300;
  // Two clouds in 40 dimensions: distances within them, and between them, lie close together.
  const data = Float32Array.from({ length: 40 * rows }, (_, at) => random.normal() + (at % 80 < 40 ? 0 : 1));
  const matrix = { rows, cols: 40, data };
  const axis = (d: number): Float32Array => data.filter((_, at) => at % 40 === d);
  const map = { x: axis(0), y: axis(1) };
  const square = (cols: number, i: number, j: number): number =>
    Array.from({ length: cols }, (_, c) => (data[40 * i + c]! - data[40 * j + c]!) ** 2).reduce((a, b) => a + b);
  const dot = (i: number, j: number): number =>
    Array.from({ length: 40 }, (_, c) => data[40 * i + c]! * data[40 * j + c]!).reduce((a, b) => a + b);
  const pairs = Array.from({ length: rows }, (_, i) => Array.from({ length: i }, (_, j) => [i, j] as const)).flat();
  const low = pairs.map(([i, j]) => square(2, i, j));
  const high = {
    euclidean: pairs.map(([i, j]) => square(40, i, j)),
    cosine: pairs.map(([i, j]) => -dot(i, j) / Math.sqrt(dot(i, i) * dot(j, j))),
    dot: pairs.map(([i, j]) => -dot(i, j)),
  };
  for (const metric of ["euclidean", "cosine", "dot"] as const) {
    const { distanceCorrelation } = await quality({ matrix, map, metric, k: 5, seed: 1 }, quiet);
    const expected = spearman(high[metric], low);
    assert.ok(Math.abs(distanceCorrelation! - expected) < 0.001, `${metric}: ${distanceCorrelation}, ${expected}`);
  }
});

test("fewer known neighbours than are asked for are searched anew, and as many count as there are", async () => {
  const map = { x: column(0), y: column(1) };
  const input = { matrix, map, metric: "euclidean", k: 10, seed: 1 } as const;
  const graph = await nearestNeighbors(matrix, 4, "euclidean", quiet);
  assert.deepEqual(await neighborsKeptOf({ ...input, graph }, quiet), await measure(map));
  const few = { ...input, matrix: { rows: 6, cols: 3, data: matrix.data.slice(0, 18) }, graph: null };
  const some = { x: map.x.slice(0, 6), y: map.y.slice(0, 6) };
  assert.deepEqual(await neighborsKeptOf({ ...few, map: some }, quiet), new Float32Array(6).fill(1));
});

test("fewer than half of the items count as near, so that a figure lies between 0 and 1", async () => {
  for (const [rows, k] of [
    [8, 3],
    [20, 9],
    [21, 10],
    [80, 10],
  ] as const) {
    const part = { rows, cols: 3, data: matrix.data.slice(0, 3 * rows) };
    const map = { x: Float32Array.from({ length: rows }, (_, i) => (i * 7) % rows), y: new Float32Array(rows) };
    const found = await quality({ matrix: part, map, metric: "euclidean", k: 10, seed: 1 }, quiet);
    assert.equal(found.k, k, `${rows} items`);
    for (const figure of [found.trustworthiness, found.continuity]) assert.ok(figure >= 0 && figure < 1, `${figure}`);
  }
});

test("trustworthiness and continuity of the items have the map's as their means; of a sample the others are not known", async () => {
  const map = { x: column(0), y: column(1) };
  const whole = await quality({ matrix, map, metric: "euclidean", k: 10, seed: 1 }, quiet);
  const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  assert.ok(Math.abs(mean(whole.points!.trustworthiness) - whole.trustworthiness) < 1e-6);
  assert.ok(Math.abs(mean(whole.points!.continuity) - whole.continuity) < 1e-6);
  const data = Float32Array.from({ length: 12_000 }, (_, i) => (i * 7919) % 10_007);
  const axis = (d: number): Float32Array => data.filter((_, i) => i % 2 === d);
  const many = { matrix: { rows: 6_000, cols: 2, data }, map: { x: axis(0), y: axis(1) } };
  const { points, sample } = await quality({ ...many, metric: "euclidean", k: 10, seed: 1 }, quiet);
  assert.equal(points!.kept, undefined);
  assert.equal(points!.trustworthiness.length, 6_000);
  for (const values of [points!.trustworthiness, points!.continuity, points!.distanceCorrelation]) {
    assert.equal(values.filter(Number.isNaN).length, 6_000 - sample);
  }
});

const lattice = (rows: number) => {
  const data = Float32Array.from({ length: 2 * rows }, (_, i) => (i * 7919) % 10_007);
  const axis = (d: number): Float32Array => data.filter((_, i) => i % 2 === d);
  return { matrix: { rows, cols: 2, data }, map: { x: axis(0), y: axis(0) } };
};
const judged = (kept: Float32Array): Float32Array => kept.filter((value) => !Number.isNaN(value));
const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test("of more than 5,000 items a sample is judged, of very many without known neighbours a smaller one, by the same measure", async () => {
  const settings = { metric: "euclidean", k: 5, seed: 1 } as const;
  const judge = (rows: number) => neighborsKeptOf({ ...lattice(rows), ...settings, graph: null }, quiet);
  const [all, some, few] = [await judge(5_000), await judge(5_002), await judge(20_001)];
  assert.deepEqual(
    [all, some, few].map((kept) => judged(kept).length),
    [5_000, 5_000, 1_000],
  );
  const { matrix, map } = lattice(20_001);
  const graph = await nearestNeighbors(matrix, 5, "euclidean", quiet);
  const known = await neighborsKeptOf({ matrix, map, ...settings, graph }, quiet);
  assert.ok(Math.abs(mean(judged(known)) - mean(judged(few))) < 0.02, `${mean(judged(known))} ${mean(judged(few))}`);
});

test("neighbours by dot products are those of the largest, also where they are searched for a sample", async () => {
  const rows = 20_001;
  const data = Float32Array.from({ length: 2 * rows }, (_, at) => (at % 2 === 0 ? 1 + (at >> 1) / rows : 0));
  const line = Float32Array.from({ length: rows }, (_, i) => i);
  const input = { matrix: { rows, cols: 2, data }, metric: "dot", k: 5, seed: 1, graph: null } as const;
  const kept = await neighborsKeptOf({ ...input, map: { x: line, y: new Float32Array(rows) } }, quiet);
  // The five largest are everybody's neighbours: on the line only theirs.
  assert.ok(mean(judged(kept)) < 0.01, `${mean(judged(kept))}`);
  const away = line.map((i) => (i >= rows - 6 ? 0 : 1e6 + 10 * i));
  const ends = await neighborsKeptOf({ ...input, map: { x: away, y: new Float32Array(rows) } }, quiet);
  assert.ok(mean(judged(ends)) < 0.01);
});

test("the share of neighbours kept of many items is that among all of them, not among a sample", async () => {
  const random = createRandom(2);
  const rows = 6_000;
  const data = Float32Array.from({ length: 3 * rows }, () => random.normal());
  const axis = (d: number): Float32Array => data.filter((_, i) => i % 3 === d);
  const [matrix, map] = [
    { rows, cols: 3, data },
    { x: axis(0), y: axis(1) },
  ];
  const input = {
    matrix,
    map,
    metric: "euclidean" as const,
    k: 10,
    seed: 1,
    graph: null,
    label: new Int32Array(rows).fill(-1),
  };
  const { neighborsKept, points } = await FEW_TASKS.quality(input, quiet);
  const near = await nearestNeighbors(matrix, 10, "euclidean", quiet);
  const plane = { rows, cols: 2, data: data.filter((_, i) => i % 3 < 2) };
  const onMap = await nearestNeighbors(plane, 10, "euclidean", quiet);
  let kept = 0;
  for (let i = 0; i < rows; i++) {
    const own = new Set(near.index.subarray(10 * i, 10 * i + 10));
    for (const j of onMap.index.subarray(10 * i, 10 * i + 10)) if (own.has(j)) kept++;
  }
  const share = kept / (10 * rows);
  assert.ok(Math.abs(neighborsKept - share) < 0.005, `${neighborsKept}, among all ${share}`);
  assert.ok(Math.abs(neighborsKept - mean(judged(points!.kept!))) < 1e-6);
});
