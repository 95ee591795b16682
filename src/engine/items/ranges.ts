import type { Line } from "./split-lines";

export type Range = readonly [from: number, to: number];

/** Sorted and merged: each line once, also where ranges overlap or touch. */
export function mergeRanges(ranges: readonly Range[]): Range[] {
  const merged: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** The lines within merged ranges; reads no further than the last of them. */
export async function* withinRanges(batches: AsyncIterable<Line[]>, ranges: readonly Range[]): AsyncGenerator<Line[]> {
  let at = 0;
  for await (const batch of batches) {
    const kept = batch.filter(({ number }) => {
      while (at < ranges.length && number > ranges[at]![1]) at++;
      return at < ranges.length && number >= ranges[at]![0];
    });
    if (kept.length > 0) yield kept;
    if (at >= ranges.length) return;
  }
}
