import type { Curve } from "./curve";
import type { WeightedGraph } from "./fuzzy";
import { gradientTables, TABLE_BASE, TABLE_SHIFT, TABLE_SIZE } from "./gradient";

/** Up to this many items the expected gradient is taken over all pairs instead of drawing random ones. */
export const FULL_LIMIT = 100;
/** Random items that push for each neighbour that pulls, in the sampled algorithm whose expectation this is. */
const NEGATIVE_RATE = 5;
/** Part of the sampled algorithm's step: the expectation is not noisy, and small steps find better layouts. */
const STEP = 0.1;
const MOST = 4;

export interface FullOptions {
  epochs: number;
  curve: Curve;
  /** Called before every epoch; false ends the layout as it is. May throw to stop. */
  onEpoch: (epoch: number, layout: () => Float32Array) => boolean;
}

/**
 * Optimises a small layout by the expectation of UMAP's sampled gradient, item by item, in place: with few items the
 * luck of the draw would decide which of them end up side by side.
 * @param positions (count × dims) interleaved
 * @returns epochs that were done: all, unless it was stopped
 */
export function optimizeFully(
  positions: Float32Array,
  dims: 2 | 3,
  { count, start, target, weight }: WeightedGraph,
  { epochs, curve, onEpoch }: FullOptions,
): number {
  const { pull, push } = gradientTables(curve);
  const strongest = weight.reduce((most, value) => Math.max(most, value), 0);
  const float = new Float32Array(1);
  const bits = new Int32Array(float.buffer);
  const pulls = new Float64Array(count);
  const move = new Float64Array(dims);
  for (let epoch = 0; epoch < epochs; epoch++) {
    if (!onEpoch(epoch, () => positions)) return epoch;
    const alpha = STEP * (1 - epoch / epochs);
    for (let i = 0; i < count; i++) {
      pulls.fill(0);
      let degree = 0;
      for (let at = start[i]!; at < start[i + 1]!; at++) {
        pulls[target[at]!] = (2 * weight[at]!) / strongest;
        degree += weight[at]! / strongest;
      }
      const pushes = (NEGATIVE_RATE * degree) / count;
      move.fill(0);
      for (let j = 0; j < count; j++) {
        if (j === i) continue;
        let square = 0;
        for (let d = 0; d < dims; d++) square += (positions[i * dims + d]! - positions[j * dims + d]!) ** 2;
        float[0] = square;
        const place = (bits[0]! >> TABLE_SHIFT) - TABLE_BASE;
        // Equal places: the earlier item is pushed one way, the later one the other way.
        if (place < 0) {
          for (let d = 0; d < dims; d++) move[d]! += (i < j ? MOST : -MOST) * pushes;
          continue;
        }
        const attraction = pull[place < TABLE_SIZE ? place : TABLE_SIZE - 1]!;
        const repulsion = push[place < TABLE_SIZE ? place : TABLE_SIZE - 1]!;
        for (let d = 0; d < dims; d++) {
          const by = positions[i * dims + d]! - positions[j * dims + d]!;
          move[d]! += pulls[j]! * clip(attraction * by) + pushes * clip(repulsion * by);
        }
      }
      for (let d = 0; d < dims; d++) positions[i * dims + d]! += alpha * move[d]!;
    }
  }
  return epochs;
}

const clip = (value: number): number => (value > MOST ? MOST : value < -MOST ? -MOST : value);
