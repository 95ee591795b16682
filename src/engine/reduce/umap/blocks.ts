/**
 * Which blocks of edges can be worked on at the same time. Items are cut into an even number of parts; block (p, q) holds
 * the edges between parts p and q. In a round no part occurs twice, as no team plays twice in a round of a tournament.
 */
export interface Rounds {
  parts: number;
  /** Blocks of each round, in the order in which the edges are stored. */
  rounds: { from: number; to: number }[];
  /** (parts × parts) the block of the edges between two parts. */
  block: Int32Array;
}

/**
 * Parts for a number of items: fixed by it alone, never by the number of threads. Up to 20,000 items, which take three seconds,
 * stay together: every random item that pushes is then seen where it is now (parts cost 0.003 of trustworthiness).
 */
export const partsFor = (count: number): number => (count <= 20_000 ? 1 : 16);

/** The rounds of the circle method: first every part with itself, then parts − 1 rounds of disjoint pairs. */
export function planRounds(parts: number): Rounds {
  const block = new Int32Array(parts * parts);
  const rounds: Rounds["rounds"] = [{ from: 0, to: parts }];
  for (let p = 0; p < parts; p++) block[p * parts + p] = p;
  let next = parts;
  for (let round = 0; round < parts - 1; round++) {
    const from = next;
    for (let i = 0; i < parts / 2; i++) {
      const p = i === 0 ? parts - 1 : (round + i) % (parts - 1);
      const q = (round + parts - 1 - i) % (parts - 1);
      block[p * parts + q] = next;
      block[q * parts + p] = next++;
    }
    rounds.push({ from, to: next });
  }
  return { parts, rounds, block };
}
