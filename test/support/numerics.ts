import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "../../src/engine/random";
import type { Matrix, NeighborGraph, StageContext } from "../../src/engine/types";

/** A stage's context that nobody listens to. */
export const quiet: StageContext = { report: () => undefined, signal: new AbortController().signal };

interface RecordedGraph {
  index: number[];
  distance: number[];
  sigma: number[];
  rho: number[];
  start: number[];
  target: number[];
  weight: number[];
}

/** What umap-learn and scikit-learn computed (scripts/record-reference.py). */
export interface Reference {
  rows: number;
  cols: number;
  data: number[];
  labels: number[];
  layout: number[];
  pca: { scores: number[]; explained: number[] };
  umap: {
    neighbors: number;
    curve: { minDist: number; a: number; b: number }[];
    euclidean: RecordedGraph;
    /** spectral: (rows × 2), of its connected graph. */
    cosine: RecordedGraph & { spectral: number[] };
  };
  tsne: {
    perplexity: number;
    joint: number[];
    /** (6 × k) the probabilities of the k nearest neighbours of the first items. */
    conditional: number[];
    divergenceOfLayout: number;
    divergence: number;
  };
  kmeans: { k: number; inertia: number }[];
  silhouette: number[];
  trustworthiness: Record<string, number>;
  continuity: Record<string, number>;
  dbscan: { eps: number; minPoints: number; labels: number[] }[];
  agglomerative: { linkage: "average" | "ward"; k: number; labels: number[] }[];
  agreement: { adjustedRand: number; mutualInformation: number; labels: number[] };
}

export function reference(): Reference & { matrix: Matrix; map: { x: Float32Array; y: Float32Array } } {
  const file = join(__dirname, "..", "golden", "reference.json");
  const read = JSON.parse(readFileSync(file, "utf8")) as Reference;
  const axis = (d: number): Float32Array => Float32Array.from({ length: read.rows }, (_, i) => read.layout[i * 2 + d]!);
  return {
    ...read,
    matrix: { rows: read.rows, cols: read.cols, data: Float32Array.from(read.data) },
    map: { x: axis(0), y: axis(1) },
  };
}

export const recordedGraph = (count: number, { index, distance }: RecordedGraph): NeighborGraph => ({
  count,
  k: index.length / count,
  index: Int32Array.from(index),
  distance: Float32Array.from(distance),
});

/** `clusters` Gaussian clusters in 20 dimensions, turned into `cols` with some noise: rows and the cluster of each. */
export function mixture(
  rows: number,
  cols: number,
  { clusters = 10, spread = 1, seed = 1 } = {},
): { matrix: Matrix; label: Int32Array } {
  const random = createRandom(seed);
  const inner = 20;
  const centres = Float64Array.from({ length: clusters * inner }, () => random.normal() * 1.5);
  const turn = Float64Array.from({ length: inner * cols }, () => random.normal() / Math.sqrt(inner));
  const data = new Float32Array(rows * cols);
  const label = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    const c = random.below(clusters);
    label[i] = c;
    const point = Float64Array.from({ length: inner }, (_, d) => centres[c * inner + d]! + spread * random.normal());
    for (let j = 0; j < cols; j++) {
      let sum = 0.2 * random.normal();
      for (let d = 0; d < inner; d++) sum += point[d]! * turn[d * cols + j]!;
      data[i * cols + j] = sum;
    }
  }
  return { matrix: { rows, cols, data }, label };
}

/** The largest difference of two columns. */
export const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? NaN))), 0);

/** Of two vectors of one length. */
export const cosine = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  return ab / Math.sqrt(aa * bb);
};

/** Spearman's rank correlation of two columns of one length. */
export function spearman(a: readonly number[], b: readonly number[]): number {
  const ranks = (values: readonly number[]): number[] => {
    const [first, last] = [new Map<number, number>(), new Map<number, number>()];
    const sorted = [...values].sort((p, q) => p - q);
    for (const [at, value] of sorted.entries()) {
      if (!first.has(value)) first.set(value, at);
      last.set(value, at);
    }
    return values.map((value) => (first.get(value)! + last.get(value)!) / 2);
  };
  const [x, y] = [ranks(a), ranks(b)];
  const mean = (a.length - 1) / 2;
  const sum = (p: number[], q: number[]): number => p.reduce((all, one, i) => all + (one - mean) * (q[i]! - mean), 0);
  return sum(x, y) / Math.sqrt(sum(x, x) * sum(y, y));
}
