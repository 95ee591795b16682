import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { anomalies } from "../../../src/engine/analyze/anomalies/anomalies";
import { doubtfulLabels } from "../../../src/engine/analyze/anomalies/doubtful";
import { duplicateGroups } from "../../../src/engine/analyze/anomalies/duplicates";
import { outliers } from "../../../src/engine/analyze/anomalies/outliers";
import { createRandom } from "../../../src/engine/random";
import { BitRows, type Likeness } from "../../../src/engine/analyze/anomalies/likeness";
import type { Matrix, NeighborGraph } from "../../../src/engine/types";
import { MOST_FINDINGS } from "../../../src/protocol/explore";
import { quiet } from "../../support/numerics";

const COLS = 16;

/** Two clouds of 20 items around opposite corners. */
function clouds(): number[][] {
  const random = createRandom(3);
  return Array.from({ length: 40 }, (_, i) =>
    Array.from({ length: COLS }, (_, c) => (c % 2 === Math.floor(i / 20) ? 1 : 0) + 0.25 * random.normal()),
  );
}

const matrixOf = (rows: number[][]): Matrix => ({
  rows: rows.length,
  cols: rows[0]?.length ?? 0,
  data: Float32Array.from(rows.flat()),
});
const none = (rows: number[][]): Int32Array => new Int32Array(rows.length).fill(-1);
const find = (rows: number[][], labels = none(rows), metric: "cosine" | "euclidean" | "dot" = "cosine") =>
  anomalies({ matrix: matrixOf(rows), metric, labels, threshold: 0.98 }, quiet);

/** A graph of the nearest of each item, with their distances. */
const graphOf = (...nearest: [item: number, distance: number][][]): NeighborGraph => ({
  count: nearest.length,
  k: nearest[0]!.length,
  index: Int32Array.from(nearest.flat(), ([item]) => item),
  distance: Float32Array.from(nearest.flat(), ([, distance]) => distance),
});

/** The likeness of items whose distances a graph knows, both ways; all others have none. */
function likenessIn({ k, index, distance }: NeighborGraph): Likeness {
  const known = new Map<string, number>();
  index.forEach((j, at) => {
    const i = Math.floor(at / k);
    known.set([i, j].sort().join(), distance[at]!);
  });
  const between = (a: number, b: number): number => 1 - (known.get([a, b].sort().join()) ?? 1);
  return {
    cols: 1,
    at: (distance) => 1 - distance,
    between,
    same: (a, b) => between(a, b) > 1 - 1e-6,
    similar: (rows, columns, least) => {
      const bits = new BitRows(rows.length, columns.length);
      rows.forEach((a, row) => columns.forEach((b, column) => between(a, b) >= least && bits.set(row, column)));
      return Promise.resolve(bits);
    },
  };
}
const groupsIn = (graph: NeighborGraph, threshold: number) =>
  duplicateGroups(graph, likenessIn(graph), threshold, quiet);

