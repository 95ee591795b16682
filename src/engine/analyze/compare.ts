import type { Compared } from "../../protocol/explore";
import type { Metric } from "../../protocol/recipe";
import type { Matrix, NeighborGraph, StageContext } from "../types";
import { narrow, nearestNeighbors } from "./neighbors";
import { neighborOverlap } from "./overlap";
import { align } from "./procrustes";

export interface CompareArgs {
  /** The vectors of the same items by two models, row by row; where these are known, their nearest neighbours (k or more) will do. */
  vectors: [Matrix, Matrix] | [NeighborGraph, NeighborGraph];
  /** The axes of their maps; no axes where there is no map. */
  maps: [Float32Array[], Float32Array[]];
  metric: Metric;
  /** Neighbours that are compared, capped at n − 1. */
  k: number;
}

/** Compares two models by the neighbours of each item in their vectors, and lays the second map onto the first. */
export async function compareModels(
  { vectors: [first, second], maps: [target, map], metric, k: wanted }: CompareArgs,
  ctx: StageContext,
): Promise<Compared> {
  const half = (from: number): StageContext => ({
    ...ctx,
    report: (done, total) => ctx.report(from + done / Math.max(1, total) / 2, 1),
  });
  const nearest = async (of: Matrix | NeighborGraph, from: number): Promise<NeighborGraph> =>
    "index" in of ? narrow(of, wanted) : nearestNeighbors(of, wanted, metric, half(from));
  const a = await nearest(first, 0);
  const b = await nearest(second, 0.5);
  const overlap = neighborOverlap(a, b);
  const n = overlap.length;
  const mapped = target.length > 0 && target.length === map.length;
  const aligned = mapped ? align(map, target) : null;
  const shift = aligned ? ways(target, aligned.axes) : new Float32Array(0);
  const moved = Int32Array.from(overlap.keys()).sort(
    (i, j) => overlap[i]! - overlap[j]! || (shift[j] ?? 0) - (shift[i] ?? 0) || i - j,
  );
  return {
    k: a.k,
    overlap,
    mean: overlap.reduce((sum, share) => sum + share, 0) / Math.max(1, n),
    axes: aligned?.axes ?? [],
    disparity: aligned?.disparity ?? null,
    shift,
    moved,
  };
}

/** The way of each item from one map to the other, in the root mean square radius of the first. */
function ways(target: readonly Float32Array[], laid: readonly Float32Array[]): Float32Array {
  const n = target[0]!.length;
  let radius = 0;
  for (const axis of target) {
    const mean = axis.reduce((sum, value) => sum + value, 0) / n;
    for (const value of axis) radius += (value - mean) ** 2;
  }
  radius = Math.sqrt(radius / n) || 1;
  return Float32Array.from({ length: n }, (_, i) => {
    const squares = target.reduce((sum, axis, a) => sum + (axis[i]! - laid[a]![i]!) ** 2, 0);
    return Math.sqrt(squares) / radius;
  });
}
