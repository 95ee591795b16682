import type { Products } from "../linear/product";
import type { Random } from "../random";
import type { StageContext } from "../types";

export interface Points {
  data: Float32Array;
  rows: number;
  cols: number;
  /** Squared norm of each row. */
  norms: Float32Array;
  products: Products;
}

/**
 * Greedy k-means++ (Arthur & Vassilvitskii 2007, with the best of 2 + ln k candidates a step, as in scikit-learn) for
 * several restarts at once.
 * @returns for each restart the rows that are its first centroids
 */
export async function seedCentroids(
  points: Points,
  k: number,
  restarts: number,
  random: Random,
  ctx: StageContext,
): Promise<Int32Array[]> {
  const { rows } = points;
  const trials = 2 + Math.floor(Math.log(k));
  const chosen = Array.from({ length: restarts }, () => new Int32Array(k));
  const nearest = chosen.map(() => new Float64Array(rows).fill(Infinity));
  for (let c = 0; c < k; c++) {
    ctx.signal.throwIfAborted();
    const tries = c === 0 ? 1 : trials;
    const candidates = nearest.flatMap((distances) => draw(distances, tries, c === 0, random));
    const squares = await squaredDistances(points, candidates);
    chosen.forEach((centres, r) => {
      const own = Array.from({ length: tries }, (_, t) => r * tries + t);
      const potentials = own.map((at) => potential(nearest[r]!, squares, at * rows));
      const best = own[potentials.indexOf(Math.min(...potentials))]!;
      centres[c] = candidates[best]!;
      const distances = nearest[r]!;
      for (let i = 0; i < rows; i++) distances[i] = Math.min(distances[i]!, squares[best * rows + i]!);
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

function potential(distances: Float64Array, squares: Float32Array, at: number): number {
  let sum = 0;
  for (let i = 0; i < distances.length; i++) sum += Math.min(distances[i]!, squares[at + i]!);
  return sum;
}

/** (candidates × rows) squared distances of the rows to some of them. */
async function squaredDistances(
  { data, rows, cols, norms, products }: Points,
  candidates: number[],
): Promise<Float32Array> {
  const picked = new Float32Array(candidates.length * cols);
  candidates.forEach((row, at) => picked.set(data.subarray(row * cols, (row + 1) * cols), at * cols));
  const dots = await products.byRows(picked, candidates.length, data, rows, cols);
  candidates.forEach((row, at) => {
    for (let i = 0; i < rows; i++) {
      const place = at * rows + i;
      dots[place] = i === row ? 0 : Math.max(0, norms[row]! + norms[i]! - 2 * dots[place]!);
    }
  });
  return dots;
}