describe("near-duplicates", () => {
  test("are groups: the same vectors first, then those above the threshold", async () => {
    const rows = clouds();
    rows[7] = [...rows[3]!];
    rows[31] = rows[25]!.map((value, c) => value + (c === 0 ? 0.1 : 0));
    rows[30] = rows[31].map((value, c) => value + (c === 1 ? 0.1 : 0));
    for (const metric of ["cosine", "euclidean", "dot"] as const) {
      const { duplicates } = await find(rows, none(rows), metric);
      assert.deepEqual(
        duplicates.map(({ items, exact }) => ({ items, exact })),
        [
          { items: [3, 7], exact: true },
          { items: [25, 30, 31], exact: false },
        ],
        metric,
      );
      assert.ok(duplicates[1]!.similarity >= 0.98 && duplicates[1]!.similarity < 1);
    }
  });

  test("that are the same are told also where others are near to them", async () => {
    const rows = clouds();
    rows[7] = [...rows[3]!];
    rows[9] = rows[3]!.map((value, c) => value + (c === 0 ? 0.1 : 0));
    const { duplicates } = await find(rows);
    assert.deepEqual(
      duplicates.map(({ items, exact }) => ({ items, exact })),
      [
        { items: [3, 7], exact: true },
        { items: [3, 7, 9], exact: false },
      ],
    );
  });

  test("are near to the middle of their group: a chain, each near to the next, is cut", async () => {
    const step = Math.acos(0.985);
    const rows = Array.from({ length: 9 }, (_, i) => [Math.cos(i * step), Math.sin(i * step)]);
    const { duplicates } = await find(rows);
    const groups = duplicates.map(({ items }) => items).sort(([a], [b]) => a! - b!);
    assert.deepEqual(groups, [[0, 1, 2], [3, 4], [5, 6], [7, 8]]); // prettier-ignore
    assert.ok(duplicates.every(({ similarity }) => similarity >= 0.98));
  });

  test("are as similar as the threshold at least, the most similar group first, with its least similarity to the middle", async () => {
    const graph = graphOf([[1, 0.25]], [[0, 0.25]], [[3, 0.125]], [[2, 0.125]], [[3, 0.1875]], [[4, 0.5]]);
    assert.deepEqual(await groupsIn(graph, 0.75), [
      { items: [2, 3, 4], exact: false, similarity: 0.8125 },
      { items: [0, 1], exact: false, similarity: 0.75 },
    ]);
  });

  test("are those of the item with the most around it, also of ones that it has not among its nearest", async () => {
    const graph = graphOf([[2, 0.25]], [[2, 0.125]], [[1, 0.125]], [[2, 0.0625]], [[0, 0.125]]);
    const groups = await groupsIn(graph, 0.5);
    assert.deepEqual(
      groups.map(({ items }) => items),
      [[0, 1, 2, 3]],
    );
  });

  test("differ by rounding alone also where the threshold asks for the same", async () => {
    const graph = graphOf([[1, 1e-7]], [[0, 1e-7]], [[1, 1e-5]]);
    const [group, ...others] = await groupsIn(graph, 1);
    assert.deepEqual([group!.items, group!.exact, others], [[0, 1], true, []]);
  });

  test("by euclidean distances are as similar as 1 less the square over the median one of two items", async () => {
    const rows = clouds();
    rows[9] = rows[3]!.map((value, c) => value + (c < 4 ? 0.1 : 0));
    const square = (a: number[], b: number[]): number => a.reduce((sum, value, c) => sum + (value - b[c]!) ** 2, 0);
    const all = rows.flatMap((a, i) => rows.slice(0, i).map((b) => square(a, b)));
    const usual = all.sort((a, b) => a - b)[all.length >> 1]!;
    const [found] = (await find(rows, none(rows), "euclidean")).duplicates;
    assert.deepEqual(found!.items, [3, 9]);
    assert.ok(Math.abs(found!.similarity - (1 - square(rows[3]!, rows[9]) / usual)) < 1e-4, `${found!.similarity}`);
    const equal = (
      await find(
        Array.from({ length: 12 }, () => [1, 2]),
        none(rows),
        "euclidean",
      )
    ).duplicates;
    assert.deepEqual([equal.length, equal[0]?.exact, equal[0]?.similarity], [1, true, 1]);
  });

  test("by euclidean distances are not all the others of an item far away", async () => {
    const random = createRandom(4);
    const rows = Array.from({ length: 300 }, (_, i) =>
      Array.from({ length: COLS }, () => (i === 0 ? 1e6 : 1) * random.normal()),
    );
    rows[8] = [...rows[5]!];
    const { duplicates } = await find(rows, none(rows), "euclidean");
    assert.deepEqual(
      duplicates.map(({ items, exact }) => ({ items, exact })),
      [{ items: [5, 8], exact: true }],
    );
  });

  test("by euclidean distances are above the threshold also far from the origin, beside an item still farther", async () => {
    const random = createRandom(5);
    const centres = Array.from({ length: 12 }, () => Array.from({ length: COLS }, () => 1e4 + random.normal()));
    const rows = Array.from({ length: 241 }, (_, i) =>
      i === 240 ? centres[0]!.map(() => 1e6) : centres[i % 12]!.map((value) => value + 0.02 * random.normal()),
    );
    const { duplicates } = await find(rows, none(rows), "euclidean");
    assert.deepEqual(
      duplicates.map(({ items }) => items.length),
      Array.from({ length: 12 }, () => 20),
    );
    assert.ok(duplicates.every(({ similarity }) => similarity >= 0.98));
  });

  test("differ by rounding alone also as they are given", async () => {
    const rows = clouds();
    rows[7] = rows[3]!.map((value) => value * (1 + 5e-8));
    const [group] = (await find(rows, none(rows), "euclidean")).duplicates;
    assert.deepEqual([group!.items, group!.exact], [[3, 7], true]);
  });

  test("are told by the mean distance where most pairs are equal", async () => {
    const rows = Array.from({ length: 60 }, (_, i) => [i < 50 ? 0 : 10 * (i - 49), 1]);
    rows[59] = [91, 1];
    const { duplicates } = await find(rows, none(rows), "euclidean");
    assert.deepEqual(
      duplicates.map(({ items, exact }) => [items.length, exact]),
      [[50, true], [2, false]],
    ); // prettier-ignore
  });

  test("are not the same when they only point nearly the same way", async () => {
    const rows = clouds();
    rows[7] = rows[3]!.map((value, c) => value + (c === 0 ? 1e-4 : 0));
    for (const metric of ["cosine", "euclidean"] as const) {
      const [group] = (await find(rows, none(rows), metric)).duplicates;
      assert.deepEqual([group!.items, group!.exact], [[3, 7], false]);
      assert.ok(group!.similarity > 1 - 1e-6);
    }
  });

  test("are whole groups, however many they are, and whatever their order", async () => {
    const random = createRandom(7);
    const centres = Array.from({ length: 3 }, () => Array.from({ length: COLS }, () => random.normal()));
    const rows = Array.from({ length: 300 }, (_, i) => centres[i % 3]!.map((value) => value + 0.01 * random.normal()));
    const twice = rows.concat(rows.slice(0, 30));
    for (const metric of ["cosine", "euclidean"] as const) {
      for (const data of [rows, rows.toReversed()]) {
        const { duplicates } = await find(data, none(data), metric);
        assert.deepEqual(
          duplicates.map(({ items }) => items.length),
          [100, 100, 100],
        );
      }
      const similar = (await find(twice, none(twice), metric)).duplicates.filter(({ exact }) => !exact);
      assert.deepEqual(
        similar.map(({ items }) => items.length),
        [110, 110, 110],
      );
    }
  });

  test("are found between two crowds of copies", async () => {
    const rows = clouds();
    const other = rows[3]!.map((value, c) => value + (c === 0 ? 0.1 : 0));
    const crowds = rows.concat(Array.from({ length: 30 }, (_, i) => (i < 15 ? rows[3]! : other)));
    const { duplicates } = await find(crowds);
    assert.deepEqual(
      duplicates.map(({ items, exact }) => [items.length, exact]),
      [[16, true], [15, true], [31, false]],
    ); // prettier-ignore
  });

  test("by dot products have one direction, however long they are", async () => {
    const rows = clouds();
    rows[7] = rows[3]!.map((value) => 5 * value);
    const { duplicates } = await find(rows, none(rows), "dot");
    assert.deepEqual(
      duplicates.map(({ items, exact }) => ({ items, exact })),
      [{ items: [3, 7], exact: true }],
    );
  });

  test("of one vector are one group, however many they are", async () => {
    const rows = clouds().concat(Array.from({ length: 30 }, () => Array.from({ length: COLS }, () => 1)));
    const { duplicates } = await find(rows);
    assert.equal(duplicates.length, 1);
    assert.equal(duplicates[0]!.items.length, 30);
  });
});

