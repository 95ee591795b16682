import { UMAP } from "umap-js";
import { createRandom } from "../../src/engine/random";
import type { Matrix, NeighborGraph } from "../../src/engine/types";

/** The rows as umap-js and ml-kmeans take them. */
export const rowsOf = ({ rows, cols, data }: Matrix): number[][] =>
  Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * cols, (i + 1) * cols)));

/** The map that umap-js makes of given neighbours; it counts an item as its own nearest. */
export function umapJs(matrix: Matrix, graph: NeighborGraph, { seed, epochs }: { seed: number; epochs: number }) {
  const random = createRandom(seed, 0x0a);
  const umap = new UMAP({ nNeighbors: graph.k + 1, minDist: 0.1, nEpochs: epochs, random: () => random.next() });
  const of = (at: ArrayLike<number>, i: number, self: number): number[] => [
    self,
    ...Array.from({ length: graph.k }, (_, j) => at[i * graph.k + j]!),
  ];
  const all = Array.from({ length: graph.count }, (_, i) => i);
  umap.setPrecomputedKNN(
    all.map((i) => of(graph.index, i, i)),
    all.map((i) => of(graph.distance, i, 0)),
  );
  const places = umap.fit(rowsOf(matrix));
  return {
    x: Float32Array.from(places, ([x]) => x!),
    y: Float32Array.from(places, ([, y]) => y!),
  };
}

/** The best of ml-kmeans' runs, one for each seed: the sum of squared distances to the own centroid. */
export async function mlKMeansInertia(matrix: Matrix, k: number, seeds: readonly number[]): Promise<number> {
  const { kmeans } = await import("ml-kmeans");
  const data = rowsOf(matrix);
  const inertias = seeds.map((seed) => {
    const { clusters, centroids } = kmeans(data, k, { seed, maxIterations: 300 });
    return data.reduce(
      (sum, row, i) => sum + row.reduce((all, value, j) => all + (value - centroids[clusters[i]!]![j]!) ** 2, 0),
      0,
    );
  });
  return Math.min(...inertias);
}
