import type { Metric } from "../../protocol/recipe";
import { Smallest } from "../linear/best";
import { RowDistances } from "../linear/row-distances";
import { NEAR, squaredNorms } from "../linear/vectors";
import { createRandom, sampleIndices } from "../random";
import type { Matrix, NeighborGraph, StageContext } from "../types";
import { nearestNeighbors } from "./neighbors";
import { prepareFor } from "./normalize";
import type { MapPoints } from "./quality";
import { eachRowProducts } from "./row-products";

/** Single points are judged on a seeded sample of so many, */
const SAMPLE = 5_000;
/** and of so few where their neighbours have to be searched for among more items than these. */
const SEARCHED_SAMPLE = 1_000;
const SEARCHED = 20_000;

/**
 * For a seeded sample of many items the share of an item's k nearest on the map that are among its k nearest in the vectors; of
 * equally near vectors any is a neighbour, as far as they are known.
 * @param input.graph nearest neighbours that are known already; made anew when they are fewer than k
 * @returns (n) 0..1, NaN for an item that was not judged
 */
export async function neighborsKeptOf(
  input: { matrix: Matrix; map: MapPoints; metric: Metric; k: number; seed: number; graph: NeighborGraph | null },
  ctx: StageContext,
): Promise<Float32Array> {
  const { matrix, map, metric, graph, seed } = input;
  const n = matrix.rows;
  const k = Math.min(input.k, n - 1);
  const known = graph && graph.k >= k ? graph : n <= SEARCHED ? await nearestNeighbors(matrix, k, metric, ctx) : null;
  const asked = sampleIndices(n, known ? SAMPLE : SEARCHED_SAMPLE, createRandom(seed, 0x9e7));
  const best = new Smallest(k);
  const kept = new Float32Array(n).fill(NaN);
  const judge = (i: number, isNear: (j: number) => boolean): void => {
    nearestOnMap(map, i, best);
    kept[i] = best.index.filter(isNear).length / k;
  };
  if (!known) {
    await eachNearest(matrix, metric, k, asked, ctx, judge);
    return kept;
  }
  for (const [at, i] of asked.entries()) {
    if (at % 256 === 0) ctx.signal.throwIfAborted();
    const from = i * known.k;
    const farthest = known.distance[from + k - 1]!;
    const near = known.index.subarray(from, from + known.k);
    const own = new Set(near.filter((_, s) => known.distance[from + s]! <= farthest));
    judge(i, (j) => own.has(j));
  }
  return kept;
}

/** Calls `visit` for each of some items, to which another is near when it is as near as the k nearest of all. */
async function eachNearest(
  matrix: Matrix,
  metric: Metric,
  k: number,
  asked: Int32Array,
  ctx: StageContext,
  visit: (item: number, isNear: (other: number) => boolean) => void,
): Promise<void> {
  const prepared = prepareFor(matrix, metric);
  const { rows, cols } = prepared;
  const norms = squaredNorms(prepared.data, rows, cols);
  let rowDistances: RowDistances | null = null;
  // Its copy of the vectors is made where there are close rows.
  const close = (): RowDistances => (rowDistances ??= new RowDistances(prepared, rows));
  const best = new Smallest(k);
  const look = (i: number, own: Float32Array): void => {
    ctx.signal.throwIfAborted();
    if (metric === "dot") own.forEach((dot, j) => (own[j] = -dot));
    else toSquares(own, i, norms, close);
    best.clear();
    for (let j = 0; j < rows; j++) if (own[j]! < best.limit && j !== i) best.add(j, own[j]!);
    visit(i, (j) => own[j]! <= best.limit);
  };
  await eachRowProducts(prepared, asked, prepared, look, () => ctx.signal.throwIfAborted());
}

/**
 * Turns the products of row i with all into squared distances, in place, as `toSquares` of vectors.ts, but close rows are measured
 * by vector instructions.
 */
function toSquares(dots: Float32Array, i: number, norms: Float32Array, close: () => RowDistances): void {
  let count = 0;
  for (let j = 0; j < dots.length; j++) {
    const lengths = norms[i]! + norms[j]!;
    dots[j] = lengths - 2 * dots[j]!;
    if (dots[j]! <= NEAR * lengths && j !== i) close().others[count++] = j;
  }
  if (count === 0) return;
  const { others, squared } = close();
  close().measure(i, count);
  for (let n = 0; n < count; n++) dots[others[n]!] = squared[n]!;
}

function nearestOnMap({ x, y, z }: MapPoints, i: number, best: Smallest): void {
  const [xi, yi, zi] = [x[i]!, y[i]!, z?.[i] ?? 0];
  best.clear();
  let limit = best.limit;
  for (let j = 0; j < x.length; j++) {
    const dx = x[j]! - xi;
    const dy = y[j]! - yi;
    const dz = z ? z[j]! - zi : 0;
    const square = dx * dx + dy * dy + dz * dz;
    if (square < limit && j !== i) {
      best.add(j, square);
      limit = best.limit;
    }
  }
}
