import type { NeighborGraph } from "../types";

/**
 * For each item the share of its k nearest in one graph that are among its k nearest in the other (k of the first graph).
 * @returns (count) 0..1; 1 where there are no neighbours
 */
export function neighborOverlap(a: NeighborGraph, b: NeighborGraph): Float32Array {
  return Float32Array.from({ length: a.count }, (_, i) => {
    if (a.k === 0) return 1;
    const others = new Set(b.index.subarray(i * b.k, (i + 1) * b.k));
    let both = 0;
    for (let at = i * a.k; at < (i + 1) * a.k; at++) both += Number(others.has(a.index[at]!));
    return both / a.k;
  });
}