describe("outliers", () => {
  test("stand far from their nearest; the clouds do not", async () => {
    const rows = clouds();
    rows[11] = Array.from({ length: COLS }, (_, c) => (c < 3 ? -4 : 0));
    const { outliers } = await find(rows);
    assert.equal(outliers[0]?.index, 11);
    assert.ok(outliers[0].score > 3.5 && outliers[0].times > 2);
    assert.ok(outliers.length <= 3);
    rows[30] = Array.from({ length: COLS }, (_, c) => (c < 3 ? 0 : -9));
    const both = (await find(rows, none(rows), "euclidean")).outliers;
    assert.deepEqual(
      both.slice(0, 2).map(({ index }) => index),
      [30, 11],
      "the farther one comes first",
    );
  });

  /** Each item has one neighbour, at such a distance. */
  const scores = (...distances: number[]) =>
    outliers(graphOf(...distances.map((distance): [number, number][] => [[0, distance]])));

  test("have a modified z-score above 3.5: the median 11 and its absolute deviation 2 leave 21 in and 22 out", () => {
    const found = scores(9, 9, 9, 9, 10, 11, 11, 11, 11, 21, 22);
    assert.deepEqual(
      found.map(({ index, times }) => [index, times]),
      [[10, 2]],
    );
    assert.ok(Math.abs(found[0]!.score - 11 / (1.4826 * 2)) < 1e-9);
  });

  test("are told by the mean deviation where most distances are equal, and not by rounding", () => {
    const [found, ...others] = scores(1, 1, 1, 1, 1, 1, 1, 1, 4);
    assert.deepEqual([found!.index, found!.times, others], [8, 4, []]);
    assert.ok(Math.abs(found!.score - 3 / (1.2533 / 3)) < 1e-9);
    assert.deepEqual(scores(1, 1, 1, 1, 1, 1, 1, 1, 1 + 1e-7), []);
    assert.deepEqual(scores(0, 0, 0, 0, 0, 0, 0, 0, 4)[0]?.times, Infinity);
    assert.deepEqual(scores(1, 1, 9), [], "three items have no usual distance");
  });

  test("are none among equal items", async () => {
    const rows = Array.from({ length: 12 }, () => [1, 2, 3]);
    assert.deepEqual((await find(rows)).outliers, []);
  });
});

