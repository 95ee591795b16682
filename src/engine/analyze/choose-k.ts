import { createRandom, sampleIndices } from "../random";
import type { Matrix, StageContext } from "../types";
import { gatherRows } from "./gather";
import { cut, type Join } from "./hierarchy";
import { kmeansOfPairs } from "./kmeans-pairs";
import { allSquares } from "./pairs";
import { meanSilhouette } from "./silhouette";

/** Items on which silhouettes are taken. */
const SAMPLE = 1_000;
const MOST = 20;
const RESTARTS = 3;

/** The K of 2 to 20 whose k-means clusters have the largest mean silhouette, on a seeded sample of the items. */
export async function chooseK(matrix: Matrix, seed: number, ctx: StageContext): Promise<number> {
  const sample = gatherRows(matrix, sampleOf(matrix, seed));
  return largestSilhouette(sample, ctx, (k, squares) => kmeansOfPairs(squares, k, { seed, restarts: RESTARTS }, ctx));
}

/** The same for the groups into which a hierarchy of all items is cut. */
export function chooseCut(matrix: Matrix, joins: readonly Join[], seed: number, ctx: StageContext): Promise<number> {
  const index = sampleOf(matrix, seed);
  return largestSilhouette(gatherRows(matrix, index), ctx, (k) => {
    const groups = cut(joins, matrix.rows, k);
    return index.map((i) => groups[i]!);
  });
}

const sampleOf = ({ rows }: Matrix, seed: number): Int32Array => sampleIndices(rows, SAMPLE, createRandom(seed, 0x51));

async function largestSilhouette(
  sample: Matrix,
  ctx: StageContext,
  groupsOf: (k: number, squares: Float32Array) => Int32Array | Promise<Int32Array>,
): Promise<number> {
  const squares = await allSquares(sample, { ...ctx, report: () => undefined });
  const most = Math.min(MOST, sample.rows - 1);
  let best = { k: Math.min(2, sample.rows), value: -Infinity };
  for (let k = 2; k <= most; k++) {
    ctx.report(k - 2, most - 1);
    const value = meanSilhouette(squares, await groupsOf(k, squares));
    if (value > best.value) best = { k, value };
  }
  return best.k;
}
