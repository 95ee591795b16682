import type { Metric, ReduceSettings } from "../../protocol/recipe";
import { narrow } from "../analyze/neighbors";
import { placesFor } from "../analyze/normalize";
import { createRandom } from "../random";
import type { Matrix, NeighborGraph, StageContext } from "../types";
import { principalComponents } from "./pca";
import { areAllAsFar, spreadTies } from "./ties";
import { tsne, tsneNeighbors, usablePerplexity } from "./tsne/tsne";
import { umap } from "./umap/umap";
import { split, type Laid } from "./watch";

/** A layout as columns that own their buffers; all empty for the method "none". */
export interface Reduced {
  x: Float32Array;
  y: Float32Array;
  z?: Float32Array;
  /** "UMAP 1", "t-SNE 1", "PC 1 (34 %)" */
  axes: string[];
  /** Sentences for the user: what was capped. */
  warnings: string[];
  /** What is worth knowing but no fault. */
  notes?: string[];
  /** It was stopped before its end. */
  stopped?: boolean;
  /** All vectors are the same: figures of such a map would be perfect and mean nothing. */
  equal?: true;
}

/** Neighbours (without the item itself) that `reduce` wants in its graph; 0 when it wants none. */
export function neighborsNeeded(settings: ReduceSettings, count: number): number {
  const most = Math.max(0, count - 1);
  switch (settings.method) {
    case "umap":
      return Math.min(settings.neighbors - 1, most);
    case "tsne":
      return Math.min(tsneNeighbors(settings.perplexity, count), most);
    case "pca":
    case "none":
      return 0;
  }
}

/**
 * Lays vectors out in two or three dimensions. The same input gives the same bytes.
 * @param input.matrix (n × d) without bad rows
 * @param input.threads that a layout may use at most; they change nothing but the time
 * @param input.graph at least `neighborsNeeded` neighbours of each item by `metric`; null where none are needed
 */
export async function reduce(
  input: {
    matrix: Matrix;
    graph: NeighborGraph | null;
    settings: ReduceSettings;
    metric: Metric;
    seed: number;
    threads?: number;
  },
  ctx: StageContext,
): Promise<Reduced> {
  const { settings, metric, seed, threads = 1 } = input;
  const { dims } = settings;
  const count = input.matrix.rows;
  const matrix = placesFor(input.matrix, metric);
  const warnings: string[] = [];
  if (settings.method === "none") return { x: new Float32Array(0), y: new Float32Array(0), axes: [], warnings };
  const equal = count > 1 && areEqual(matrix) && { equal: true as const };
  if (equal) warnings.push(`All ${count.toLocaleString("en-US")} vectors are the same: their places say nothing.`);
  if (settings.method === "pca" || count < 3) {
    const { scores, explained } = await principalComponents(matrix, dims, "axes", seed, ctx);
    const axes = explained.map((share, i) => axisName(settings, i, share));
    const flat = scores.findIndex((column) => column.every((value) => value === 0));
    if (flat === 1 && isOneFar(scores[0]!)) {
      warnings.push("PC 2 is flat: one item is so far from all others that they differ by nothing beside it.");
    }
    return { ...columnsOf(scores), axes, warnings, ...equal };
  }
  const found = nonNegative(needed(input.graph, neighborsNeeded(settings, count), count), metric);
  const graph = await spreadTies(found, matrix, { metric, seed }, ctx);
  const notes: string[] = [];
  if (metric !== "dot" && areAllAsFar(graph, matrix, metric, createRandom(seed, 0xfa2))) {
    warnings.push("All items are as far from each other: their places say little.");
  }
  if (graph.recall !== undefined) {
    const share = Math.floor(graph.recall * 100);
    notes.push(
      `With ${count.toLocaleString("en-US")} items neighbours are approximate: ${share} % of the true ones, by a sample.`,
    );
  }
  const axes = Array.from({ length: dims }, (_, i) => axisName(settings, i, 0));
  if (settings.method === "umap") {
    // The usual number is nobody's wish: fewer items need no word.
    if (settings.neighbors > count && settings.neighbors !== USUAL_NEIGHBORS) {
      warnings.push(`${settings.neighbors} neighbours are more than the ${count} items: all ${count} are used.`);
    }
    const laid = await umap(matrix, graph, { dims, minDist: settings.minDist, seed, threads }, ctx);
    return layoutOf(laid, "UMAP");
  }
  const perplexity = usablePerplexity(settings.perplexity, count);
  if (perplexity < settings.perplexity) {
    warnings.push(
      `Perplexity ${settings.perplexity} is too high for ${count} items: ${Number(perplexity.toFixed(2))} is used.`,
    );
  }
  return layoutOf(await tsne(matrix, graph, { dims, perplexity, seed }, ctx), "t-SNE");

  function layoutOf({ positions, done, total }: Laid, name: string): Reduced {
    const layout = { ...split(positions, dims), axes, warnings, notes, ...equal };
    if (done >= total) return layout;
    notes.push(
      `${name} was stopped after ${done} of ${total.toLocaleString("en-US")} steps: run again for the whole layout.`,
    );
    return { ...layout, stopped: true };
  }
}

function areEqual({ rows, cols, data }: Matrix): boolean {
  for (let at = cols; at < rows * cols; at++) if (data[at] !== data[at - cols]) return false;
  return true;
}

/** Whether one item makes more than a half of a component's variance. */
function isOneFar(column: Float64Array): boolean {
  let [most, sum] = [0, 0];
  for (const value of column) {
    most = Math.max(most, value * value);
    sum += value * value;
  }
  return 2 * most > sum;
}

function axisName({ method }: ReduceSettings, i: number, share: number): string {
  switch (method) {
    case "umap":
      return `UMAP ${i + 1}`;
    case "tsne":
      return `t-SNE ${i + 1}`;
    case "pca":
    case "none":
      return `PC ${i + 1} (${share > 0 && share < 0.01 ? (share * 100).toFixed(1) : Math.round(share * 100)} %)`;
  }
}

/** What a recipe has when nobody has chosen. */
const USUAL_NEIGHBORS = 15;

function needed(graph: NeighborGraph | null, k: number, count: number): NeighborGraph {
  if (graph === null || graph.k < k || graph.count !== count) {
    throw new RangeError(`reduce needs ${k} neighbours of each of ${count} items`);
  }
  return narrow(graph, k);
}

/**
 * Dot products are no distances: each item's are counted from its best neighbour, which changes nothing for UMAP (whose
 * memberships start there) and gives t-SNE something to square.
 */
function nonNegative(graph: NeighborGraph, metric: Metric): NeighborGraph {
  if (metric !== "dot") return graph;
  const distance = graph.distance.map((value, at) => value - graph.distance[at - (at % graph.k)]!);
  return { ...graph, distance };
}

const columnsOf = (scores: Float64Array[]): Pick<Reduced, "x" | "y" | "z"> => ({
  x: Float32Array.from(scores[0]!),
  y: Float32Array.from(scores[1]!),
  ...(scores[2] ? { z: Float32Array.from(scores[2]) } : {}),
});
