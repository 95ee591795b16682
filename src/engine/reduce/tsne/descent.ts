import type { StageContext } from "../../types";
import { goOn } from "../watch";

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
 * @returns iterations that were done: all, unless it was stopped
 */
export function descend(
  positions: Float64Array,
  count: number,
  attract: Attraction,
  repel: Repulsion,
  schedule: Schedule,
  ctx: StageContext,
): number {
  const { iterations, exaggeration } = schedule;
  const size = positions.length;
  const pull = new Float64Array(size);
  const push = new Float64Array(size);
  const update = new Float64Array(size);
  const gain = new Float64Array(size).fill(1);
  const rate = Math.max(count / exaggeration / 4, 50);
  const dims = size / count;
  const started = spreadOf(positions, dims);
  let early = schedule.early;
  for (let iteration = 0; iteration < iterations; iteration++) {
    if (!goOn(ctx, iteration, iterations, () => positions, dims === 3 ? 3 : 2)) return iteration;
    // Without clusters to hold on to, exaggerated attraction draws everything into one point: then it ends at once.
    if (iteration < early && iteration % LOOK_EVERY === 0 && spreadOf(positions, dims) < COLLAPSED * started) {
      unfold(positions, dims, started);
      early = iteration;
    }
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
    if (iteration > early + LOOK_EVERY && Math.sqrt(norm) <= MIN_GRADIENT) break;
  }
  return iterations;
}

/** A layout that shrinks below this share of its start has collapsed; looked for every so many iterations. */
const COLLAPSED = 0.01;
const LOOK_EVERY = 10;

/** Brings a layout back to mean 0 and the given spread: as small as a start is, only its shape counts. */
function unfold(positions: Float64Array, dims: number, spread: number): void {
  const now = spreadOf(positions, dims);
  const scale = now > 0 ? spread / now : 1;
  for (let d = 0; d < dims; d++) {
    const mean = meanOf(positions, dims, d);
    for (let at = d; at < positions.length; at += dims) positions[at] = (positions[at]! - mean) * scale;
  }
}

/** Standard deviation over all axes. */
function spreadOf(positions: Float64Array, dims: number): number {
  let sum = 0;
  for (let d = 0; d < dims; d++) {
    const mean = meanOf(positions, dims, d);
    for (let at = d; at < positions.length; at += dims) sum += (positions[at]! - mean) ** 2;
  }
  return Math.sqrt(sum / positions.length);
}

function meanOf(positions: Float64Array, dims: number, d: number): number {
  let sum = 0;
  for (let at = d; at < positions.length; at += dims) sum += positions[at]!;
  return (sum * dims) / positions.length;
}
