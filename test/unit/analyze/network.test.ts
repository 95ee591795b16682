import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { network } from "../../../src/engine/analyze/network/network";
import { createRandom } from "../../../src/engine/random";
import { quiet } from "../../support/numerics";

/** `groups` clouds of `size` items each. */
function clouds(groups: number, size: number) {
  const random = createRandom(5);
  const cols = 8;
  const rows = groups * size;
  const data = Float32Array.from(
    { length: rows * cols },
    (_, at) => (at % cols === Math.floor(at / cols / size) ? 2 : 0) + 0.2 * random.normal(),
  );
  return { rows, cols, data };
}

const build = (matrix: ReturnType<typeof clouds>, change: { k?: number; threshold?: number; limit?: number } = {}) =>
  network(
    {
      matrix,
      metric: "cosine",
      seed: 42,
      settings: { k: change.k ?? 4, threshold: change.threshold ?? -1 },
      limit: change.limit ?? 2_000,
    },
    quiet,
  );

describe("a network", () => {
  test("ties every item to its nearest, each pair once, with their similarity", async () => {
    const { source, target, weight, index } = await build(clouds(3, 10));
    assert.equal(index.length, 30);
    const pairs = new Set(Array.from(source, (a, at) => `${a} ${target[at]!}`));
    assert.equal(pairs.size, source.length);
    assert.ok(source.every((a, at) => a < target[at]!));
    assert.ok(source.length >= 60 && source.length <= 120);
    assert.ok(weight.every((value) => value > 0.5 && value <= 1));
  });

  test("draws tied items near each other and untied ones apart, the same every time", async () => {
    const matrix = clouds(3, 12);
    const one = await build(matrix);
    const again = await build(matrix);
    assert.deepEqual([one.x, one.y], [again.x, again.y]);
    const apart = (i: number, j: number): number => Math.hypot(one.x[i]! - one.x[j]!, one.y[i]! - one.y[j]!);
    for (let i = 0; i < 36; i++) {
      const distances = Array.from({ length: 36 }, (_, j) => ({ j, d: i === j ? Infinity : apart(i, j) }));
      const nearest = distances.sort((p, q) => p.d - q.d).slice(0, 3);
      for (const { j } of nearest) assert.equal(Math.floor(i / 12), Math.floor(j / 12), `${i} stands beside ${j}`);
    }
  });

  test("draws a strong tie shorter than a weak one, another seed draws others, and a cancelled one none", async () => {
    const chain = { rows: 3, cols: 2, data: Float32Array.of(1, 0, 1, 0.1, 0.4, 1) };
    const { source, target, x, y } = await build(chain, { k: 1 });
    assert.deepEqual([[...source], [...target]], [[0, 1], [1, 2]]); // prettier-ignore
    const way = (a: number, b: number): number => Math.hypot(x[a]! - x[b]!, y[a]! - y[b]!);
    assert.ok(way(1, 2) > 1.3 * way(0, 1), `${way(1, 2)} and ${way(0, 1)}`);
    const input = { metric: "cosine", settings: { k: 4, threshold: -1 }, limit: 2_000 } as const;
    const matrix = clouds(2, 9);
    const [one, other] = [
      await network({ ...input, matrix, seed: 42 }, quiet),
      await network({ ...input, matrix, seed: 43 }, quiet),
    ];
    assert.deepEqual(one.weight, other.weight);
    assert.notDeepEqual(one.x, other.x);
    const stop = new AbortController();
    const ctx = { report: (done: number) => done > 3 && stop.abort(), signal: stop.signal };
    await assert.rejects(network({ ...input, matrix, seed: 1 }, ctx), { name: "AbortError" });
  });

  test("lists its ties by their items", async () => {
    const { source, target } = await build(clouds(3, 10));
    const ties = Array.from(source, (a, at) => 100 * a + target[at]!);
    assert.deepEqual(ties, [...ties].sort((a, b) => a - b)); // prettier-ignore
  });

  test("leaves ties below the threshold out and keeps lonely items within sight", async () => {
    const { source, x, y } = await build(clouds(2, 6), { threshold: 1.1 });
    assert.equal(source.length, 0);
    assert.ok([...x, ...y].every((value) => Math.abs(value) < 20));
  });

  test("tells the least similarity of its ties, though the threshold leaves it out", async () => {
    const opposite = { rows: 2, cols: 2, data: Float32Array.of(1, 0, -1, 0) };
    assert.deepEqual([(await build(opposite)).least, (await build(opposite)).source.length], [-1, 1]);
    const cut = await build(opposite, { threshold: 0 });
    assert.deepEqual([cut.least, cut.source.length], [-1, 0]);
    assert.equal((await build({ rows: 1, cols: 2, data: Float32Array.of(1, 2) })).least, 0);
  });

  test("of many items shows a seeded sample", async () => {
    const { index, total, x } = await build(clouds(4, 25), { limit: 40 });
    assert.deepEqual([index.length, x.length, total], [40, 40, 100]);
    assert.deepEqual(
      [...index],
      [...new Set(index)].sort((a, b) => a - b),
    );
    const input = { matrix: clouds(4, 25), metric: "cosine", settings: { k: 4, threshold: -1 }, limit: 40 } as const;
    assert.notDeepEqual((await network({ ...input, seed: 43 }, quiet)).index, index, "another seed, another sample");
  });

  test("takes one item and equal items", async () => {
    assert.equal((await build({ rows: 1, cols: 2, data: Float32Array.of(1, 2) })).x.length, 1);
    const equal = await build({ rows: 5, cols: 2, data: new Float32Array(10).fill(1) });
    assert.ok([...equal.x, ...equal.y].every(Number.isFinite));
  });

  test("of more items than can be drawn has every tie and no places", async () => {
    const { index, source, x, y } = await build(clouds(3, 700), { limit: Number.MAX_SAFE_INTEGER });
    assert.equal(index.length, 2_100);
    assert.equal(new Set([...source]).size > 1_000, true);
    assert.deepEqual([x.length, y.length], [0, 0]);
  });
});
