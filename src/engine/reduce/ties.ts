import type { Metric } from "../../protocol/recipe";
import { distanceAt } from "../analyze/metric";
import { prepareFor } from "../analyze/normalize";
import { eachRowProducts } from "../analyze/row-products";
import { EqualRows } from "../linear/equal-rows";
import { squaredDistanceAt, squaredNorms } from "../linear/vectors";
import { createRandom, type Random } from "../random";
import type { Matrix, NeighborGraph, StageContext } from "../types";

/** Groups of equal items are looked at when they hold so many times the neighbours of an item. */
const LARGE = 3;
/** Distance below which two items may be equal. */
const NEAR = 1e-6;
/** Distances are the same up to this share of them. */
const SAME = 1e-6;
/** From this share of items on whose last two neighbours are as near and no copies, those of the others may be tied too; */
const USUAL = 0.02;
/** and from this one on also where they are copies. */
const USUAL_COPIES = 0.25;
/** What a squared distance made of float32 products may be off by, as a share of the squared lengths. */
const NOISE = 4e-6;
/** Pairs beyond the nearest that are looked at. */
const SOME_PAIRS = 200;

/**
 * Chooses neighbours by chance where others are as near: by index, as they come, all items would have the same few. A layout
 * would draw thousands of equal items as strings around these, and throw far off the groups that no tie leads to.
 * @param matrix (n × d) the places of the graph (`placesFor`)
 */
export async function spreadTies(
  graph: NeighborGraph,
  matrix: Matrix,
  { metric, seed }: { metric: Metric; seed: number },
  ctx: StageContext,
): Promise<NeighborGraph> {
  // Approximate neighbours do not come in the order of the index; dot products are no distances.
  const drawn =
    metric === "dot" || graph.recall !== undefined
      ? graph
      : await spreadLast(graph, matrix, metric, createRandom(seed, 0x71e6), ctx);
  return spreadEqual(drawn, matrix, seed);
}

/** Draws the last neighbours of each item from all that are as near as the last. */
async function spreadLast(
  graph: NeighborGraph,
  matrix: Matrix,
  metric: "cosine" | "euclidean",
  random: Random,
  ctx: StageContext,
): Promise<NeighborGraph> {
  const { k, distance } = graph;
  const asked = maybeTied(graph, matrix);
  if (asked.length === 0) return graph;
  const prepared = metric === "euclidean" ? prepareFor(matrix, metric) : matrix;
  const { rows, cols } = prepared;
  const { data } = prepared;
  const norms = squaredNorms(data, rows, cols);
  const index = graph.index.slice();
  let drawn = 0;
  const draw = (i: number, dots: Float32Array): void => {
    const last = distance[(i + 1) * k - 1]!;
    let first = (i + 1) * k - 1;
    while (first > i * k && distance[first - 1]! >= last * (1 - SAME)) first--;
    const nearer = new Set(graph.index.subarray(i * k, first)).add(i);
    const square = metric === "cosine" ? 2 * last : last * last;
    const tied: number[] = [];
    for (let j = 0; j < rows; j++) {
      const lengths = norms[i]! + norms[j]!;
      const noise = NOISE * lengths;
      if (Math.abs(lengths - 2 * dots[j]! - square) > noise || nearer.has(j)) continue;
      const isTooClose = noise > 5 * SAME * square;
      const off = isTooClose ? Math.abs(squaredDistanceAt(data, i * cols, data, j * cols, cols) - square) : 0;
      if (off <= 2 * SAME * square) tied.push(j);
    }
    const wanted = (i + 1) * k - first;
    if (tied.length <= wanted) return;
    drawn += wanted;
    for (let s = 0; s < wanted; s++) {
      const other = s + random.below(tied.length - s);
      [tied[s], tied[other]] = [tied[other]!, tied[s]!];
      index[first + s] = tied[s]!;
    }
  };
  await eachRowProducts(prepared, asked, prepared, draw, (done) => {
    ctx.signal.throwIfAborted();
    ctx.report(done, asked.length);
  });
  return drawn > 0 ? { ...graph, index } : graph;
}

/** Items that may have others as near as their last neighbour: all where that is usual, else those whose last two are at one distance. */
function maybeTied({ count, k, index, distance }: NeighborGraph, { cols, data }: Matrix): Int32Array {
  if (k < 2 || k >= count - 1) return new Int32Array(0);
  const last = (i: number): number => distance[(i + 1) * k - 1]!;
  const before = (i: number): number => distance[(i + 1) * k - 2]!;
  const all = Int32Array.from({ length: count }, (_, i) => i).filter((i) => last(i) > 0);
  const tied = all.filter((i) => before(i) >= last(i) * (1 - SAME));
  const others = tied.filter((i) => {
    const at = (i + 1) * k - 1;
    return squaredDistanceAt(data, index[at - 1]! * cols, data, index[at]! * cols, cols) > 0;
  });
  if (others.length >= USUAL * count || tied.length >= USUAL_COPIES * count) return all;
  return tied.filter((i) => before(i) === last(i));
}

/** Of many equal items each takes others of them, by chance: they are as near. */
function spreadEqual(graph: NeighborGraph, matrix: Matrix, seed: number): NeighborGraph {
  const { count, k } = graph;
  const { of, groups } = equalItems(graph, matrix);
  if (groups.length === 0) return graph;
  const random = createRandom(seed, 0x71e5);
  const index = graph.index.slice();
  for (let i = 0; i < count; i++) {
    const chosen = new Set<number>([i]);
    for (let at = i * k; at < (i + 1) * k; at++) {
      const group = groups[of[graph.index[at]!]!];
      if (!group) continue;
      let other = i;
      while (chosen.has(other)) other = group[random.below(group.length)]!;
      chosen.add(other);
      index[at] = other;
    }
  }
  return { ...graph, index };
}

/** The large groups of equal items, and the group of each item (n), −1 for none. */
function equalItems({ count, k, distance }: NeighborGraph, matrix: Matrix): { of: Int32Array; groups: number[][] } {
  const equal = new EqualRows(matrix);
  const byFirst = new Map<number, number[]>();
  for (let i = 0; i < count; i++) {
    // Of a large group all neighbours are equal items.
    if (k === 0 || distance[(i + 1) * k - 1]! > NEAR) continue;
    const first = equal.firstOf(i);
    if (first === i) byFirst.set(i, [i]);
    else byFirst.get(first)!.push(i);
  }
  const groups = [...byFirst.values()].filter(({ length }) => length > LARGE * (k + 1));
  const of = new Int32Array(count).fill(-1);
  groups.forEach((group, g) => group.forEach((i) => (of[i] = g)));
  return { of, groups };
}

/** Whether the nearest of all items, and some pairs of any, are at one distance that is not 0. */
export function areAllAsFar(
  { count, distance }: NeighborGraph,
  matrix: Matrix,
  metric: "cosine" | "euclidean",
  random: Random,
): boolean {
  const first = distance[0] ?? 0;
  const isFirst = (value: number): boolean => Math.abs(value - first) <= 1e-5 * first;
  if (!(first > 0) || !distance.every(isFirst)) return false;
  return Array.from({ length: SOME_PAIRS }, () => [random.below(count), random.below(count)] as const).every(
    ([a, b]) => a === b || isFirst(distanceAt(matrix, a, b, metric)),
  );
}
