import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compareModels } from "../../../src/engine/analyze/compare";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { align } from "../../../src/engine/analyze/procrustes";
import { compareRuns } from "../../../src/engine/run/compare-models";
import type { Pool } from "../../../src/engine/pool";
import { createRandom } from "../../../src/engine/random";
import type { Matrix, NeighborGraph, StageContext } from "../../../src/engine/types";
import type { Job } from "../../../src/protocol/engine";
import type { RunResult } from "../../../src/protocol/result";
import { record, result } from "../extension/fixtures";

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

  test("at the scale that leaves least, and the disparity is the share of the squared distances that is left", () => {
    const [target, map] = [axesOf(40, 2, 3), axesOf(40, 2, 4)];
    const { axes, disparity } = align(map, target);
    const mean = target.map((axis) => axis.reduce((sum, value) => sum + value, 0) / 40);
    const squares = (of: (axis: number, i: number) => number): number =>
      target.reduce((sum, axis, d) => sum + axis.reduce((all, _, i) => all + of(d, i) ** 2, 0), 0);
    const left = (scale: number): number =>
      squares((d, i) => mean[d]! + scale * (axes[d]![i]! - mean[d]!) - target[d]![i]!);
    const all = squares((d, i) => target[d]![i]! - mean[d]!);
    assert.ok(Math.abs(disparity - left(1) / all) < 1e-6, `${disparity}`);
    assert.ok(left(1) < left(0.9) && left(1) < left(1.1));
    const still = target.map(() => new Float32Array(40).fill(3));
    assert.deepEqual([align(still, target).disparity, align(target, still).disparity], [1, 1]);
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

  test("and of items that keep as many neighbours the one with the longest way on the map comes first", async () => {
    const vectors = matrixOf(60, 8, 1);
    const [target] = maps();
    const far = target.map((axis) => axis.map((value) => value + 100));
    const map = far.map((axis, d) => axis.map((value, i) => value + (i === 9 ? 3 - d : i === 4 ? 1 : 0)));
    const compared = await compareModels(
      { vectors: [vectors, vectors], maps: [far, map], metric: "cosine", k: 5 },
      ctx,
    );
    assert.deepEqual([...compared.moved.slice(0, 2)], [9, 4]);
    const mean = far.map((axis) => axis.reduce((sum, value) => sum + value, 0) / 60);
    const radius = Math.sqrt(
      far.reduce((sum, axis, d) => sum + axis.reduce((all, value) => all + (value - mean[d]!) ** 2, 0), 0) / 60,
    );
    for (const i of [0, 4, 9]) {
      const way = Math.hypot(...far.map((axis, d) => axis[i]! - compared.axes[d]![i]!));
      assert.ok(Math.abs(compared.shift[i]! - way / radius) < 1e-5, `${i}: ${compared.shift[i]}`);
    }
  });

  test("of one item, which has no neighbours to lose; a flat map is not laid onto a deep one", async () => {
    const one: [Matrix, Matrix] = [matrixOf(1, 8, 1), matrixOf(1, 3, 2)];
    assert.deepEqual(
      [...(await compareModels({ vectors: one, maps: [[], []], metric: "cosine", k: 10 }, ctx)).overlap],
      [1],
    );
    const vectors: [Matrix, Matrix] = [matrixOf(20, 8, 1), matrixOf(20, 3, 2)];
    const flatAndDeep: [Float32Array[], Float32Array[]] = [axesOf(20, 2, 1), axesOf(20, 3, 2)];
    const { disparity, axes } = await compareModels({ vectors, maps: flatAndDeep, metric: "cosine", k: 5 }, ctx);
    assert.deepEqual([disparity, axes], [null, []]);
  });

  test("by neighbours that are known already as by the vectors", async () => {
    const vectors: [Matrix, Matrix] = [matrixOf(60, 8, 1), matrixOf(60, 5, 2)];
    const [first, second] = vectors;
    const wide = [await nearestNeighbors(first, 14, "cosine", ctx), await nearestNeighbors(second, 30, "cosine", ctx)];
    const known = { vectors: wide as [NeighborGraph, NeighborGraph], maps: maps(), metric: "cosine" as const, k: 10 };
    assert.deepEqual(await compareModels(known, ctx), await compareModels({ ...known, vectors }, ctx));
  });

  test("without maps, and with vectors of other lengths", async () => {
    const vectors: [Matrix, Matrix] = [matrixOf(5, 8, 1), matrixOf(5, 3, 2)];
    const compared = await compareModels({ vectors, maps: [[], []], metric: "cosine", k: 10 }, ctx);
    assert.deepEqual([compared.k, compared.mean, compared.disparity, compared.shift.length], [4, 1, null, 0]);
  });
});

describe("two runs are compared", () => {
  const run = { runId: 0, signal: ctx.signal, onProgress: () => undefined };
  const pool = {
    exec: (_: string, args: Parameters<typeof compareModels>[0]) => compareModels(args, ctx),
  } as unknown as Pool;
  /** The second model leaves out the second item. */
  const runs = (change: Partial<RunResult> = {}) => {
    const jobs: Job[] = [];
    const run = (job: Job): Promise<RunResult> => {
      jobs.push(job);
      const whole = result(3, change);
      const items = { ...whole.items, count: 2, source: Int32Array.of(10, 12) };
      const fewer = { ...whole, items, x: Float32Array.of(0, 2), y: new Float32Array(2) };
      return Promise.resolve(job.recipe.model === "other" ? fewer : whole);
    };
    const vectors = ({ recipe }: Job) => {
      const rows = recipe.model === "other" ? 2 : 3;
      return Promise.resolve({ rows, cols: 1, data: Float32Array.from({ length: rows }, (_, i) => i + 1) });
    };
    const graph = (job: Job, k: number) => nearestNeighbors(matrixOf(3, 4, job.recipe.model.length), k, "cosine", ctx);
    return { jobs, run, vectors, graph };
  };
  const { recipe, base } = record();
  const job: Job = { base, recipe: { ...recipe, cluster: { ...recipe.cluster, method: "kmeans" } } };
  const second = { model: "other", k: 10 };

  test("on the items that both have, and nobody needs the second one's clusters", async () => {
    const fake = runs();
    const { index, inOther, k } = await compareRuns(fake, pool, job, second, run);
    assert.deepEqual([[...index], [...inOther], k], [[0, 2], [0, 1], 1]);
    assert.deepEqual(
      fake.jobs.map(({ recipe }) => [recipe.model, recipe.cluster.method]),
      [
        ["glove-100d", "kmeans"],
        ["other", "none"],
      ],
    );
  });

  test("but not on vectors of the data, and given coordinates are no model's map", async () => {
    const fake = runs({ items: { ...result().items, kind: "vector" } });
    await assert.rejects(compareRuns(fake, pool, job, second, run), { reason: "model", message: /came with the data/ });
    assert.equal(fake.jobs.length, 1, "the second model is not run for nothing");
    const asGiven = { ...job, recipe: { ...job.recipe, reduce: { ...recipe.reduce, method: "none" as const } } };
    const given = runs({ given: true, recipe: asGiven.recipe });
    const { disparity, axes } = await compareRuns(given, pool, asGiven, second, run);
    assert.deepEqual([disparity, axes], [null, []]);
  });
});
