import { createProducts, type Products } from "../linear/product";
import { squaredNorms } from "../linear/vectors";
import { createRandom, sampleIndices } from "../random";
import type { Matrix, StageContext } from "../types";
import { gatherRows } from "./gather";
import { centroidsOf } from "./kmeans";

/** Items in a cell, on average. */
const CELL_SIZE = 250;
/** A larger one is cut: many equal items share a cell, and need not all be compared. */
const MOST_IN_CELL = 1_000;
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
  const { start, order, of } = byCell(cell, count);
  const centres = gatherRows({ rows: count, cols: matrix.cols, data: centroids }, of).data;
  return { start, order, rank: await rankCells(centres, matrix.cols, of.length, products), count: of.length };
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

/** Items by cell, where cells that are too large are cut; `of` says which centroid each cell has. */
function byCell(cell: Int32Array, count: number): Pick<Cells, "start" | "order"> & { of: Int32Array } {
  const first = new Int32Array(count + 1);
  for (const c of cell) first[c + 1]!++;
  for (let c = 0; c < count; c++) first[c + 1]! += first[c]!;
  const fill = first.slice();
  const order = new Int32Array(cell.length);
  cell.forEach((c, i) => (order[fill[c]!++] = i));
  const start: number[] = [];
  const of: number[] = [];
  for (let c = 0; c < count; c++) {
    const size = first[c + 1]! - first[c]!;
    const pieces = Math.max(1, Math.ceil(size / MOST_IN_CELL));
    for (let piece = 0; piece < pieces; piece++) {
      start.push(first[c]! + Math.floor((piece * size) / pieces));
      of.push(c);
    }
  }
  return { start: Int32Array.from([...start, cell.length]), order, of: Int32Array.from(of) };
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
