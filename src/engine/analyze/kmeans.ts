import { createProducts, type Products } from "../linear/product";
import { unshared } from "../linear/runtime";
import { columnMeans, squaredDistanceAt, squaredNorms } from "../linear/vectors";
import { createRandom } from "../random";
import type { Matrix, StageContext } from "../types";
import { kmeansOfPairs, pairsPay, SEED } from "./kmeans-pairs";
import { seedCentroids } from "./kmeans-start";
import { allSquares } from "./pairs";

export interface KMeans {
  /** (n) cluster of each row. */
  cluster: Int32Array;
  /** (k × d) row-major. */
  centroids: Float32Array;
  /** Sum of the squared distances to the own centroid. */
  inertia: number;
}

const MAX_ITERATIONS = 300;
/** Centroids that move less than this share of the mean variance stand still, as in scikit-learn. */
const TOLERANCE = 1e-4;
const BLOCK = 1024;

/** Restarts for a size: ten, as scikit-learn 1.2; fewer where one run over the data is long. */
export const restartsFor = (rows: number): number => (rows <= 20_000 ? 10 : 3);

/**
 * Lloyd's k-means with greedy k-means++ starts; the restart with the least inertia wins, the first among equals.
 * @param k at most the number of rows; clusters beyond the number of different rows stay empty
 */
export async function kmeans(
  matrix: Matrix,
  k: number,
  options: { seed: number; restarts: number },
  ctx: StageContext,
): Promise<KMeans> {
  const cluster = pairsPay(matrix.rows, matrix.cols)
    ? await kmeansOfPairs(await allSquares(matrix, ctx), k, options, ctx)
    : await kmeansOfRows(matrix, k, options, ctx);
  const means = meansOf(matrix, cluster, k);
  return { cluster, centroids: Float32Array.from(means), inertia: inertiaOf(matrix, cluster, means) };
}

/** On the rows themselves: all restarts advance together, so that one matrix product serves them all. @returns (n) clusters */
export async function kmeansOfRows(
  matrix: Matrix,
  k: number,
  { seed, restarts }: { seed: number; restarts: number },
  ctx: StageContext,
): Promise<Int32Array> {
  const { rows, cols } = matrix;
  const data = centre(matrix);
  const norms = squaredNorms(data, rows, cols);
  const products = await createProducts(rows * cols * k * restarts * 10);
  const squaresOf = (items: readonly number[]) => squaresFrom(items, data, norms, cols, products);
  const starts = await seedCentroids(squaresOf, rows, k, restarts, createRandom(seed, SEED), ctx);
  const still = TOLERANCE * meanVariance(data, rows, cols);
  const runs = starts.map((rowsOf) => new Run(data, rows, cols, rowsOf));
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const active = runs.filter((run) => !run.done);
    if (active.length === 0) break;
    ctx.report(iteration, 0);
    const stacked = new Float32Array(active.length * k * cols);
    active.forEach((run, r) => stacked.set(run.centroids, r * k * cols));
    const half = squaredNorms(stacked, active.length * k, cols).map((norm) => norm / 2);
    for (let from = 0; from < rows; from += BLOCK) {
      ctx.signal.throwIfAborted();
      const count = Math.min(BLOCK, rows - from);
      const width = active.length * k;
      const dots = await products.byRows(
        data.subarray(from * cols, (from + count) * cols),
        count,
        stacked,
        width,
        cols,
      );
      active.forEach((run, r) => run.assign(dots, half, r * k, width, from, count, norms));
    }
    for (const run of active) run.move(still);
  }
  return runs.reduce((winner, run) => (run.inertia() < winner.inertia() ? run : winner)).cluster;
}

/** Squared distances of all rows to some. */
async function squaresFrom(
  items: readonly number[],
  data: Float32Array,
  norms: Float32Array,
  cols: number,
  products: Products,
): Promise<Float32Array[]> {
  const rows = norms.length;
  const picked = new Float32Array(items.length * cols);
  items.forEach((row, at) => picked.set(data.subarray(row * cols, (row + 1) * cols), at * cols));
  const dots = await products.byRows(picked, items.length, data, rows, cols);
  return items.map((row, at) => {
    const squares = dots.subarray(at * rows, (at + 1) * rows);
    for (let i = 0; i < rows; i++) squares[i] = i === row ? 0 : Math.max(0, norms[row]! + norms[i]! - 2 * squares[i]!);
    return squares;
  });
}

/** One restart: its centroids, assignments and sums; only items that changed their cluster touch the sums. */
class Run {
  readonly cluster: Int32Array;
  readonly centroids: Float32Array;
  done = false;
  private readonly k: number;
  private readonly sums: Float64Array;
  private readonly sizes: Int32Array;
  private readonly distance: Float32Array;
  private changed = 0;

