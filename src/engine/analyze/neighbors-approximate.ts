import type { Metric } from "../../protocol/recipe";
import { BestLists } from "../linear/best-lists";
import { createProducts, type Products } from "../linear/product";
import { createRandom, sampleIndices } from "../random";
import type { Matrix, NeighborGraph, StageContext } from "../types";
import { partition, type Cells } from "./cells";
import { gatherRows } from "./gather";
import { measure, PairScan, scored, type Scored } from "./neighbors-scan";

/** Nearest cells that every cell is compared with at first; doubled until the recall is reached. */
const FIRST_PROBES = 8;
/** Share of the true neighbours that must be found, and the items on which it is measured. */
const RECALL = 0.97;
const CHECKED = 256;
/** Scores that are held at once, so that cells of any size go through; at least one row of the largest cell. */
const BLOCK_SCORES = 1 << 20;
/** The same neighbours for every seed of the recipe: they are no matter of chance. */
const SEED = 0x5eed;

/**
 * Approximate nearest neighbours of many items: an inverted file (Jégou, Douze & Schmid 2011) whose cells are compared by
 * matrix products, each pair of cells once. Their number is doubled until 97 % of the neighbours of a sample are found.
 * @returns the graph with its measured `recall`
 */
export async function approximateNeighbors(
  prepared: Matrix,
  k: number,
  metric: Metric,
  margin: number,
  ctx: StageContext,
): Promise<NeighborGraph> {
  const { rows, cols } = prepared;
  const cells = await partition(prepared, SEED, { ...ctx, report: () => undefined });
  // Items by cell, so that a cell is one block of rows.
  const input = scored(gatherRows(prepared, cells.order), metric);
  const products = await createProducts(rows * cols * FIRST_PROBES * 250);
  const scan = new PairScan(input.half, k + margin, Math.max(BLOCK_SCORES, largest(cells)));
  const check = await trueNeighbors(input, sampleIndices(rows, CHECKED, createRandom(SEED)), k, products, ctx);
  let recall = 0;
  for (let from = 0, to = FIRST_PROBES; ; from = to, to *= 2) {
    await compareCells(input, cells, from, Math.min(to, cells.count), products, scan, ctx);
    recall = recallOf(check, scan.lists, k);
    if (recall >= RECALL || to >= cells.count) break;
  }
  const graph = { count: rows, k, index: new Int32Array(rows * k), distance: new Float32Array(rows * k), recall };
  measure(input, scan.lists, graph, cells.order);
  return graph;
}

/** Compares cells whose rank among each other's nearest is from .. to, and not lower from the other side. */
async function compareCells(
  { matrix }: Scored,
  { start, nearest, count }: Cells,
  from: number,
  to: number,
  products: Products,
  scan: PairScan,
  ctx: StageContext,
): Promise<void> {
  const { cols, data } = matrix;
  const rank = new Int32Array(count * count);
  for (let c = 0; c < count; c++) for (let r = 0; r < count; r++) rank[c * count + nearest[c * count + r]!] = r;
  for (let a = 0; a < count; a++) {
    ctx.signal.throwIfAborted();
    ctx.report(a, count);
    const size = start[a + 1]! - start[a]!;
    for (let b = a; b < count; b++) {
      const nearer = Math.min(rank[a * count + b]!, rank[b * count + a]!);
      if (nearer < from || nearer >= to || size === 0) continue;
      const width = start[b + 1]! - start[b]!;
      if (width === 0) continue;
      const others = data.subarray(start[b]! * cols, start[b + 1]! * cols);
      const height = Math.floor(scan.scores.length / width);
      for (let top = start[a]!; top < start[a + 1]!; top += height) {
        const bottom = Math.min(top + height, start[a + 1]!);
        const rows = data.subarray(top * cols, bottom * cols);
        await products.byRows(rows, bottom - top, others, width, cols, scan.scores);
        for (let i = top; i < bottom; i++) {
          // Within one cell every pair stands twice in the product.
          const skip = a === b ? i + 1 - start[a]! : 0;
          scan.offer((i - top) * width + skip, i, start[b]! + skip, width - skip);
        }
      }
    }
  }
}

const largest = ({ start, count }: Cells): number => {
  let most = 0;
  for (let c = 0; c < count; c++) most = Math.max(most, start[c + 1]! - start[c]!);
  return most;
};

export interface Check {
  row: number;
  nearest: Set<number>;
}

/**
 * The exact neighbours of a few items.
 * @param index these items
 */
export async function trueNeighbors(
  { matrix, half }: Scored,
  index: Int32Array,
  k: number,
  products: Products,
  ctx: StageContext,
): Promise<Check[]> {
  ctx.signal.throwIfAborted();
  const { rows, cols, data } = matrix;
  const sample = gatherRows(matrix, index).data;
  const scores = await products.byRows(sample, index.length, data, rows, cols);
  const lists = new BestLists(index.length, k);
  return Array.from(index, (row, at) => {
    for (let j = 0; j < rows; j++) {
      const value = half[j]! - scores[at * rows + j]!;
      if (j !== row && value < lists.limit[at]!) lists.add(at, j, value);
    }
    return { row, nearest: new Set(lists.of(at).index) };
  });
}

function recallOf(checks: Check[], lists: BestLists, k: number): number {
  let found = 0;
  for (const { row, nearest } of checks) for (const j of lists.of(row).index) if (nearest.has(j)) found++;
  return checks.length > 0 ? found / (checks.length * k) : 1;
}
