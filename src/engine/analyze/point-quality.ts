import type { Metric } from "../../protocol/recipe";
import { Smallest } from "../linear/best";
import type { Matrix, NeighborGraph, StageContext } from "../types";
import { nearestNeighbors } from "./neighbors";
import type { MapPoints } from "./quality";

/** Above it the quality of single points is not measured. */
export const POINT_QUALITY_LIMIT = 5_000;

/**
 * For every item the share of its k nearest in the vectors that are among its k nearest on the map.
 * @param input.graph nearest neighbours that are known already; made anew when they are fewer than k
 * @returns (n) 0..1
 */
export async function neighborsKeptOf(
  input: { matrix: Matrix; map: MapPoints; metric: Metric; k: number; graph: NeighborGraph | null },
  ctx: StageContext,
): Promise<Float32Array> {
  const { matrix, map, metric, graph } = input;
  const n = matrix.rows;
  const k = Math.min(input.k, n - 1);
  if (k < 1) return new Float32Array(n).fill(1);
  const near = graph && graph.k >= k ? graph : await nearestNeighbors(matrix, k, metric, ctx);
  const best = new Smallest(k);
  const kept = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    if (i % 256 === 0) ctx.signal.throwIfAborted();
    nearestOnMap(map, i, best);
    const shown = new Set(best.index);
    for (let at = i * near.k; at < i * near.k + k; at++) if (shown.has(near.index[at]!)) kept[i]!++;
    kept[i]! /= k;
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
