import assert from "node:assert/strict";
import { test } from "node:test";
import { hdbscan } from "../../../src/engine/analyze/hdbscan";
import { createRandom } from "../../../src/engine/random";
import { mutualReachability, slowHdbscan } from "../../support/hdbscan";
import { mixture, quiet } from "../../support/numerics";

async function both(rows: number[][], minSize: number, minSamples: number): Promise<[number[], number[]]> {
  const cols = rows[0]!.length;
  const matrix = { rows: rows.length, cols, data: Float32Array.from(rows.flat()) };
  const found = await hdbscan(matrix, { minSize, minSamples }, quiet);
  return [renumbered([...found]), renumbered(slowHdbscan(mutualReachability(rows, minSamples), minSize))];
}

/** Clusters numbered as they come; noise stays -1. */
function renumbered(clusters: number[]): number[] {
  const seen = new Map<number, number>();
  return clusters.map((c) => (c < 0 ? -1 : (seen.get(c) ?? seen.set(c, seen.size).get(c)!)));
}

const SIZES = [2, 3, 5, 8, 15];

test("HDBSCAN has the clusters and the noise of the definition, for random sets and every smallest size", async () => {
  let clusters = 0;
  let noise = 0;
  for (const seed of [1, 2, 3, 4]) {
    const { matrix } = mixture(60, 3, { clusters: 2 + seed, spread: 0.3 + 0.1 * seed, seed });
    const rows = Array.from({ length: 60 }, (_, i) => [...matrix.data.subarray(3 * i, 3 * i + 3)]);
    for (const minSize of SIZES) {
      for (const minSamples of [1, minSize]) {
        const [found, expected] = await both(rows, minSize, minSamples);
        assert.deepEqual(found, expected, `seed ${seed}, at least ${minSize}, core of ${minSamples}`);
        clusters += Math.max(...expected) + 1;
        noise += expected.filter((c) => c < 0).length;
      }
    }
  }
  assert.ok(clusters > 80 && noise > 300, `${clusters} clusters, ${noise} items of noise: the sets should have both`);
});

test("HDBSCAN has the clusters of the definition when many distances are equal", async () => {
  let clusters = 0;
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const random = createRandom(seed);
    // Places of a grid, some taken more than once, each with its opposite: their mean is 0 and float32 holds all distances.
    const half = Array.from({ length: 35 }, () => [6 * random.below(3) + random.below(4), random.below(6)]);
    const rows = [...half, ...half.map(([x, y]) => [-x!, -y!])];
    for (const minSize of SIZES) {
      for (const minSamples of [1, 2, minSize]) {
        const [found, expected] = await both(rows, minSize, minSamples);
        assert.deepEqual(found, expected, `seed ${seed}, at least ${minSize}, core of ${minSamples}`);
        clusters += Math.max(...expected) + 1;
      }
    }
  }
  assert.ok(clusters > 100, `${clusters} clusters`);
});

test("HDBSCAN of one set without a split has no cluster", async () => {
  const rows = Array.from({ length: 30 }, (_, i) => [i, 0]);
  const [found, expected] = await both(rows, 5, 3);
  assert.deepEqual(found, expected);
  assert.ok(found.every((c) => c < 0));
});
