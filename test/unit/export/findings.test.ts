import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsJson } from "../../../src/export";
import { resultOf } from "./fixture";

test("every finding has its score and its reason in words", () => {
  const result = resultOf(["one", "two", "three"]);
  result.items.labels = ["dog", "cat"];
  result.items.label = Int32Array.of(0, 1, 1);
  const text = findingsJson(
    result,
    {
      ...{ k: 10, threshold: 0.95 },
      duplicates: [
        { items: [0, 1], exact: true, similarity: 1 },
        { items: [0, 1, 2], exact: false, similarity: 0.97 },
      ],
      outliers: [{ index: 2, score: 4.25, times: 2.375 }],
      doubtful: [
        { index: 0, share: 0.9, label: 1, votes: 9, of: 10 },
        { index: 1, share: 0.7, label: 0, votes: 1, of: 10 },
      ],
    },
    null,
  );
  const found = JSON.parse([...text].join("")) as Record<string, Record<string, unknown>[]>;
  const reasons = (list: string): unknown[] => found[list]!.map(({ reason }) => reason);
  assert.deepEqual(reasons("duplicates"), ["2 items, the same vector", "3 items, nearly the same"]);
  assert.deepEqual(reasons("outliers"), ["2.4 times as far from its nearest as usual"]);
  assert.deepEqual(reasons("doubtful"), [
    "dog, but 9 of its 10 nearest are cat",
    "cat, but 7 of its 10 nearest are not: 1 is dog",
  ]);
  assert.deepEqual([found["outliers"]![0]!["score"], found["doubtful"]![0]!["share"]], [4.25, 0.9]);
});
