import type { Metric } from "../../protocol/recipe";
import { Smallest } from "../linear/best";
import { createRandom, sampleIndices } from "../random";
import type { Matrix, NeighborGraph, StageContext } from "../types";
import { nearestNeighbors } from "./neighbors";
import type { MapPoints } from "./quality";

/** Single points are judged on a seeded sample of so many, */
const SAMPLE = 5_000;
/** and not at all where neighbours would have to be searched for it among more than these. */
const SEARCHED = 20_000;

/**
 * For a seeded sample of 5,000 of many items the share of an item's k nearest on the map that are among its k nearest in the
 * vectors; of equally near vectors any is a neighbour, as far as they are known.
 * @param input.graph nearest neighbours that are known already; made anew when they are fewer than k
 * @returns (n) 0..1, NaN for an item that was not judged; null when none is
 */
export async function neighborsKeptOf(
  input: { matrix: Matrix; map: MapPoints; metric: Metric; k: number; seed: number; graph: NeighborGraph | null },
  ctx: StageContext,
): Promise<Float32Array | null> {
  const { matrix, map, metric, graph, seed } = input;
  const n = matrix.rows;
  const k = Math.min(input.k, n - 1);
  const known = graph && graph.k >= k ? graph : null;
  if (!known && n > SEARCHED) return null;
  const near = known ?? (await nearestNeighbors(matrix, k, metric, ctx));
  const best = new Smallest(k);
  const kept = new Float32Array(n).fill(NaN);
  for (const [at, i] of sampleIndices(n, SAMPLE, createRandom(seed, 0x9e7)).entries()) {
    if (at % 256 === 0) ctx.signal.throwIfAborted();
    nearestOnMap(map, i, best);
    const from = i * near.k;
    const farthest = near.distance[from + k - 1]!;
    const neighbors = near.index.subarray(from, from + near.k).filter((_, s) => near.distance[from + s]! <= farthest);
    const own = new Set(neighbors);
    kept[i] = best.index.filter((j) => own.has(j)).length / k;
  }
  return kept;
}

function nearestOnMap({ x, y, z }: MapPoints, i: number, best: Smallest): void {
  const [xi, yi, zi] = [x[i]!, y[i]!, z?.[i] ?? 0];
  best.clear();
  let limit = best.limit;
  for (let j = 0; j < x.length; j++) {
    const dx = x[j]! - xi;
    const dy = y[j]! - yi;
    const dz = z ? z[j]! - zi : 0;
    const square = dx * dx + dy * dy + dz * dz;
    if (square < limit && j !== i) {
      best.add(j, square);
      limit = best.limit;
    }
  }
}
