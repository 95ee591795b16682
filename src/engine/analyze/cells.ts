import { createProducts, type Products } from "../linear/product";
import { squaredNorms } from "../linear/vectors";
import { createRandom, sampleIndices } from "../random";
import type { Matrix, StageContext } from "../types";
import { gatherRows } from "./gather";
import { centroidsOf } from "./kmeans";

/** Items in a cell, on average. */
const CELL_SIZE = 250;
/** Items per cell that the centroids are found on, and rounds of Lloyd's algorithm. */
const SAMPLE_PER_CELL = 40;
const ROUNDS = 3;
const BLOCK = 1024;

/** A partition of the items into cells around centroids: items that are near are mostly in the same or in near cells. */
export interface Cells {
  /** (cells + 1) the items of cell c are order[start[c]] .. order[start[c + 1]]. */
  start: Int32Array;
  /** (n) items by cell. */
  order: Int32Array;
  /** (cells × cells) the place of each cell among those of a cell, nearest first, the cell itself at 0. */
  rank: Int32Array;
  count: number;
}

/** Cells by a few rounds of k-means on a seeded sample. */
export async function partition(matrix: Matrix, seed: number, ctx: StageContext): Promise<Cells> {
  const count = Math.max(1, Math.round(matrix.rows / CELL_SIZE));
  const products = await createProducts(matrix.rows * matrix.cols * count);
  const random = createRandom(seed, 0xce1);
  const sample = gatherRows(matrix, sampleIndices(matrix.rows, count * SAMPLE_PER_CELL, random));
  let centroids = gatherRows(sample, sampleIndices(sample.rows, count, random)).data;
  for (let round = 0; round < ROUNDS; round++) {
    const cell = await nearestCentroid(sample, centroids, count, products, ctx);
    const means = centroidsOf(sample, cell, count);
    const used = new Uint8Array(count);
    for (const c of cell) used[c] = 1;
    // An empty cell keeps its centroid.
    for (let c = 0; c < count; c++) {
      if (used[c] === 0) means.set(centroids.subarray(c * matrix.cols, (c + 1) * matrix.cols), c * matrix.cols);
    }
    centroids = means;
  }
  const cell = await nearestCentroid(matrix, centroids, count, products, ctx);
  return { ...byCell(cell, count), rank: await rankCells(centroids, matrix.cols, count, products), count };
}

async function nearestCentroid(
  { rows, cols, data }: Matrix,
  centroids: Float32Array,
  count: number,
  products: Products,
  ctx: StageContext,
): Promise<Int32Array> {
  const half = squaredNorms(centroids, count, cols).map((norm) => norm / 2);
  const cell = new Int32Array(rows);
  for (let from = 0; from < rows; from += BLOCK) {
    ctx.signal.throwIfAborted();
    const to = Math.min(from + BLOCK, rows);
    const dots = await products.byRows(data.subarray(from * cols, to * cols), to - from, centroids, count, cols);
    for (let i = from, at = 0; i < to; i++) {
      let least = Infinity;
      for (let c = 0; c < count; c++, at++) {
        const value = half[c]! - dots[at]!;
        if (value < least) {
          least = value;
          cell[i] = c;
        }
      }
    }
  }
  return cell;
}

function byCell(cell: Int32Array, count: number): Pick<Cells, "start" | "order"> {
  const start = new Int32Array(count + 1);
  for (const c of cell) start[c + 1]!++;
  for (let c = 0; c < count; c++) start[c + 1]! += start[c]!;
  const fill = start.slice();
  const order = new Int32Array(cell.length);
  cell.forEach((c, i) => (order[fill[c]!++] = i));
  return { start, order };
}

async function rankCells(
  centroids: Float32Array,
  cols: number,
  count: number,
  products: Products,
): Promise<Int32Array> {
  const norms = squaredNorms(centroids, count, cols);
  const dots = await products.byRows(centroids, count, centroids, count, cols);
  const rank = new Int32Array(count * count);
  for (let c = 0; c < count; c++) {
    const distance = (other: number): number =>
      other === c ? -Infinity : norms[other]! - 2 * dots[c * count + other]!;
    const ranked = Array.from({ length: count }, (_, other) => other);
    const distances = Float64Array.from(ranked, distance);
    ranked
      .sort((a, b) => distances[a]! - distances[b]! || a - b)
      .forEach((other, place) => (rank[c * count + other] = place));
  }
  return rank;
}