describe("doubtful labels", () => {
  test("are those that most of the nearest contradict, with what these say", async () => {
    const rows = clouds();
    const labels = Int32Array.from(rows, (_, i) => Math.floor(i / 20));
    labels[4] = 1;
    const { doubtful } = await find(rows, labels);
    assert.deepEqual(doubtful, [{ index: 4, share: 1, label: 0, votes: 10, of: 10 }]);
    // Half of the nearest of each item of the first cloud carry its label: that is no doubt.
    const halves = Int32Array.from(rows, (_, i) => (i < 20 ? i % 2 : 2));
    for (const { share } of (await find(rows, halves)).doubtful) assert.ok(share > 0.5, `${share}`);
  });

  test("come with the label that most of the others have, the nearer among equals; the surest come first", () => {
    const near = (...items: number[]): [number, number][] => items.map((item) => [item, 1]);
    // Items 5 to 9 carry the labels 1, 2, 3, 0 and none.
    const labels = Int32Array.of(0, 0, 0, 0, 0, 1, 2, 3, 0, -1);
    const rest = Array.from({ length: 5 }, (_, i) => near(i + 5, i + 5, i + 5, i + 5, i + 5));
    const graph = graphOf(
      near(8, 8, 7, 5, 6), near(5, 5, 5, 5, 8), near(6, 5, 5, 6, 7), near(8, 8, 5, 5, 9), near(8, 8, 8, 5, 5),
      ...rest,
    ); // prettier-ignore
    assert.deepEqual(doubtfulLabels(graph, labels), [
      { index: 2, share: 1, label: 2, votes: 2, of: 5 },
      { index: 1, share: 0.8, label: 1, votes: 4, of: 5 },
      { index: 0, share: 0.6, label: 3, votes: 1, of: 5 },
    ]);
  });

  test("are surer the more neighbours speak, and none where no other item has the label", () => {
    const near = (...items: number[]): [number, number][] => items.map((item) => [item, 1]);
    const labels = Int32Array.of(0, 0, 1, 1, 1, 0, 2, -1);
    const graph = graphOf(
      near(2, 7, 7, 7), near(2, 3, 4, 5), near(2, 3, 4, 4), near(2, 3, 4, 4), near(2, 3, 4, 4),
      near(0, 0, 1, 1), near(2, 3, 4, 5), near(0, 0, 0, 0),
    ); // prettier-ignore
    assert.deepEqual(
      doubtfulLabels(graph, labels).map(({ index, share, of }) => [index, share, of]),
      [[1, 0.75, 4], [0, 1, 1]],
    ); // prettier-ignore
  });

  test("need labels: items without one neither vote nor are judged", async () => {
    const rows = clouds();
    assert.deepEqual((await find(rows)).doubtful, []);
    const labels = none(rows);
    labels[4] = 1;
    assert.deepEqual((await find(rows, labels)).doubtful, []);
  });
});

test("of each kind the first 200 are listed", async () => {
  const of = (places: number[]) => {
    const labels = Int32Array.from(places, (_, i) => i % 7);
    const matrix = matrixOf(places.map((place) => [place]));
    return anomalies({ matrix, metric: "euclidean", labels, threshold: 1 }, quiet);
  };
  const pairs = await of(Array.from({ length: 600 }, (_, i) => i >> 1));
  const lonely = await of(Array.from({ length: 600 }, (_, i) => Math.max(i, (i - 300) ** 3)));
  assert.deepEqual(
    [pairs.duplicates.length, pairs.doubtful.length, lonely.outliers.length],
    [MOST_FINDINGS, MOST_FINDINGS, MOST_FINDINGS],
  );
});

test("one item and none have no anomalies", async () => {
  for (const rows of [[], [[1, 2]]]) {
    const found = await find(rows);
    assert.deepEqual([found.duplicates, found.outliers, found.doubtful], [[], [], []]);
  }
});
