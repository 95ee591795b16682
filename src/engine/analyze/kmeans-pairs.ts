import { createRandom } from "../random";
import type { StageContext } from "../types";
import { seedCentroids } from "./kmeans-start";

/** Items up to which all distances are held: 64 MB. */
const MOST = 4_096;
const MAX_STEPS = 300;
/** The stream of random numbers that starts are drawn from, on rows and on pairs alike. */
export const SEED = 0x3ea;

/** Whether the distances of all pairs cost less than those of all items to the centroids of ten restarts (`bench/kmeans.ts`). */
export const pairsPay = (rows: number, cols: number): boolean => rows <= Math.min(MOST, 4 * cols);

/**
 * k-means on the squared distances of all pairs: the square of an item's distance to the mean of a cluster C is
 * Σ d²(i, j) / |C| − Σ d²(j, l) / (2 |C|²) with j, l in C. An item that changes its cluster costs two sums over the items,
 * however many dimensions the vectors have, and one matrix serves all restarts and all numbers of clusters.
 * @param squares (n × n) squared euclidean distances
 * @returns (n) cluster of each item: those of the restart with the least inertia, the first among equals
 */
export async function kmeansOfPairs(
  squares: Float32Array,
  k: number,
  { seed, restarts }: { seed: number; restarts: number },
  ctx: StageContext,
): Promise<Int32Array> {
  const rows = Math.sqrt(squares.length);
  const rowOf = (i: number): Float32Array => squares.subarray(i * rows, (i + 1) * rows);
  const starts = await seedCentroids((items) => items.map(rowOf), rows, k, restarts, createRandom(seed, SEED), ctx);
  let best: { cluster: Int32Array; inertia: number } | undefined;
  for (const start of starts) {
    const run = new PairRun(rowOf, rows, start);
    for (let step = 0; step < MAX_STEPS && run.step(); step++) ctx.signal.throwIfAborted();
    const inertia = run.inertia();
    if (!best || inertia < best.inertia) best = { cluster: run.cluster, inertia };
  }
  return best!.cluster;
}

/** One restart. */
class PairRun {
  /** (n) cluster of each item. */
  readonly cluster: Int32Array;
  private readonly k: number;
  private readonly sizes: Int32Array;
  /** Of each cluster (n) the sums of the squares from each item to its members. */
  private readonly sums: Float64Array[];
  /** (k) mean square of the distances of a cluster's members to their mean. */
  private readonly spread: Float64Array;
  /** (n) square of each item's distance to the nearest mean. */
  private readonly distance: Float64Array;

  constructor(
    private readonly rowOf: (item: number) => Float32Array,
    private readonly rows: number,
    starts: Int32Array,
  ) {
    this.k = starts.length;
    this.cluster = new Int32Array(rows).fill(-1);
    this.sizes = new Int32Array(this.k);
    this.sums = Array.from({ length: this.k }, () => new Float64Array(rows));
    this.spread = new Float64Array(this.k);
    this.distance = new Float64Array(rows);
    const first = this.nearest(Array.from(starts, rowOf), new Float64Array(this.k).fill(1));
    first.forEach((c, i) => this.give(i, c));
    this.fillEmpty();
  }

  /** Moves the means and gives every item to the nearest. @returns whether an item changed its cluster */
  step(): boolean {
    this.measure();
    const next = this.nearest(
      this.sums,
      Float64Array.from(this.sizes, (size) => 1 / size),
    );
    let changed = false;
    next.forEach((c, i) => {
      if (c === this.cluster[i]) return;
      this.give(i, c);
      changed = true;
    });
    return this.fillEmpty() || changed;
  }

  /** Sum of the squares of the distances to the own mean. */
  inertia(): number {
    this.measure();
    return this.spread.reduce((sum, spread, c) => sum + spread * this.sizes[c]!, 0);
  }

  private measure(): void {
    this.spread.fill(0);
    this.cluster.forEach((c, i) => (this.spread[c]! += this.sums[c]![i]!));
    this.sizes.forEach((size, c) => (this.spread[c]! /= Math.max(1, 2 * size * size)));
  }

  /** (n) the cluster with the least sum · scale − spread; empty ones take none, and an item stays where nothing is nearer. */
  private nearest(sums: readonly ArrayLike<number>[], scale: Float64Array): Int32Array {
    const { rows, cluster, distance, spread } = this;
    const next = cluster.slice();
    for (let i = 0; i < rows; i++) {
      const own = cluster[i]!;
      distance[i] = own < 0 ? Infinity : sums[own]![i]! * scale[own]! - spread[own]!;
    }
    sums.forEach((sum, c) => {
      const [by, less] = [scale[c]!, spread[c]!];
      if (by === Infinity) return;
      for (let i = 0; i < rows; i++) {
        const value = sum[i]! * by - less;
        if (value >= distance[i]!) continue;
        distance[i] = value;
        next[i] = c;
      }
    });
    return next;
  }

  private give(item: number, to: number): void {
    const row = this.rowOf(item);
    const before = this.cluster[item]!;
    if (before >= 0) {
      const sums = this.sums[before]!;
      for (let i = 0; i < sums.length; i++) sums[i]! -= row[i]!;
      this.sizes[before]!--;
    }
    const sums = this.sums[to]!;
    for (let i = 0; i < sums.length; i++) sums[i]! += row[i]!;
    this.sizes[to]!++;
    this.cluster[item] = to;
  }

  /** An empty cluster takes the item that is farthest from its mean, and stays empty where all items are their means. */
  private fillEmpty(): boolean {
    const { cluster, distance, sizes } = this;
    let filled = false;
    for (let c = 0; c < this.k; c++) {
      if (sizes[c] !== 0) continue;
      let far = -1;
      distance.forEach((value, i) => {
        if (sizes[cluster[i]!]! > 1 && (far < 0 || value > distance[far]!)) far = i;
      });
      if (far < 0 || this.isMean(far)) break;
      this.give(far, c);
      distance[far] = 0;
      filled = true;
    }
    return filled;
  }

  /** Whether all items of its cluster equal an item. */
  private isMean(item: number): boolean {
    const row = this.rowOf(item);
    return this.cluster.every((c, i) => c !== this.cluster[item] || row[i] === 0);
  }
}
