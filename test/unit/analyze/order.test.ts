import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Forest } from "../../../src/engine/analyze/forest";
import { hierarchy } from "../../../src/engine/analyze/hierarchy";
import { similarityOrder } from "../../../src/engine/analyze/order";
import { similarityMatrix } from "../../../src/engine/analyze/similarity";
import { createRandom } from "../../../src/engine/random";
import { METRICS } from "../../../src/protocol/recipe";
import { unpackTriangle } from "../../../src/protocol/triangle";
import { quiet } from "../../support/numerics";
import { triangleOf } from "../../support/triangle";

const all = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);

function vectors(rows: number, cols: number, seed: number) {
  const random = createRandom(seed);
  return { rows, cols, data: Float32Array.from({ length: rows * cols }, () => random.normal()) };
}

const pathLength = (order: ArrayLike<number>, distance: Float32Array, n: number): number =>
  Array.from(order)
    .slice(1)
    .reduce((sum, item, at) => sum + distance[order[at]! * n + item]!, 0);

/** Every order that keeps the groups of the hierarchy together: 2^(n − 1) of them. */
function everyOrder(distance: Float32Array, n: number): number[][] {
  const forest = new Forest(n);
  const orders: number[][][] = Array.from({ length: n }, (_, i) => [[i]]);
  for (const { a, b } of hierarchy(
    distance.map((d) => d * d),
    n,
    "average",
    quiet,
  )) {
    const left = orders[forest.find(a)]!;
    const right = orders[forest.find(b)]!;
    forest.join(a, b);
    orders[forest.find(a)] = left.flatMap((l) => right.flatMap((r) => [l.concat(r), r.concat(l)]));
  }
  return orders[forest.find(0)]!;
}

describe("the order by similarity", () => {
  test("is as short as the shortest of all orders that keep the groups together", async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const n = 3 + (seed % 8);
      const matrix = vectors(n, 4, seed);
      const triangle = await similarityMatrix(matrix, all(n), "cosine", quiet);
      const distance = unpackTriangle(triangle, n).map((value) => 1 - value);
      const order = similarityOrder(triangle, n, "cosine", quiet);
      assert.deepEqual([...order].sort(), [...all(n)].sort(), "each item once");
      const best = Math.min(...everyOrder(distance, n).map((one) => pathLength(one, distance, n)));
      assert.ok(Math.abs(pathLength(order, distance, n) - best) < 1e-5, `seed ${seed}: not the shortest`);
    }
  });

  test("walks along a line that was shuffled, by every metric that knows distances", async () => {
    const place = [3, 0, 5, 1, 4, 2, 6];
    // Products of these are above 1.
    const data = Float32Array.from(place.flatMap((at) => [3 * Math.cos(at / 5), 3 * Math.sin(at / 5)]));
    for (const metric of METRICS) {
      const triangle = await similarityMatrix({ rows: 7, cols: 2, data }, all(7), metric, quiet);
      const walked = [...similarityOrder(triangle, 7, metric, quiet)].map((i) => place[i]!);
      assert.deepEqual(walked[0] === 0 ? walked : walked.reverse(), [0, 1, 2, 3, 4, 5, 6], metric);
    }
  });

  test("is the same for long and short vectors by their products", async () => {
    const given = vectors(12, 4, 7);
    const ordered = async (scale: number): Promise<number[]> => {
      const matrix = { ...given, data: given.data.map((value) => value * scale) };
      return [...similarityOrder(await similarityMatrix(matrix, all(12), "dot", quiet), 12, "dot", quiet)];
    };
    const expected = await ordered(1);
    for (const scale of [2 ** -50, 2 ** 50]) assert.deepEqual(await ordered(scale), expected, `${scale}`);
  });

  test("starts at the end whose item comes first among the items", async () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const triangle = await similarityMatrix(vectors(9, 3, seed), all(9), "cosine", quiet);
      const order = similarityOrder(triangle, 9, "cosine", quiet);
      assert.ok(order[0]! < order[8]!, order.join());
    }
  });

  test("takes none, one, two and equal items", () => {
    for (const n of [0, 1, 2]) {
      const triangle = triangleOf(n, () => 1);
      assert.deepEqual([...similarityOrder(triangle, n, "cosine", quiet)], [...all(n)]);
    }
    assert.equal(new Set(similarityOrder(new Float32Array(64).fill(1), 8, "cosine", quiet)).size, 8);
  });
});
