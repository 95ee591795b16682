import type { Random } from "../random";
import type { StageContext } from "../types";

/** Rows that hold the squared distances of all items to each of some. */
export type SquaresOf = (items: readonly number[]) => Float32Array[] | Promise<Float32Array[]>;

/**
 * Greedy k-means++ (Arthur & Vassilvitskii 2007, with the best of 2 + ln k candidates a step, as in scikit-learn) for
 * several restarts at once.
 * @param rows number of items
 * @returns for each restart the rows that are its first centroids
 */
export async function seedCentroids(
  squaresOf: SquaresOf,
  rows: number,
  k: number,
  restarts: number,
  random: Random,
  ctx: StageContext,
): Promise<Int32Array[]> {
  const trials = 2 + Math.floor(Math.log(k));
  const chosen = Array.from({ length: restarts }, () => new Int32Array(k));
  const nearest = chosen.map(() => new Float64Array(rows).fill(Infinity));
  for (let c = 0; c < k; c++) {
    ctx.signal.throwIfAborted();
    const tries = c === 0 ? 1 : trials;
    const candidates = nearest.flatMap((distances) => draw(distances, tries, c === 0, random));
    const squares = await squaresOf(candidates);
    chosen.forEach((centres, r) => {
      const own = Array.from({ length: tries }, (_, t) => r * tries + t);
      const potentials = own.map((at) => potential(nearest[r]!, squares[at]!));
      const best = own[potentials.indexOf(Math.min(...potentials))]!;
      centres[c] = candidates[best]!;
      const distances = nearest[r]!;
      const taken = squares[best]!;
      for (let i = 0; i < rows; i++) distances[i] = Math.min(distances[i]!, taken[i]!);
    });
  }
  return chosen;
}

/** Rows drawn with a chance in proportion to their squared distance from the nearest centroid so far. */
function draw(distances: Float64Array, count: number, first: boolean, random: Random): number[] {
  let total = 0;
  if (!first) for (const value of distances) total += value;
  return Array.from({ length: count }, () => {
    if (!(total > 0)) return random.below(distances.length);
    let rest = random.next() * total;
    for (let i = 0; i < distances.length; i++) {
      rest -= distances[i]!;
      if (rest < 0) return i;
    }
    return distances.length - 1;
  });
}

function potential(distances: Float64Array, squares: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < distances.length; i++) sum += Math.min(distances[i]!, squares[i]!);
  return sum;
}
