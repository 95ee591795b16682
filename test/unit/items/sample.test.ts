import assert from "node:assert/strict";
import { test } from "node:test";
import { Reservoir } from "../../../src/engine/items/sample";
import { createRandom } from "../../../src/engine/random";

test("each value is kept equally often", () => {
  const kept = new Int32Array(20);
  for (let seed = 0; seed < 4_000; seed++) {
    const sample = new Reservoir<number>(5, createRandom(seed));
    for (let i = 0; i < 20; i++) sample.push(() => i);
    for (const i of sample.values()) kept[i]!++;
  }
  // 4,000 × 5 / 20 = 1,000 expected, standard deviation 27.
  for (const count of kept) assert.ok(Math.abs(count - 1_000) < 140, kept.join());
});

test("fewer values than the sample are all kept, and without a size all are", () => {
  for (const size of [undefined, 5]) {
    const sample = new Reservoir<number>(size, createRandom(1));
    for (let i = 0; i < 3; i++) sample.push(() => i);
    assert.deepEqual(sample.values(), [0, 1, 2]);
    assert.equal(sample.total, 3);
  }
});
