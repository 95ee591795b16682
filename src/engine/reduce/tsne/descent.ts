import type { StageContext } from "../../types";

/** Writes the repulsive sums of a layout into `force` (count × dims) and returns their normaliser Z. */
export type Repulsion = (positions: Float64Array, force: Float64Array) => number;
/** Writes Σ p·q·(y_i − y_j) of a layout into `force` (count × dims). */
export type Attraction = (positions: Float64Array, force: Float64Array) => void;

export interface Schedule {
  iterations: number;
  /** Iterations with exaggerated attraction. */
  early: number;
  exaggeration: number;
}

export const SCHEDULE: Schedule = { iterations: 1000, early: 250, exaggeration: 12 };

const MIN_GAIN = 0.01;
const MIN_GRADIENT = 1e-7;

/**
 * Gradient descent with momentum and gains as scikit-learn's TSNE does it: momentum 0.5 while attraction is exaggerated,
 * then 0.8; learning rate max(n/48, 50) on the full gradient 4·(attraction − repulsion/Z). In place.
 */
export function descend(
  positions: Float64Array,
  count: number,
  attract: Attraction,
  repel: Repulsion,
  { iterations, early, exaggeration }: Schedule,
  ctx: StageContext,
): void {
  const size = positions.length;
  const pull = new Float64Array(size);
  const push = new Float64Array(size);
  const update = new Float64Array(size);
  const gain = new Float64Array(size).fill(1);
  const rate = Math.max(count / exaggeration / 4, 50);
  for (let iteration = 0; iteration < iterations; iteration++) {
    ctx.signal.throwIfAborted();
    ctx.report(iteration, iterations);
    if (iteration === early) {
      update.fill(0);
      gain.fill(1);
    }
    const exaggerated = iteration < early;
    const momentum = exaggerated ? 0.5 : 0.8;
    const factor = exaggerated ? exaggeration : 1;
    attract(positions, pull);
    const z = Math.max(repel(positions, push), Number.MIN_VALUE);
    let norm = 0;
    for (let i = 0; i < size; i++) {
      const gradient = 4 * (factor * pull[i]! - push[i]! / z);
      norm += gradient * gradient;
      const before = update[i]!;
      const g = Math.max(before * gradient < 0 ? gain[i]! + 0.2 : gain[i]! * 0.8, MIN_GAIN);
      gain[i] = g;
      const step = momentum * before - rate * g * gradient;
      update[i] = step;
      positions[i]! += step;
    }
    if (!exaggerated && Math.sqrt(norm) <= MIN_GRADIENT) break;
  }
}
