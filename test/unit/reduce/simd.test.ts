import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { createRandom } from "../../../src/engine/random";
import { conditionalProbabilities, jointProbabilities } from "../../../src/engine/reduce/tsne/affinity";
import { barnesHutRepulsion, plainRepulsion } from "../../../src/engine/reduce/tsne/barnes-hut";
import {
  attraction,
  exactRepulsion,
  plainAttraction,
  plainExactRepulsion,
} from "../../../src/engine/reduce/tsne/exact";
import { fitCurve } from "../../../src/engine/reduce/umap/curve";
import { fuzzyGraph } from "../../../src/engine/reduce/umap/fuzzy";
import { gradientTables } from "../../../src/engine/reduce/umap/gradient";
import { optimizeFully } from "../../../src/engine/reduce/umap/full";
import { optimizeLayout, optimizePlainly } from "../../../src/engine/reduce/umap/layout";
import { simdModule } from "../../../src/engine/simd/simd";
import { mixture, quiet } from "../../support/numerics";

const count = 700;
const { matrix } = mixture(count, 20);

/** The length of a difference over the length of what is right. */
function off(actual: ArrayLike<number>, right: ArrayLike<number>): number {
  let wrong = 0;
  let all = 0;
  for (let i = 0; i < right.length; i++) {
    wrong += (actual[i]! - right[i]!) ** 2;
    all += right[i]! ** 2;
  }
  return Math.sqrt(wrong / all);
}

const scattered = (reach: number, dims: 2 | 3): Float64Array => {
  const random = createRandom(9);
  return Float64Array.from({ length: dims * count }, () => random.normal() * reach);
};

test("this processor runs the kernels", () => assert.ok(simdModule()));

const joint = nearestNeighbors(matrix, 91, "euclidean", quiet).then((graph) =>
  jointProbabilities(graph, conditionalProbabilities(graph, 30)),
);

for (const dims of [2, 3] as const) {
  for (const [when, reach] of [
    ["start", 1e-4],
    ["end", 25],
  ] as const) {
    test(`the kernels of t-SNE compute what their TypeScript does, to 1e-5, at the ${when} of a layout in ${dims} dimensions`, async () => {
      const positions = scattered(reach, dims);
      const [right, fast] = [new Float64Array(dims * count), new Float64Array(dims * count)];
      const pairs = [
        ["tree", plainRepulsion(count, dims), barnesHutRepulsion(count, dims)],
        ["every pair", plainExactRepulsion(count, dims), exactRepulsion(count, dims)],
      ] as const;
      for (const [name, plain, simd] of pairs) {
        const z = plain(positions, right);
        const fastZ = simd(positions, fast);
        assert.ok(Math.abs(fastZ / z - 1) < 1e-5, `${name}: ${fastZ} and ${z}`);
        assert.ok(off(fast, right) < 1e-5, `${name}: pushes ${off(fast, right)}`);
      }
      plainAttraction(await joint, dims)(positions, right);
      attraction(await joint, dims)(positions, fast);
      assert.ok(off(fast, right) < 1e-5, `pulls ${off(fast, right)}`);
    });
  }
}

for (const dims of [2, 3] as const) {
  test(`the kernel of UMAP takes the same steps as its TypeScript, to a step of the tables, in ${dims} dimensions`, async () => {
    const graph = fuzzyGraph(await nearestNeighbors(matrix, 14, "euclidean", quiet));
    const start = Float32Array.from({ length: dims * count }, (_, i) => ((i * 7919) % 1000) / 100);
    const options = { epochs: 4, curve: fitCurve(0.1), seed: 3, threads: 1, onEpoch: (epoch: number) => epoch < 2 };
    const [plain, fast] = [start.slice(), start.slice()];
    assert.equal(optimizePlainly(plain, dims, graph, options), 2);
    assert.equal(await optimizeLayout(fast, dims, graph, options), 2);
    assert.ok(off(plain, start) > 0.01);
    assert.ok(off(fast, plain) < 2e-3, `${off(fast, plain)}`);
  });
}

test("the whole gradient of a few items moves them to the same bits by the kernel and by its TypeScript", async () => {
  for (const count of [2, 5, 60, 301]) {
    const { matrix } = mixture(count, 12);
    const graph = fuzzyGraph(await nearestNeighbors(matrix, 14, "euclidean", quiet));
    const random = createRandom(3, count);
    const start = Float32Array.from({ length: 2 * count }, () => 10 * random.next());
    // Two items in one place are pushed apart.
    start.copyWithin(2, 0, 2);
    const options = { epochs: 40, curve: fitCurve(0.1) };
    const [fast, plain] = [true, false].map((simd) => {
      const positions = start.slice();
      const seen: Float32Array[] = [];
      const onEpoch = (epoch: number, layout: () => Float32Array): boolean => {
        if (epoch % 10 === 0) seen.push(layout());
        return epoch < 35;
      };
      assert.equal(optimizeFully(positions, 2, graph, { ...options, onEpoch }, simd), 35);
      return [...seen, positions].map((layout) => Array.from(layout));
    });
    assert.deepEqual(fast, plain);
    assert.notDeepEqual(fast!.at(-1), Array.from(start));
    assert.ok(fast!.flat().every(Number.isFinite));
  }
});

test("the kernel fills the look-up tables of UMAP with the bits of its TypeScript", () => {
  for (const minDist of [0, 0.1, 0.5, 0.99]) {
    const [fast, plain] = [true, false].map((simd) => gradientTables(fitCurve(minDist), simd));
    assert.deepEqual(Array.from(fast!.pull), Array.from(plain!.pull));
    assert.deepEqual(Array.from(fast!.push), Array.from(plain!.push));
    assert.ok(fast!.pull.every((value) => value < 0) && fast!.push.every((value) => value > 0));
    assert.notEqual(fast!.pull.buffer.byteLength, plain!.pull.buffer.byteLength);
  }
});
