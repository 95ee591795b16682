import { parseHex } from "./palette";

// How a point looks by how near it is, 0 (far) to 1 (near): what plain arrays, a graphics processor and a file draw alike.

/** Radii of the farthest and of the nearest points, in the usual one. */
const [FAR_RADIUS, NEAR_RADIUS] = [0.6, 1.4];

/** How much of its own colour the farthest point keeps; the rest is the background's. */
export const FAR_COLOR = 0.45;

/** Spreads of an axis between the farthest look and the nearest: what lies beyond looks as far, or as near. */
const SPREADS = 4.2;

/** The radius of a point in the usual one. */
export const depthRadius = (depth: number): number => FAR_RADIUS + (NEAR_RADIUS - FAR_RADIUS) * depth;

/** A colour on its way into the background: red, green, blue of 0..255. */
export function depthColor(color: string, background: string, depth: number): [number, number, number] {
  const own = FAR_COLOR + (1 - FAR_COLOR) * depth;
  const behind = parseHex(background);
  return parseHex(color).map((part, i) => Math.round(own * part + (1 - own) * behind[i]!)) as [number, number, number];
}

/**
 * How near each point is as a share. The scale is the usual spread of an axis, so that one point far away does not make all
 * others look alike, and it stays the same however the map is turned.
 * @param near (n) distance towards the eye
 * @param spread of the whole map, by `spreadOf`
 */
export function depthShares(near: Float32Array, spread: number): Float32Array {
  const mean = meanOf(near);
  const scale = spread > 0 ? 1 / (SPREADS * spread) : 0;
  const shares = new Float32Array(near.length);
  for (let i = 0; i < near.length; i++) {
    shares[i] = Math.min(1, Math.max(0, 0.5 + (near[i]! - mean) * scale));
  }
  return shares;
}

/** The mean distance from the mean along an axis, on average over all of them: a few points far away hardly change it. */
export function spreadOf(axes: readonly Float32Array[]): number {
  let spread = 0;
  for (const axis of axes) {
    const mean = meanOf(axis);
    let away = 0;
    for (const value of axis) away += Math.abs(value - mean);
    spread += away / Math.max(1, axis.length) / axes.length;
  }
  return spread;
}

function meanOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / Math.max(1, values.length);
}
