import assert from "node:assert/strict";
import { test } from "node:test";
import { partsFor, planRounds } from "../../../src/engine/reduce/umap/blocks";

for (const parts of [1, 2, 8, 16]) {
  test(`${parts} parts: every pair of parts is one block, and no part occurs twice in a round`, () => {
    const { rounds, block } = planRounds(parts);
    const pairs = new Map<number, [number, number]>();
    for (let p = 0; p < parts; p++) for (let q = p; q < parts; q++) pairs.set(block[p * parts + q]!, [p, q]);
    assert.equal(pairs.size, (parts * (parts + 1)) / 2);
    assert.equal(rounds[rounds.length - 1]!.to, pairs.size);
    for (const { from, to } of rounds) {
      const busy = new Set<number>();
      for (let b = from; b < to; b++) {
        for (const part of new Set(pairs.get(b))) {
          assert.ok(!busy.has(part), `part ${part} twice`);
          busy.add(part);
        }
      }
    }
  });
}

test("up to 20,000 items stay together, more are cut into 16 parts", () => {
  assert.deepEqual([2, 20_000, 20_001, 1e6].map(partsFor), [1, 1, 16, 16]);
});
