import type { NeighborGraph } from "../../types";

/** A symmetric weighted graph in compressed rows: the edges of vertex i are at start[i] .. start[i + 1]. */
export interface WeightedGraph {
  count: number;
  start: Int32Array;
  target: Int32Array;
  weight: Float32Array;
}

/** The largest weight of a graph; 0 when it has no edge. */
export const strongestOf = ({ weight }: WeightedGraph): number =>
  weight.reduce((most, value) => Math.max(most, value), 0);

export interface Smoothed {
  /** (count) distance to the nearest neighbour that is not at distance 0. */
  rho: Float64Array;
  /** (count) the width that makes the memberships sum to log2(k). */
  sigma: Float64Array;
}

const TOLERANCE = 1e-5;
const MIN_SCALE = 1e-3;

/**
 * Smooth k-nearest-neighbour distances (McInnes, Healy & Melville 2018, algorithm 3) with local connectivity 1, as
 * umap-learn does them: the k of the definition counts the item itself, so it is one more than `graph.k`.
 */
export function smoothDistances(graph: NeighborGraph): Smoothed {
  const { count, k, distance } = graph;
  const target = Math.log2(k + 1);
  const rho = new Float64Array(count);
  const sigma = new Float64Array(count);
  let all = 0;
  for (const value of distance) all += value;
  const meanOfAll = all / Math.max(1, count * (k + 1));
  for (let i = 0; i < count; i++) {
    const row = distance.subarray(i * k, (i + 1) * k);
    let sum = 0;
    for (const value of row) sum += value;
    const nearest = row.find((value) => value > 0) ?? 0;
    rho[i] = nearest;
    const floor = MIN_SCALE * (nearest > 0 ? sum / (k + 1) : meanOfAll);
    sigma[i] = Math.max(widthFor(row, nearest, target), floor);
  }
  return { rho, sigma };
}

function widthFor(row: Float32Array, rho: number, target: number): number {
  let low = 0;
  let high = Infinity;
  let middle = 1;
  for (let step = 0; step < 64; step++) {
    let sum = 0;
    for (let s = 0; s < row.length; s++) sum += row[s]! > rho ? Math.exp(-(row[s]! - rho) / middle) : 1;
    if (Math.abs(sum - target) < TOLERANCE) break;
    if (sum > target) {
      high = middle;
      middle = (low + high) / 2;
    } else {
      low = middle;
      middle = high === Infinity ? middle * 2 : (low + high) / 2;
    }
  }
  return middle;
}

/**
 * The fuzzy simplicial set of a neighbour graph: membership strengths exp(−(d − rho)/sigma) of each item's neighbours,
 * made symmetric by the probabilistic union a + b − ab.
 */
export function fuzzyGraph(graph: NeighborGraph): WeightedGraph {
  const { count, k, index, distance } = graph;
  const { rho, sigma } = smoothDistances(graph);
  const strength = new Float64Array(count * k);
  for (let i = 0, at = 0; i < count; i++) {
    for (let s = 0; s < k; s++, at++) {
      const beyond = distance[at]! - rho[i]!;
      strength[at] = beyond <= 0 || sigma[i] === 0 ? 1 : Math.exp(-beyond / sigma[i]!);
    }
  }
  return union(count, k, index, strength);
}

function union(count: number, k: number, index: Int32Array, strength: Float64Array): WeightedGraph {
  const size = new Int32Array(count + 1);
  for (let i = 0, at = 0; i < count; i++) {
    for (let s = 0; s < k; s++, at++) {
      size[i + 1]!++;
      size[index[at]! + 1]!++;
    }
  }
  const begin = size;
  for (let i = 0; i < count; i++) begin[i + 1]! += begin[i]!;
  const fill = begin.slice();
  const targets = new Int32Array(2 * count * k);
  const values = new Float64Array(2 * count * k);
  for (let i = 0, at = 0; i < count; i++) {
    for (let s = 0; s < k; s++, at++) {
      const j = index[at]!;
      targets[fill[j]!] = i;
      values[fill[j]!++] = strength[at]!;
    }
  }
  const reversed = fill.slice();
  for (let i = 0, at = 0; i < count; i++) {
    for (let s = 0; s < k; s++, at++) {
      targets[fill[i]!] = index[at]!;
      values[fill[i]!++] = strength[at]!;
    }
  }
  return merge(count, begin, reversed, targets, values);
}

/** Row i holds edges that come in (begin .. reversed) and that go out (reversed .. next begin): one edge per pair. */
function merge(
  count: number,
  begin: Int32Array,
  reversed: Int32Array,
  targets: Int32Array,
  values: Float64Array,
): WeightedGraph {
  const slot = new Int32Array(count).fill(-1);
  const start = new Int32Array(count + 1);
  const target = new Int32Array(targets.length);
  const weight = new Float32Array(targets.length);
  let filled = 0;
  for (let i = 0; i < count; i++) {
    start[i] = filled;
    for (let at = begin[i]!; at < begin[i + 1]!; at++) {
      const j = targets[at]!;
      const value = values[at]!;
      if (value === 0) continue;
      const known = slot[j]!;
      if (at >= reversed[i]! && known >= start[i]!) {
        const other = weight[known]!;
        weight[known] = other + value - other * value;
      } else {
        slot[j] = filled;
        target[filled] = j;
        weight[filled++] = value;
      }
    }
  }
  start[count] = filled;
  return { count, start, target: target.slice(0, filled), weight: weight.slice(0, filled) };
}
