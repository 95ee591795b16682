import type { Metric } from "../../protocol/recipe";
import { Smallest } from "../linear/best";
import { BestLists } from "../linear/best-lists";
import { unshared } from "../linear/runtime";
import { squaredNorms } from "../linear/vectors";
import { scoreKernels, type ScoreKernels } from "../simd/simd";
import type { Matrix, NeighborGraph } from "../types";
import { distanceAt } from "./metric";

/** Vectors as matrix products want them: the nearer of two has the smaller half[j] − product. */
export interface Scored {
  matrix: Matrix;
  metric: Metric;
  /** (n) half the squared length for euclidean, else 0. */
  half: Float32Array;
}

/** @param prepared the matrix that `prepareFor` gave */
export function scored(prepared: Matrix, metric: Metric): Scored {
  const { rows, cols } = prepared;
  const data = unshared(prepared.data);
  const half = metric === "euclidean" ? squaredNorms(data, rows, cols).map((norm) => norm / 2) : new Float32Array(rows);
  return { matrix: { rows, cols, data }, metric, half };
}

/** Scores of pairs on their way into the lists of both items. */
export class PairScan {
  readonly lists: BestLists;
  /** Where the products of a block belong before their scores are offered. */
  readonly scores: Float32Array;
  /** As in `Scored`. */
  private readonly half: Float32Array;
  /** Null where the TypeScript path runs. */
  private readonly kernels: ScoreKernels | null;

  /**
   * @param half (n) as in `Scored`
   * @param size of each item's list
   * @param most scores that a block has
   * @param room memory with `bytesOf` to spare; null for the TypeScript path
   */
  constructor(
    half: Float32Array,
    size: number,
    most: number,
    room = scoreKernels(PairScan.bytesOf(half.length, size, most)),
  ) {
    const rows = half.length;
    this.kernels = room?.kernels ?? null;
    this.scores = room?.memory.float32(most) ?? new Float32Array(most);
    this.half = room?.memory.float32(rows) ?? half;
    this.lists = new BestLists(rows, size, room?.memory);
    if (!room) return;
    this.half.set(half);
    this.lists.fillBy(room.kernels, this.half);
  }

  /** Bytes of memory that a scan takes; parameters as of the constructor. */
  static bytesOf(rows: number, size: number, most: number): number {
    return 4 * most + 4 * rows + BestLists.bytesOf(rows, size) + 64;
  }

  /** Offers item i to items j .. j + count and these to i, by the scores from `at` on. */
  offer(at: number, i: number, j: number, count: number): void {
    const { kernels, half, scores, lists } = this;
    if (kernels) {
      kernels.offer(scores.byteOffset + 4 * at, i, j, count);
      return;
    }
    const { limit } = lists;
    const own = half[i]!;
    for (let to = j; to < j + count; to++, at++) {
      const score = scores[at]!;
      const forI = Math.fround(half[to]! - score);
      const forJ = Math.fround(own - score);
      if (forI < limit[i]!) lists.add(i, to, forI);
      if (forJ < limit[to]!) lists.add(to, i, forJ);
    }
  }
}

/** Below this one its order says nothing any more. */
const LOST = 2e-5;

/** Below this share of the squared lengths a float32 product has lost too many digits of a squared distance. */
const NEAR = 0.05;

/**
 * The nearest of each item's candidates; those that are close are measured again in float64.
 * @param order item at each place of the lists; absent: they are the items
 * @returns places whose candidates may be the wrong ones: all of them are too close for a float32 product to tell
 */
export function measure(
  { matrix, metric, half }: Scored,
  lists: BestLists,
  graph: NeighborGraph,
  order?: Int32Array,
): number[] {
  const best = new Smallest(graph.k);
  const lost: number[] = [];
  for (let i = 0; i < graph.count; i++) {
    const { index, value } = lists.of(i);
    best.clear();
    for (let at = 0; at < index.length; at++) {
      const j = index[at]!;
      const item = order ? order[j]! : j;
      const distance = fromScore(matrix, metric, half, i, j, value[at]!);
      if (distance < best.limit || (distance === best.limit && item < best.last)) best.add(item, distance);
    }
    const row = order ? order[i]! : i;
    graph.index.set(best.index, row * graph.k);
    graph.distance.set(best.value, row * graph.k);
    const last = best.value.at(-1)!;
    const square = metric === "cosine" ? 2 * last : last * last;
    const scale = metric === "cosine" ? 2 : 2 * half[i]!;
    if (metric !== "dot" && last > 0 && square < LOST * scale) lost.push(i);
  }
  return lost;
}

/** @param value half the squared length of j (euclidean only) less the product of i and j */
function fromScore(matrix: Matrix, metric: Metric, half: Float32Array, i: number, j: number, value: number): number {
  switch (metric) {
    case "cosine":
      return 1 + value < NEAR / 2 ? distanceAt(matrix, i, j, metric) : 1 + value;
    case "euclidean": {
      const square = 2 * (value + half[i]!);
      return square < NEAR * (half[i]! + half[j]!) ? distanceAt(matrix, i, j, metric) : Math.sqrt(square);
    }
    case "dot":
      return value;
  }
}
