import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compareModels } from "../../../src/engine/analyze/compare";
import { align } from "../../../src/engine/analyze/procrustes";
import { createRandom } from "../../../src/engine/random";
import type { Matrix, StageContext } from "../../../src/engine/types";

const ctx: StageContext = { report: () => undefined, signal: new AbortController().signal };
const axesOf = (n: number, d: number, seed: number): Float32Array[] => {
  const random = createRandom(seed);
  return Array.from({ length: d }, () => Float32Array.from({ length: n }, () => random.normal()));
};
const matrixOf = (rows: number, cols: number, seed: number): Matrix => {
  const random = createRandom(seed);
  return { rows, cols, data: Float32Array.from({ length: rows * cols }, () => random.normal()) };
};
const away = (a: readonly Float32Array[], b: readonly Float32Array[]): number =>
  Math.max(...a.flatMap((axis, d) => Array.from(axis, (value, i) => Math.abs(value - b[d]![i]!))));

describe("a map is laid onto another one", () => {
  test("that is turned, mirrored, moved and scaled, to 1e-6", () => {
    const target = axesOf(200, 2, 1);
    for (const mirror of [1, -1]) {
      const [c, s] = [Math.cos(2.1), Math.sin(2.1)];
      const map = [
        target[0]!.map((x, i) => 3 * (c * x - s * target[1]![i]!) + 7),
        target[0]!.map((x, i) => mirror * 3 * (s * x + c * target[1]![i]!) - 2),
      ];
      const { axes, disparity } = align(map, target);
      assert.ok(away(axes, target) < 1e-6, `${away(axes, target)}`);
      assert.ok(disparity < 1e-9);
    }
  });

  test("in three dimensions, and when all points are on a line or in one place", () => {
    const target = axesOf(50, 3, 2);
    const map = [target[2]!, target[0]!.map((x) => -x), target[1]!];
    assert.ok(away(align(map, target).axes, target) < 1e-6);
    const line = [target[0]!, target[0]!.map((x) => 2 * x)];
    assert.ok(away(align([line[1]!, line[0]!], line).axes, line) < 1e-5);
    const still = [new Float32Array(5).fill(3), new Float32Array(5).fill(4)];
    assert.deepEqual(align(still, [new Float32Array(5), new Float32Array(5)]).disparity, 0);
  });

  test("no worse than by any small turn from there", () => {
    const [target, map] = [axesOf(40, 2, 3), axesOf(40, 2, 4)];
    const { axes, disparity } = align(map, target);
    const left = (by: number): number =>
      Array.from(target[0]!).reduce((sum, _, i) => {
        const [x, y] = [axes[0]![i]!, axes[1]![i]!];
        const [c, s] = [Math.cos(by), Math.sin(by)];
        return sum + (c * x - s * y - target[0]![i]!) ** 2 + (s * x + c * y - target[1]![i]!) ** 2;
      }, 0);
    assert.ok(disparity > 0.5 && disparity <= 1);
    assert.ok(left(0) < left(0.05) + 1 && left(0) <= left(Math.PI) + 1e-6);
  });
});

describe("two models are compared", () => {
  const maps = (): [Float32Array[], Float32Array[]] => [axesOf(60, 2, 5), axesOf(60, 2, 6)];

  test("with themselves: every neighbour is shared and nothing moves", async () => {
    const vectors = matrixOf(60, 8, 1);
    const map = axesOf(60, 2, 5);
    const same = await compareModels({ vectors: [vectors, vectors], maps: [map, map], metric: "cosine", k: 10 }, ctx);
    assert.deepEqual([same.mean, same.k, Math.min(...same.overlap)], [1, 10, 1]);
    assert.ok(Math.max(...same.shift) < 1e-6);
    assert.deepEqual([...new Set(same.moved)].length, 60);
  });

  test("by the share of neighbours that both have, with what moved most first", async () => {
    const first = matrixOf(60, 8, 1);
    const second = { ...first, data: first.data.slice() };
    // Two items change places: their neighbours do as well.
    second.data.copyWithin(0, 7 * 8, 8 * 8);
    second.data.set(first.data.subarray(0, 8), 7 * 8);
    const compared = await compareModels({ vectors: [first, second], maps: maps(), metric: "cosine", k: 10 }, ctx);
    assert.ok(compared.mean > 0.8 && compared.mean < 1, `${compared.mean}`);
    assert.deepEqual([...compared.moved.slice(0, 2)].sort(), [0, 7]);
    const sorted = Array.from(compared.moved, (i) => compared.overlap[i]!);
    assert.deepEqual(
      sorted,
      [...sorted].sort((a, b) => a - b),
    );
  });

  test("without maps, and with vectors of other lengths", async () => {
    const vectors: [Matrix, Matrix] = [matrixOf(5, 8, 1), matrixOf(5, 3, 2)];
    const compared = await compareModels({ vectors, maps: [[], []], metric: "cosine", k: 10 }, ctx);
    assert.deepEqual([compared.k, compared.mean, compared.disparity, compared.shift.length], [4, 1, null, 0]);
  });
});
