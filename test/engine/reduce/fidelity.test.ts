import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { quality } from "../../../src/engine/analyze/quality";
import type { Reduced } from "../../../src/engine/reduce/reduce";
import recorded from "../../golden/fidelity.json";
import { quiet } from "../../support/numerics";
import type { Metric } from "../../../src/protocol/recipe";
import { isThere, mapsOf, realSet } from "../../support/real-sets";

/** What the mean of three seeds may lie below the reference, whose mean is of as many seeds as it takes to know it. */
const TOLERANCE = 0.003;
const SEEDS = [1, 2, 3];

// It sums in one order on every processor, so the maps, and the verdict on them, are the same everywhere.
process.env["EMBEDDING_LENS_ONNX"] = "wasm";

interface Reference {
  set: string;
  metric: Metric;
  method: "umap" | "tsne";
  trust: number;
  accuracy?: number;
}
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The share of items whose label a vote of their ten nearest on the map gives, the first label among equals. */
async function accuracy({ x, y }: Reduced, labels: Int32Array): Promise<number> {
  const points = Float32Array.from({ length: 2 * x.length }, (_, i) => (i % 2 === 0 ? x : y)[i >> 1]!);
  const { index } = await nearestNeighbors({ rows: x.length, cols: 2, data: points }, 10, "euclidean", quiet);
  let right = 0;
  for (let i = 0; i < x.length; i++) {
    const votes = new Map<number, number>();
    for (const j of index.subarray(10 * i, 10 * i + 10)) votes.set(labels[j]!, (votes.get(labels[j]!) ?? 0) + 1);
    const [winner] = [...votes].sort(([a, m], [b, n]) => n - m || a - b)[0]!;
    if (winner === labels[i]) right++;
  }
  return right / x.length;
}

for (const reference of recorded.maps as Reference[]) {
  const { set, metric, method } = reference;
  const skip = !isThere(set) && `the data of ${set} are not here: set EMBEDDING_LENS_DATA`;
  test(
    `${method} of ${set} by ${metric} is as true to vectors and labels as the reference, to 0.003`,
    { skip },
    async () => {
      const { matrix, labels } = await realSet(set);
      const maps = await mapsOf(matrix, method, SEEDS, metric);
      const judged = await Promise.all(maps.map((map) => quality({ matrix, map, metric, k: 10, seed: 1 }, quiet)));
      const trust = mean(judged.map(({ trustworthiness }) => trustworthiness));
      assert.ok(trust >= reference.trust - TOLERANCE, `trustworthiness ${trust}, reference ${reference.trust}`);
      if (reference.accuracy === undefined) return;
      const right = mean(await Promise.all(maps.map((map) => accuracy(map, labels!))));
      assert.ok(right >= reference.accuracy - TOLERANCE, `accuracy ${right}, reference ${reference.accuracy}`);
    },
  );
}
