import type { NeighborGraph } from "../../types";

/** Symmetric joint probabilities in compressed rows: of item i at start[i] .. start[i + 1]; they sum to 1. */
export interface Affinities {
  count: number;
  start: Int32Array;
  target: Int32Array;
  value: Float32Array;
}

/** Three times as many as scikit-learn takes: squares as far from 1 as 1e±68 need 226 of them to be reached by doubling. */
const STEPS = 300;
const TOLERANCE = 1e-5;

/**
 * The conditional probabilities of each item's neighbours: exp(−beta·d²), normalised, beta found by bisection so that the
 * entropy is the logarithm of the perplexity (van der Maaten & Hinton 2008), with scikit-learn's start and tolerance.
 * @returns (count × k)
 */
export function conditionalProbabilities(graph: NeighborGraph, perplexity: number): Float64Array {
  const { count, k, distance } = graph;
  const wanted = Math.log(perplexity);
  const out = new Float64Array(count * k);
  const square = new Float64Array(k);
  for (let i = 0; i < count; i++) {
    // Counted from the nearest: the shift cancels in the normalised values and keeps the exponentials from vanishing.
    const nearest = k > 0 ? distance[i * k]! ** 2 : 0;
    for (let s = 0; s < k; s++) square[s] = distance[i * k + s]! ** 2 - nearest;
    fillRow(out.subarray(i * k, (i + 1) * k), square, wanted);
  }
  return out;
}

function fillRow(row: Float64Array, square: Float64Array, wanted: number): void {
  let low = -Infinity;
  let high = Infinity;
  let beta = 1;
  let sum = 0;
  for (let step = 0; step < STEPS; step++) {
    let weighted = 0;
    sum = 0;
    for (let s = 0; s < square.length; s++) {
      const value = Math.exp(-square[s]! * beta);
      row[s] = value;
      sum += value;
      weighted += square[s]! * value;
    }
    const excess = Math.log(sum) + (beta * weighted) / sum - wanted;
    if (Math.abs(excess) <= TOLERANCE) break;
    if (excess > 0) {
      low = beta;
      beta = high === Infinity ? beta * 2 : (beta + high) / 2;
    } else {
      high = beta;
      beta = low === -Infinity ? beta / 2 : (beta + low) / 2;
    }
  }
  for (let s = 0; s < row.length; s++) row[s]! /= sum;
}

/** The joint probabilities (p(j|i) + p(i|j)) / 2n of the conditional ones. */
export function jointProbabilities(graph: NeighborGraph, conditional: Float64Array): Affinities {
  const { count, k } = graph;
  const reverse = reversed(graph);
  const start = new Int32Array(count + 1);
  const target = new Int32Array(2 * count * k);
  const value = new Float32Array(2 * count * k);
  const total = conditional.reduce((sum, p) => sum + p, 0);
  const scale = total > 0 ? 0.5 / total : 0;
  const row = new Row(count);
  const addReverse = (edge: number): void => row.add(Math.floor(edge / k), conditional[edge]!);
  for (let i = 0, filled = 0; i < count; i++) {
    row.clear();
    // In the order of the items whose edges they are: layouts hang on the order of sums.
    let from = reverse.start[i]!;
    const to = reverse.start[i + 1]!;
    for (; from < to && reverse.edge[from]! < i * k; from++) addReverse(reverse.edge[from]!);
    for (let at = i * k; at < (i + 1) * k; at++) row.add(graph.index[at]!, conditional[at]!);
    for (; from < to; from++) addReverse(reverse.edge[from]!);
    for (let at = 0; at < row.length; at++, filled++) {
      target[filled] = row.target[at]!;
      value[filled] = row.sum[at]! * scale;
    }
    start[i + 1] = filled;
  }
  return { count, start, target: target.slice(0, start[count]), value: value.slice(0, start[count]) };
}

/** One row of a sparse matrix while values are added to it. */
class Row {
  length = 0;
  readonly target: Int32Array;
  readonly sum: Float64Array;
  private readonly slot: Int32Array;

  constructor(count: number) {
    this.target = new Int32Array(count);
    this.sum = new Float64Array(count);
    this.slot = new Int32Array(count).fill(-1);
  }

  clear(): void {
    for (let at = 0; at < this.length; at++) this.slot[this.target[at]!] = -1;
    this.length = 0;
  }

  add(target: number, value: number): void {
    let at = this.slot[target]!;
    if (at < 0) {
      at = this.slot[target] = this.length++;
      this.target[at] = target;
      this.sum[at] = 0;
    }
    this.sum[at]! += value;
  }
}

/** The edges (places in `index`) that lead to each item, in ascending order. */
function reversed({ count, k, index }: NeighborGraph): { start: Int32Array; edge: Int32Array } {
  const start = new Int32Array(count + 1);
  for (let at = 0; at < count * k; at++) start[index[at]! + 1]!++;
  for (let i = 0; i < count; i++) start[i + 1]! += start[i]!;
  const fill = start.slice();
  const edge = new Int32Array(count * k);
  for (let at = 0; at < count * k; at++) edge[fill[index[at]!]!++] = at;
  return { start, edge };
}