  constructor(
    private readonly data: Float32Array,
    rows: number,
    private readonly cols: number,
    starts: Int32Array,
  ) {
    this.k = starts.length;
    this.cluster = new Int32Array(rows).fill(-1);
    this.centroids = new Float32Array(this.k * cols);
    starts.forEach((row, c) => this.centroids.set(data.subarray(row * cols, (row + 1) * cols), c * cols));
    this.sums = new Float64Array(this.k * cols);
    this.sizes = new Int32Array(this.k);
    this.distance = new Float32Array(rows);
  }

  /** Gives items from .. from + count to their nearest centroid; `at` is this run's first column of the products. */
  assign(
    dots: Float32Array,
    half: Float32Array,
    at: number,
    width: number,
    from: number,
    count: number,
    norms: Float32Array,
  ): void {
    for (let i = 0; i < count; i++) {
      let best = 0;
      let least = Infinity;
      for (let c = 0, place = i * width + at; c < this.k; c++, place++) {
        const value = half[at + c]! - dots[place]!;
        if (value < least) {
          least = value;
          best = c;
        }
      }
      const item = from + i;
      this.distance[item] = Math.max(0, norms[item]! + 2 * least);
      if (this.cluster[item] !== best) this.give(item, best);
    }
  }

  private give(item: number, to: number): void {
    const { data, cols, sums } = this;
    const before = this.cluster[item]!;
    const at = item * cols;
    if (before >= 0) {
      for (let c = 0, s = before * cols; c < cols; c++) sums[s++]! -= data[at + c]!;
      this.sizes[before]!--;
    }
    for (let c = 0, s = to * cols; c < cols; c++) sums[s++]! += data[at + c]!;
    this.sizes[to]!++;
    this.cluster[item] = to;
    this.changed++;
  }

  /**
   * Moves the centroids to the means; an empty cluster takes the item that is farthest from its centroid, and stays empty
   * where every item is its centroid.
   */
  move(still: number): void {
    for (let c = 0; c < this.k; c++) {
      if (this.sizes[c] !== 0) continue;
      let far = -1;
      for (let i = 0; i < this.distance.length; i++) {
        if (this.sizes[this.cluster[i]!]! > 1 && (far < 0 || this.distance[i]! > this.distance[far]!)) far = i;
      }
      if (far < 0 || this.squareOf(far) === 0) break;
      this.give(far, c);
      this.distance[far] = 0;
    }
    let shift = 0;
    for (let c = 0; c < this.k; c++) {
      const size = Math.max(1, this.sizes[c]!);
      for (let j = 0, s = c * this.cols; j < this.cols; j++, s++) {
        const mean = this.sums[s]! / size;
        shift += (mean - this.centroids[s]!) ** 2;
        this.centroids[s] = mean;
      }
    }
    this.done = this.changed === 0 || shift <= still;
    this.changed = 0;
  }

  /** In float64 from the items and their centroids. */
  inertia(): number {
    this.total ??= this.cluster.reduce((sum, _, i) => sum + this.squareOf(i), 0);
    return this.total;
  }

  private squareOf(item: number): number {
    const { data, cols, centroids, cluster } = this;
    return squaredDistanceAt(data, item * cols, centroids, cluster[item]! * cols, cols);
  }

  private total: number | undefined;
}

/** A copy with column means 0: distances stay, and float32 products of data far from the origin keep their digits. */
function centre({ rows, cols, data }: Matrix): Float32Array {
  const mean = columnMeans(data, rows, cols);
  const out = unshared(data).slice(0, rows * cols);
  for (let i = 0, at = 0; i < rows; i++) for (let c = 0; c < cols; c++) out[at++]! -= mean[c]!;
  return out;
}

function meanVariance(centred: Float32Array, rows: number, cols: number): number {
  let sum = 0;
  for (const value of centred) sum += value * value;
  return sum / Math.max(1, rows * cols);
}

/** The mean of each cluster's rows: (k × d), 0 for an empty one. */
export function centroidsOf(matrix: Matrix, cluster: Int32Array, k: number): Float32Array {
  return Float32Array.from(meansOf(matrix, cluster, k));
}

/** The same in float64. @param cluster (n) -1 is none */
export function meansOf({ cols, data }: Matrix, cluster: Int32Array, k: number): Float64Array {
  const means = new Float64Array(k * cols);
  const sizes = new Int32Array(k);
  cluster.forEach((c, i) => {
    if (c < 0) return;
    sizes[c]!++;
    for (let j = 0, s = c * cols, at = i * cols; j < cols; j++) means[s++]! += data[at++]!;
  });
  for (let s = 0; s < means.length; s++) means[s]! /= Math.max(1, sizes[Math.floor(s / cols)]!);
  return means;
}

/** The sum of the squared distances of rows to the means of their clusters. @param cluster (n) each in one */
export function inertiaOf({ cols, data }: Matrix, cluster: Int32Array, means: Float64Array): number {
  let sum = 0;
  cluster.forEach((c, i) => {
    for (let j = 0, s = c * cols, at = i * cols; j < cols; j++) sum += (data[at++]! - means[s++]!) ** 2;
  });
  return sum;
}
