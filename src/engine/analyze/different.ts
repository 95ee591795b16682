import type { Matrix } from "../types";

/** How many rows differ from each other, to the bit; the count ends at `most`. */
export function differentRows({ rows, cols, data }: Matrix, most: number): number {
  const seen = new Set<string>();
  const bytes = Buffer.from(data.buffer, data.byteOffset, rows * cols * data.BYTES_PER_ELEMENT);
  const width = cols * data.BYTES_PER_ELEMENT;
  for (let at = 0; at < bytes.length && seen.size < most; at += width)
    seen.add(bytes.toString("latin1", at, at + width));
  return seen.size;
}
