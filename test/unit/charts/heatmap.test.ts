import assert from "node:assert/strict";
import { test } from "node:test";
import { selectedRuns } from "../../../src/charts/heatmap";

test("selected rows that lie together are one run, in any order; few of them have lines around them", () => {
  assert.deepEqual(selectedRuns([7, 3, 4, 4, 12]), [
    { from: 3, to: 5, lined: true },
    { from: 7, to: 8, lined: true },
    { from: 12, to: 13, lined: true },
  ]);
  assert.deepEqual(selectedRuns([]), []);
  const scattered = selectedRuns(Array.from({ length: 30 }, (_, i) => 2 * i));
  assert.equal(scattered.length, 30);
  assert.ok(scattered.every(({ lined }) => !lined));
});
