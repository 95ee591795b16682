import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { anomalies } from "../../../src/engine/analyze/anomalies/anomalies";
import { createRandom } from "../../../src/engine/random";
import type { Matrix } from "../../../src/engine/types";
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

  test("need labels: items without one neither vote nor are judged", async () => {
    const rows = clouds();
    assert.deepEqual((await find(rows)).doubtful, []);
    const labels = none(rows);
    labels[4] = 1;
    assert.deepEqual((await find(rows, labels)).doubtful, []);
  });
});

test("one item and none have no anomalies", async () => {
  for (const rows of [[], [[1, 2]]]) {
    const found = await find(rows);
    assert.deepEqual([found.duplicates, found.outliers, found.doubtful], [[], [], []]);
  }
});
