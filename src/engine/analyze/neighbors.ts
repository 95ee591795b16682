import type { Metric } from "../../protocol/recipe";
import type { Neighbor } from "../../protocol/result";
import { Smallest } from "../linear/best";
import { squaresOfFew } from "../linear/few-squares";
import { createProducts } from "../linear/product";
import { RowDistances } from "../linear/row-distances";
import { RUNTIME_PAYS } from "../linear/runtime";
import { ascending } from "../random";
import type { Matrix, NeighborGraph, StageContext } from "../types";
import { distanceAt, fromSquared } from "./metric";
import { approximateNeighbors } from "./neighbors-approximate";
import { measure, PairScan, scored } from "./neighbors-scan";
import { placesFor, prepareFor } from "./normalize";
import { similarityOf } from "./similarity";

/** Side of a block of scores: it and its rows stay in the cache. */
const BLOCK = 480;
/** Above it the pairs are too many to compare all: neighbours are approximate. */
const EXACT_LIMIT = 20_000;
/** Candidates beyond k that survive the float32 product, so that the order of the close ones is decided in float64. */
const MARGIN = 4;

/**
 * The k nearest neighbours of every item without itself, nearest first, ties by index: exact up to 20,000 items,
 * approximate above, with the recall that was measured.
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
  const graph = emptyGraph(matrix.rows, size);
  if (size === 0) return graph;
  if (metric !== "dot") {
    const squares = squaresOfFew(placesFor(matrix, metric));
    if (squares) return nearestBySquares(squares, metric, graph);
  }
  const prepared = prepareFor(matrix, metric);
  if (matrix.rows > EXACT_LIMIT) return approximateNeighbors(prepared, size, metric, MARGIN, ctx);
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

/** The first k neighbours of each item of a graph; the graph itself when it has no more. */
export function narrow(graph: NeighborGraph, k: number): NeighborGraph {
  const { count } = graph;
  if (graph.k <= k) return graph;
  const { index, distance } = emptyGraph(count, k);
  for (let i = 0; i < count; i++) {
    index.set(graph.index.subarray(i * graph.k, i * graph.k + k), i * k);
    distance.set(graph.distance.subarray(i * graph.k, i * graph.k + k), i * k);
  }
  return { ...graph, k, index, distance };
}

/** @param squares of all pairs */
function nearestBySquares(squares: Float64Array, metric: "cosine" | "euclidean", graph: NeighborGraph): NeighborGraph {
  const { count, k, index, distance } = graph;
  const best = new Smallest(k);
  for (let i = 0; i < count; i++) {
    best.clear();
    for (let j = 0; j < count; j++) {
      const value = squares[i * count + j]!;
      if (j !== i && value < best.limit) best.add(j, value);
    }
    for (let s = 0; s < k; s++) {
      index[i * k + s] = best.index[s]!;
      distance[i * k + s] = fromSquared(best.value[s]!, metric);
    }
  }
  return graph;
}

/**
 * Measures pairs in float64; onnxruntime is not loaded for it.
 * @param items whose neighbours are searched
 */
function searchPlainly(
  prepared: Matrix,
  metric: Metric,
  graph: NeighborGraph,
  ctx: StageContext,
  items: ArrayLike<number> = ascending(graph.count),
): void {
  const { count, k } = graph;
  const distances = metric === "dot" ? null : new RowDistances(prepared, count);
  distances?.others.set(ascending(count));
  const best = new Smallest(k);
  for (let at = 0; at < items.length; at++) {
    const i = items[at]!;
    distances?.measure(i, count);
    best.clear();
    for (let j = 0; j < count; j++) {
      if (j === i) continue;
      const value = distances ? distances.squared[j]! : distanceAt(prepared, i, j, metric);
      if (value < best.limit) best.add(j, value);
    }
    graph.index.set(best.index, i * k);
    graph.distance.set(
      best.value.map((value) => (metric === "dot" ? value : fromSquared(value, metric))),
      i * k,
    );
    if (at % BLOCK === 0) {
      ctx.signal.throwIfAborted();
      ctx.report(at, items.length);
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
  const input = scored(prepared, metric);
  const { data } = input.matrix;
  const products = await createProducts((rows * rows * cols) / 2);
  const scan = new PairScan(input.half, Math.min(graph.k + MARGIN, rows - 1), Math.min(BLOCK, rows) ** 2);
  for (let top = 0; top < rows; top += BLOCK) {
    ctx.signal.throwIfAborted();
    // The rows before have had most of the work.
    ctx.report(Math.round(rows * (1 - (1 - top / rows) ** 2)), rows);
    const bottom = Math.min(top + BLOCK, rows);
    const block = data.subarray(top * cols, bottom * cols);
    for (let left = top; left < rows; left += BLOCK) {
      const right = Math.min(left + BLOCK, rows);
      const width = right - left;
      await products.byRows(block, bottom - top, data.subarray(left * cols, right * cols), width, cols, scan.scores);
      for (let i = top; i < bottom; i++) {
        const from = Math.max(left, i + 1);
        scan.offer((i - top) * width + from - left, i, from, right - from);
      }
    }
  }
  const lost = measure(input, scan.lists, graph);
  if (lost.length > 0) searchPlainly(prepared, metric, graph, ctx, lost);
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
