import assert from "node:assert/strict";
import { test } from "node:test";
import { tieShares, tiesOf } from "../../../src/charts/ties";

const ties = {
  source: Int32Array.of(0, 0, 1, 2),
  target: Int32Array.of(1, 2, 3, 3),
  weight: Float32Array.of(0.25, 0.75, -0.5, 0.5),
};

test("the ties of a point are those that end at it, the strongest first", () => {
  assert.deepEqual(tiesOf(ties, 0), [
    { tie: 1, other: 2, weight: 0.75 },
    { tie: 0, other: 1, weight: 0.25 },
  ]);
  assert.deepEqual(
    tiesOf(ties, 3).map(({ other }) => other),
    [2, 1],
  );
  assert.deepEqual(tiesOf(ties, 4), []);
});

test("the weakest tie counts 0, the strongest 1, equal ones 1", () => {
  assert.deepEqual([...tieShares(ties.weight)], [Math.fround(0.75 / 1.25), 1, 0, Math.fround(1 / 1.25)]);
  assert.deepEqual([...tieShares(Float32Array.of(-0.5, -0.5))], [1, 1]);
});
