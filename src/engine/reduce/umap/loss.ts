import type { Curve } from "./curve";
import { NEGATIVE_RATE } from "./full";
import { strongestOf, type WeightedGraph } from "./fuzzy";

/** Squared distance below which items push no harder, nearly as in the gradient, which adds it to all. */
const LEAST_SQUARE = 1e-3;

/**
 * The loss that UMAP's sampled gradient follows (Damrich & Hamprecht 2021, “On UMAP's true loss function”): the logarithms of
 * 1/q over the edges, by weight, and of 1/(1 − q) over all pairs, as often as an item's draws meet another, where q = 1 / (1 +
 * a·d^(2b)). The strongest weight counts 1. (The gradient pushes an item by its own degree; a loss has but the mean of both.)
 * @param positions (count × dims) interleaved
 */
export function umapLoss(positions: Float32Array, dims: 2 | 3, graph: WeightedGraph, { a, b }: Curve): number {
  const { count, start, target, weight } = graph;
  const strongest = strongestOf(graph);
  let loss = 0;
  for (let i = 0; i < count; i++) {
    let degree = 0;
    for (let at = start[i]!; at < start[i + 1]!; at++) {
      const tie = weight[at]! / strongest;
      degree += tie;
      loss += tie * Math.log(1 + a * Math.pow(squareOf(positions, dims, i, target[at]!), b));
    }
    let apart = 0;
    for (let j = 0; j < count; j++) {
      if (j !== i) apart += Math.log(1 + Math.pow(Math.max(squareOf(positions, dims, i, j), LEAST_SQUARE), -b) / a);
    }
    loss += ((NEGATIVE_RATE * degree) / (2 * count)) * apart;
  }
  return loss;
}

function squareOf(positions: Float32Array, dims: 2 | 3, i: number, j: number): number {
  const [at, other] = [i * dims, j * dims];
  const x = positions[at]! - positions[other]!;
  const y = positions[at + 1]! - positions[other + 1]!;
  const z = dims === 3 ? positions[at + 2]! - positions[other + 2]! : 0;
  return x * x + y * y + z * z;
}
