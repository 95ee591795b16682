import type { Metric } from "../../protocol/recipe";
import type { Neighbor } from "../../protocol/result";
import { Smallest } from "../linear/best";
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

/** Scores come in blocks from matrix products (float32); the best few are measured again in float64. */
async function searchByProducts(
  prepared: Matrix,
  metric: Metric,
  graph: NeighborGraph,
  ctx: StageContext,
): Promise<void> {
  const { rows, cols } = prepared;
  const data = unshared(prepared.data);
  const products = await createProducts(rows * rows * cols);
  const half = metric === "euclidean" ? squaredNorms(data, rows, cols).map((norm) => norm / 2) : new Float32Array(rows);
  const candidates = new Smallest(Math.min(graph.k + MARGIN, rows - 1));
  const best = new Smallest(graph.k);
  for (let from = 0; from < rows; from += BLOCK) {
    ctx.signal.throwIfAborted();
    ctx.report(from, rows);
    const to = Math.min(from + BLOCK, rows);
    const scores = await products.byRows(data.subarray(from * cols, to * cols), to - from, data, rows, cols);
    for (let i = from; i < to; i++) {
      scanRow(scores, (i - from) * rows, half, i, candidates);
      best.clear();
      const found = candidates.index.subarray(0, candidates.count).sort();
      for (const j of found) {
        const distance = distanceAt(prepared, i, j, metric);
        if (distance < best.limit) best.add(j, distance);
      }
      graph.index.set(best.index, i * graph.k);
      graph.distance.set(best.value, i * graph.k);
    }
  }
}

function scanRow(scores: Float32Array, at: number, half: Float32Array, self: number, best: Smallest): void {
  best.clear();
  let limit = Infinity;
  for (let j = 0; j < half.length; j++) {
    const value = half[j]! - scores[at + j]!;
    if (value < limit && j !== self) {
      best.add(j, value);
      limit = best.limit;
    }
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
