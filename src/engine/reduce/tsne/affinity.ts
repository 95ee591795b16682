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
  const { count, k, index } = graph;
  const begin = new Int32Array(count + 1);
  for (let at = 0; at < index.length; at++) begin[index[at]! + 1]!++;
  for (let i = 0; i < count; i++) begin[i + 1]! += begin[i]! + k;
  const fill = begin.slice();
  const from = new Int32Array(2 * count * k);
  const value = new Float64Array(2 * count * k);
  const put = (i: number, j: number, p: number): void => {
    from[fill[i]!] = j;
    value[fill[i]!++] = p;
  };
  for (let i = 0, at = 0; i < count; i++) {
    for (let s = 0; s < k; s++, at++) {
      put(i, index[at]!, conditional[at]!);
      put(index[at]!, i, conditional[at]!);
    }
  }
  return merge(count, begin, from, value);
}

function merge(count: number, begin: Int32Array, from: Int32Array, value: Float64Array): Affinities {
  const slot = new Int32Array(count).fill(-1);
  const start = new Int32Array(count + 1);
  const target = new Int32Array(from.length);
  const sums = new Float64Array(from.length);
  let filled = 0;
  let total = 0;
  for (let i = 0; i < count; i++) {
    start[i] = filled;
    for (let at = begin[i]!; at < begin[i + 1]!; at++) {
      const j = from[at]!;
      total += value[at]!;
      if (slot[j]! < start[i]!) {
        slot[j] = filled;
        target[filled++] = j;
      }
      sums[slot[j]!]! += value[at]!;
    }
  }
  start[count] = filled;
  const scale = total > 0 ? 1 / total : 0;
  const shares = new Float32Array(filled);
  for (let at = 0; at < filled; at++) shares[at] = sums[at]! * scale;
  return { count, start, target: target.slice(0, filled), value: shares };
}
