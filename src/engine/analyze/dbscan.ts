import type { Matrix, StageContext } from "../types";
import { Forest } from "./forest";
import { SquaredDistances } from "./pairs";

/**
 * DBSCAN (Ester et al. 1996): items with at least `minPoints` items (themselves counted) within `radius` are cores; cores
 * within the radius of each other share a cluster, others join the first cluster that has a core near, or are noise.
 * @returns (n) clusters in the order of their first core, -1 is noise: as scikit-learn numbers them
 */
export async function dbscan(
  matrix: Matrix,
  radius: number,
  minPoints: number,
  ctx: StageContext,
): Promise<Int32Array> {
  const { rows } = matrix;
  const limit = radius * radius;
  const distances = await SquaredDistances.of(matrix, 2);
  const core = new Uint8Array(rows);
  await distances.forEachRow(ctx, (i, squares) => {
    let near = 0;
    for (let j = 0; j < rows; j++) if (squares[j]! <= limit) near++;
    core[i] = near >= minPoints ? 1 : 0;
  });
  const forest = new Forest(rows);
  const nearCores = new Map<number, number[]>();
  await distances.forEachRow(ctx, (i, squares) => {
    if (core[i] === 1) {
      for (let j = 0; j < i; j++) if (core[j] === 1 && squares[j]! <= limit) forest.join(i, j);
    } else {
      const cores: number[] = [];
      for (let j = 0; j < rows; j++) if (core[j] === 1 && squares[j]! <= limit) cores.push(j);
      nearCores.set(i, cores);
    }
  });
  const cluster = new Int32Array(rows).fill(-1);
  const numbers = new Map<number, number>();
  for (let i = 0; i < rows; i++) {
    if (core[i] === 0) continue;
    const root = forest.find(i);
    if (!numbers.has(root)) numbers.set(root, numbers.size);
    cluster[i] = numbers.get(root)!;
  }
  for (const [i, cores] of nearCores) {
    cluster[i] = cores.reduce((first, j) => (first < 0 ? cluster[j]! : Math.min(first, cluster[j]!)), -1);
  }
  return cluster;
}

/**
 * A radius for DBSCAN from the sorted distances to the minPoints-th neighbour: the knee, where the curve is farthest
 * below the line between its ends (Satopää et al. 2011).
 * @param distances (n) distance of each item to its minPoints-th nearest
 */
export function kneeRadius(distances: Float32Array): number {
  const sorted = distances.slice().sort();
  const last = sorted.length - 1;
  const first = sorted[0] ?? 0;
  const rise = (sorted[last] ?? 0) - first;
  let knee = last;
  let deepest = -Infinity;
  for (let i = 0; i <= last; i++) {
    const depth = i / Math.max(1, last) - (rise > 0 ? (sorted[i]! - first) / rise : 0);
    if (depth > deepest) {
      deepest = depth;
      knee = i;
    }
  }
  return sorted[knee] ?? 0;
}
