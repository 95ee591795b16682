import { createRandom } from "../../random";
import type { StageContext } from "../../types";

/** Ties between nodes by their positions. */
export interface Ties {
  source: Int32Array;
  target: Int32Array;
  /** (m) 0..1: how strongly a tie pulls. */
  pull: Float32Array;
}

/** Separates the generator of the start from the others of a seed. */
const STREAM = 0x6e;
/** Pairs of nodes that are pushed apart over all steps: a second or two. */
const WORK = 6e8;

/**
 * A force layout after Fruchterman & Reingold (1991): every two nodes push each other apart by l² / d, ties pull by
 * pull · d² / l, and a weak pull to the middle keeps pieces that are not tied within sight. Steps are capped by a
 * temperature that falls to nothing. The same input gives the same bytes.
 * @returns (n) places, one unit is the usual length of a tie
 */
export function forceLayout(
  count: number,
  { source, target, pull }: Ties,
  seed: number,
  ctx: StageContext,
): { x: Float32Array; y: Float32Array } {
  const random = createRandom(seed, STREAM);
  const spread = Math.sqrt(count);
  const x = Float64Array.from({ length: count }, () => (random.next() - 0.5) * spread);
  const y = Float64Array.from({ length: count }, () => (random.next() - 0.5) * spread);
  const fx = new Float64Array(count);
  const fy = new Float64Array(count);
  const steps = Math.round(Math.max(100, Math.min(400, WORK / Math.max(1, count * count))));
  for (let step = 0; step < steps; step++) {
    ctx.signal.throwIfAborted();
    ctx.report(step, steps);
    push(x, y, fx, fy);
    for (let at = 0; at < source.length; at++) {
      const a = source[at]!;
      const b = target[at]!;
      const dx = x[a]! - x[b]!;
      const dy = y[a]! - y[b]!;
      const force = pull[at]! * Math.hypot(dx, dy);
      fx[a]! -= dx * force;
      fy[a]! -= dy * force;
      fx[b]! += dx * force;
      fy[b]! += dy * force;
    }
    const heat = 0.2 * spread * (1 - step / steps) ** 2 + 0.002;
    for (let i = 0; i < count; i++) {
      fx[i]! -= 0.3 * x[i]!;
      fy[i]! -= 0.3 * y[i]!;
      const length = Math.hypot(fx[i]!, fy[i]!);
      const scale = length > heat ? heat / length : 1;
      x[i]! += fx[i]! * scale;
      y[i]! += fy[i]! * scale;
    }
  }
  return { x: Float32Array.from(x), y: Float32Array.from(y) };
}

/** Starts the forces anew: l² / d between every two nodes. */
function push(x: Float64Array, y: Float64Array, fx: Float64Array, fy: Float64Array): void {
  fx.fill(0);
  fy.fill(0);
  for (let i = 0; i < x.length; i++) {
    const xi = x[i]!;
    const yi = y[i]!;
    let sx = 0;
    let sy = 0;
    for (let j = i + 1; j < x.length; j++) {
      const dx = xi - x[j]!;
      const dy = yi - y[j]!;
      const force = 1 / (dx * dx + dy * dy + 1e-4);
      sx += dx * force;
      sy += dy * force;
      fx[j]! -= dx * force;
      fy[j]! -= dy * force;
    }
    fx[i]! += sx;
    fy[i]! += sy;
  }
}
