import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { quality } from "../../../src/engine/analyze/quality";
import type { Reduced } from "../../../src/engine/reduce/reduce";
import recorded from "../../golden/fidelity.json";
import { quiet } from "../../support/numerics";
import { isThere, mapsOf, realSet } from "../../support/real-sets";

/** What a mean of three seeds may lie below the reference. */
const TOLERANCE = 0.003;
const SEEDS = [1, 2, 3];

interface Figures {
  trust: number;
  accuracy?: number;
}
const sets = recorded.sets as Record<string, Partial<Record<"umap" | "tsne", Figures>>>;
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

for (const [name, methods] of Object.entries(sets)) {
  const skip = !isThere(name) && `the data of ${name} are not here: set EMBEDDING_LENS_DATA`;
  for (const [method, reference] of Object.entries(methods) as ["umap" | "tsne", Figures][]) {
    test(`${method} of ${name} is as true to the vectors and labels as the reference, to 0.003`, { skip }, async () => {
      const { matrix, labels } = await realSet(name);
      const maps = await mapsOf(matrix, method, SEEDS);
      const judged = await Promise.all(
        maps.map((map) => quality({ matrix, map, metric: "cosine", k: 10, seed: 1 }, quiet)),
      );
      const trust = mean(judged.map(({ trustworthiness }) => trustworthiness));
      assert.ok(trust >= reference.trust - TOLERANCE, `trustworthiness ${trust}, reference ${reference.trust}`);
      if (reference.accuracy === undefined) return;
      const right = mean(await Promise.all(maps.map((map) => accuracy(map, labels!))));
      assert.ok(right >= reference.accuracy - TOLERANCE, `accuracy ${right}, reference ${reference.accuracy}`);
    });
  }
}
