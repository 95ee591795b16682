import type { Metric } from "../../protocol/recipe";
import { Smallest } from "../linear/best";
import { createRandom, sampleIndices } from "../random";
import type { Matrix, NeighborGraph, StageContext } from "../types";
import { nearestNeighbors } from "./neighbors";
import type { MapPoints } from "./quality";

/** Above it single points are judged on a seeded sample, */
const WHOLE = 5_000;
/** and not at all where neighbours would have to be searched for it among more than these. */
const SEARCHED = 20_000;

/**
 * For every item the share of its k nearest in the vectors that are among its k nearest on the map; of more than 5,000 items
 * for a seeded sample of 5,000.
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
  if (k < 1) return new Float32Array(n).fill(1);
  const known = graph && graph.k >= k ? graph : null;
  if (!known && n > SEARCHED) return null;
  const near = known ?? (await nearestNeighbors(matrix, k, metric, ctx));
  const best = new Smallest(k);
  const kept = new Float32Array(n).fill(NaN);
  for (const [at, i] of sampleIndices(n, WHOLE, createRandom(seed, 0x9e7)).entries()) {
    if (at % 256 === 0) ctx.signal.throwIfAborted();
    nearestOnMap(map, i, best);
    const shown = new Set(best.index);
    let both = 0;
    for (let to = i * near.k; to < i * near.k + k; to++) if (shown.has(near.index[to]!)) both++;
    kept[i] = both / k;
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
