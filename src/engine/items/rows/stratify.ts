import { createRandom, sampleIndices } from "../../random";

/** Separates the draws within a label from each other. */
const STREAM = 100;

/**
 * A seeded sample that keeps the shares of the labels (largest remainders; each label keeps at least one where there is room).
 * @param code of each row: its label as a number from 0
 * @returns `size` rows, ascending
 */
export function stratifiedSample(code: Int32Array, labels: number, size: number, seed: number): Int32Array {
  const count = code.length;
  if (size >= count) return Int32Array.from({ length: count }, (_, i) => i);
  const counts = new Int32Array(labels);
  for (const label of code) counts[label]!++;
  const wanted = shares(counts, size);
  const members = Array.from(counts, (length) => new Int32Array(length));
  const filled = new Int32Array(labels);
  code.forEach((label, row) => (members[label]![filled[label]!++] = row));
  const sample = new Int32Array(size);
  let at = 0;
  members.forEach((rows, label) => {
    const chosen = sampleIndices(rows.length, wanted[label]!, createRandom(seed, STREAM + label));
    for (const i of chosen) sample[at++] = rows[i]!;
  });
  return sample.sort();
}

function shares(counts: Int32Array, size: number): Int32Array {
  const total = counts.reduce((sum, n) => sum + n, 0);
  const room = counts.reduce((labels, n) => labels + Number(n > 0), 0) <= size;
  const exact = Array.from(counts, (n) => (n * size) / total);
  const given = Int32Array.from(exact, (share) => Math.max(Math.floor(share), room && share > 0 ? 1 : 0));
  let left = size - given.reduce((sum, n) => sum + n, 0);
  const order = exact.map((_, label) => label);
  // First to those that lack most of their share; where each label's one was too many, from those that have most above it.
  order.sort((a, b) => exact[b]! - given[b]! - (exact[a]! - given[a]!) || a - b);
  for (let i = 0; left > 0; i = (i + 1) % order.length) {
    const label = order[i]!;
    if (given[label]! < counts[label]!) {
      given[label]!++;
      left--;
    }
  }
  for (let i = order.length - 1; left < 0; i = (i + order.length - 1) % order.length) {
    const label = order[i]!;
    if (given[label]! > 1) {
      given[label]!--;
      left++;
    }
  }
  return given;
}
