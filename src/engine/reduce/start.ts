import type { Random } from "../random";

/** How far the start of a UMAP layout reaches on each axis, as umap-learn has it. */
const REACH = 10;
const NOISE = 1e-4;

/**
 * The start of a UMAP layout from any coordinates, as umap-learn scales it: the largest value becomes `reach`, a little noise
 * separates equal points, then every axis is stretched to 0..reach. An axis without extent (all vectors equal, fewer
 * components than axes) is filled with noise.
 * @returns (count × dims) interleaved
 */
export function umapStart(axes: Float64Array[], random: Random, reach = REACH): Float32Array {
  const dims = axes.length;
  const count = axes[0]!.length;
  let top = 0;
  for (const axis of axes) for (const value of axis) top = Math.max(top, Math.abs(value));
  const out = new Float32Array(count * dims);
  axes.forEach((axis, d) => {
    const flat = axis.every((value) => Math.abs(value) <= 1e-9 * top);
    const noisy = axis.map((value) => (flat ? random.normal() : (value * reach) / top + NOISE * random.normal()));
    let low = Infinity;
    let high = -Infinity;
    for (const value of noisy) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    const scale = high > low ? reach / (high - low) : 0;
    for (let i = 0; i < count; i++) out[i * dims + d] = (noisy[i]! - low) * scale;
  });
  return out;
}
