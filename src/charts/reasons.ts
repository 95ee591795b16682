import type { DoubtfulLabel, DuplicateGroup, Outlier } from "../protocol/explore";
import { number } from "./caption";

/** "3 items, the same vector" */
export function duplicateWords({ items, exact }: DuplicateGroup): string {
  return `${number(items.length)} items, ${exact ? "the same vector" : "nearly the same"}`;
}

/** "2.4 times as far from its nearest as usual" */
export function outlierWords({ times }: Outlier): string {
  return Number.isFinite(times)
    ? `${times.toFixed(1)} times as far from its nearest as usual`
    : "far from its nearest, where the others have no distance";
}

/** "dog, but 9 of its 10 nearest are cat", or "dog, but 9 of its 10 nearest are not: 4 are cat" */
export function doubtfulWords({ share, votes, of }: DoubtfulLabel, own: string, other: string): string {
  const others = Math.round(share * of);
  const are = (count: number): string => (count === 1 ? "is" : "are");
  if (votes === others) return `${own}, but ${votes} of its ${of} nearest ${are(votes)} ${other}`;
  return `${own}, but ${others} of its ${of} nearest ${are(others)} not: ${votes} ${are(votes)} ${other}`;
}
