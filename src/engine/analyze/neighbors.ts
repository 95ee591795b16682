import type { Metric } from "../../protocol/recipe";
import type { Neighbor } from "../../protocol/result";
import { Smallest } from "../linear/best";
import { BestLists } from "../linear/best-lists";
import { createProducts } from "../linear/product";
import { RUNTIME_PAYS, unshared } from "../linear/runtime";
import { squaredNorms } from "../linear/vectors";
import type { Matrix, NeighborGraph, StageContext } from "../types";
import { distanceAt } from "./metric";
import { prepareFor } from "./normalize";
import { similarityOf } from "./similarity";

/** Rows per product: the block of scores stays small beside the matrix. */
const BLOCK = 256;
/** Candidates beyond k that survive the float32 product, so that the float64 distances decide the order. */
const MARGIN = 4;

/**
 * The exact k nearest neighbours of every item without itself, nearest first, ties by index.
 * @param matrix (n × d) vectors without bad rows
 * @param k capped at n − 1
 * @returns distances as 1 − cosine, euclidean, or −dot
 */
export async function nearestNeighbors(
  matrix: Matrix,
  k: number,
  metric: Metric,
  ctx: StageContext,
): Promise<NeighborGraph> {
  const size = Math.max(0, Math.min(k, matrix.rows - 1));
  const prepared = prepareFor(matrix, metric);
  const graph = emptyGraph(matrix.rows, size);
  if (size === 0) return graph;
  if (matrix.rows * matrix.rows * matrix.cols < RUNTIME_PAYS) searchPlainly(prepared, metric, graph, ctx);
  else await searchByProducts(prepared, metric, graph, ctx);
  return graph;
}

const emptyGraph = (count: number, k: number): NeighborGraph => ({
  count,
  k,
  index: new Int32Array(count * k),
  distance: new Float32Array(count * k),
});

function searchPlainly(prepared: Matrix, metric: Metric, graph: NeighborGraph, ctx: StageContext): void {
  const best = new Smallest(graph.k);
  for (let i = 0; i < graph.count; i++) {
    best.clear();
    for (let j = 0; j < graph.count; j++) {
      if (j === i) continue;
      const distance = distanceAt(prepared, i, j, metric);
      if (distance < best.limit) best.add(j, distance);
    }
    graph.index.set(best.index, i * graph.k);
    graph.distance.set(best.value, i * graph.k);
    if (i % BLOCK === 0) {
      ctx.signal.throwIfAborted();
      ctx.report(i, graph.count);
    }
  }
}

/**
 * Scores come in blocks from matrix products (float32), each pair once; of the best few of every item those that are
 * very close are measured again in float64.
 */
async function searchByProducts(
  prepared: Matrix,
  metric: Metric,
  graph: NeighborGraph,
  ctx: StageContext,
): Promise<void> {
  const { rows, cols } = prepared;
  const data = unshared(prepared.data);
  const products = await createProducts((rows * rows * cols) / 2);
  const half = metric === "euclidean" ? squaredNorms(data, rows, cols).map((norm) => norm / 2) : new Float32Array(rows);
  const lists = new BestLists(rows, Math.min(graph.k + MARGIN, rows - 1));
  for (let from = 0; from < rows; from += BLOCK) {
    ctx.signal.throwIfAborted();
    // The rows before have had most of the work.
    ctx.report(Math.round(rows * (1 - (1 - from / rows) ** 2)), rows);
    const to = Math.min(from + BLOCK, rows);
    const width = rows - from;
    const scores = await products.byRows(
      data.subarray(from * cols, to * cols),
      to - from,
      data.subarray(from * cols),
      width,
      cols,
    );
    for (let i = from; i < to; i++) scanRow(scores, (i - from) * width - from, half, i, lists);
  }
  measure(prepared, metric, half, lists, graph);
}

/** Offers item i to the items after it, and these to i. */
function scanRow(scores: Float32Array, at: number, half: Float32Array, i: number, lists: BestLists): void {
  const { limit } = lists;
  const own = half[i]!;
  let ownLimit = limit[i]!;
  for (let j = i + 1; j < half.length; j++) {
    const score = scores[at + j]!;
    const value = half[j]! - score;
    if (value < ownLimit) {
      lists.add(i, j, value);
      ownLimit = limit[i]!;
    }
    if (own - score < limit[j]!) lists.add(j, i, own - score);
  }
}

/** Below this share of the squared lengths a float32 product has lost too many digits of a squared distance. */
const NEAR = 0.05;

/** The nearest of each item's candidates; those that are close are measured again in float64. */
function measure(prepared: Matrix, metric: Metric, half: Float32Array, lists: BestLists, graph: NeighborGraph): void {
  const best = new Smallest(graph.k);
  for (let i = 0; i < graph.count; i++) {
    const { index, value } = lists.of(i);
    best.clear();
    for (let at = 0; at < index.length; at++) {
      const j = index[at]!;
      const distance = fromScore(prepared, metric, half, i, j, value[at]!);
      if (distance < best.limit || (distance === best.limit && j < best.last)) best.add(j, distance);
    }
    graph.index.set(best.index, i * graph.k);
    graph.distance.set(best.value, i * graph.k);
  }
}

/** @param value half the squared length of j (euclidean only) less the product of i and j */
function fromScore(prepared: Matrix, metric: Metric, half: Float32Array, i: number, j: number, value: number): number {
  switch (metric) {
    case "cosine":
      return 1 + value < NEAR / 2 ? distanceAt(prepared, i, j, metric) : 1 + value;
    case "euclidean": {
      const square = 2 * (value + half[i]!);
      return square < NEAR * (half[i]! + half[j]!) ? distanceAt(prepared, i, j, metric) : Math.sqrt(square);
    }
    case "dot":
      return value;
  }
}

/**
 * The k nearest items to one, best first, with their similarity: the cosine, the dot product, or 1/(1 + distance) for
 * euclidean.
 */
export function neighborsOf(matrix: Matrix, index: number, k: number, metric: Metric): Neighbor[] {
  const best = new Smallest(Math.max(0, Math.min(k, matrix.rows - 1)));
  best.clear();
  for (let j = 0; j < matrix.rows; j++) {
    if (j === index) continue;
    const value = -similarityOf(matrix, index, j, metric);
    if (value < best.limit) best.add(j, value);
  }
  return Array.from(best.index, (j, at) => ({ index: j, similarity: 0 - best.value[at]! }));
}
