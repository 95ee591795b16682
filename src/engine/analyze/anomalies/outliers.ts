import type { Outlier } from "../../../protocol/explore";
import type { NeighborGraph } from "../../types";

/** Scores above it are outliers (Iglewicz & Hoaglin 1993). */
const OUTLYING = 3.5;

/**
 * Items that are far from their nearest: the mean distance to them as a modified z-score, (d − median) / (1.4826 × median
 * absolute deviation), or over 1.2533 × the mean absolute deviation when the median is 0 (Iglewicz & Hoaglin 1993).
 * @returns those of a score above 3.5, the highest first; none of fewer than four items
 */
export function outliers({ count, k, distance }: NeighborGraph): Outlier[] {
  if (k === 0 || count < 4) return [];
  const means = Float64Array.from({ length: count }, (_, i) => mean(distance.subarray(i * k, (i + 1) * k)));
  const middle = median(means);
  const apart = means.map((value) => Math.abs(value - middle));
  const spread = 1.4826 * median(apart) || 1.2533 * mean(apart);
  // Differences at the edge of float32 are no news.
  if (!(spread > 1e-6 * middle)) return [];
  return Array.from(means, (value, index) => ({
    index,
    score: (value - middle) / spread,
    times: middle > 0 ? value / middle : Infinity,
  }))
    .filter(({ score }) => score > OUTLYING)
    .sort((p, q) => q.score - p.score || p.index - q.index);
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / Math.max(1, values.length);
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
