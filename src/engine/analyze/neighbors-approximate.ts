import type { Metric } from "../../protocol/recipe";
import { BestLists } from "../linear/best-lists";
import type { Products } from "../linear/product";
import { dotAt } from "../linear/vectors";
import { createRandom, sampleIndices } from "../random";
import type { Matrix, NeighborGraph, StageContext } from "../types";
import { CellSearch } from "./cell-search";
import { gatherRows } from "./gather";
import { measure, type Scored } from "./neighbors-scan";

/** Nearest cells that every cell is compared with at first; doubled until the recall is reached. */
const FIRST_PROBES = 4;
/** Share of the true neighbours that must be found, and the items on which it is measured. */
const RECALL = 0.97;
const CHECKED = 256;
/** Items whose products with all that are checked are held at once. */
const CHECKED_AT_ONCE = 8_192;
/** Share of the true neighbours from which on neighbours of neighbours are compared: below, cells gain more. */
const DESCENT_FROM = 0.8;
/** The descent goes on while a round leaves at most this share of what was missing. */
const WORTH = 0.75;
/** Draws the items that are checked. */
const SEED = 0x5eed;

/**
 * Approximate nearest neighbours of many items by NN-descent (Dong, Charikar & Li 2011), seeded by an inverted file (Jégou, Douze &
 * Schmid 2011): near cells are compared by matrix products, each pair of cells once, then neighbours of neighbours. Where 97 % of the
 * neighbours of a sample are not found so, twice as many cells are compared, in the end all.
 * @param descentFrom share of the true neighbours from which on neighbours of neighbours are compared
 * @returns the graph with its measured `recall`
 */
export async function approximateNeighbors(
  prepared: Matrix,
  k: number,
  metric: Metric,
  margin: number,
  ctx: StageContext,
  descentFrom = DESCENT_FROM,
): Promise<NeighborGraph> {
  const { rows } = prepared;
  const search = await CellSearch.of(prepared, metric, k + margin, ctx);
  const checked = sampleIndices(rows, CHECKED, createRandom(SEED));
  const check = await trueLimits(search.input, checked, k, search.products, ctx);
  let recall = 0;
  for (let probes = FIRST_PROBES; recall < RECALL; probes *= 2) {
    await search.compare(probes, ctx);
    recall = recallOf(check, search.lists, k);
    if (probes >= search.cells.count) break;
    let missing = Infinity;
    while (recall >= descentFrom && recall < RECALL && 1 - recall <= WORTH * missing) {
      missing = 1 - recall;
      search.descend(ctx);
      recall = recallOf(check, search.lists, k);
    }
  }
  const graph = { count: rows, k, index: new Int32Array(rows * k), distance: new Float32Array(rows * k), recall };
  measure(search.input, search.lists, graph, search.cells.order);
  return graph;
}

/** An item whose neighbours are known. */
export interface Check {
  row: number;
  /** The k-th smallest score; a neighbour that comes as near is a true one. */
  limit: number;
}

/** What the sums of float32 products differ by from one block to another, as a share of the squared length. */
const ROUNDING = 4e-6;

/**
 * How near the exact neighbours of a few items are. Limits rather than items: of equal ones any are the nearest.
 * @param index these items
 */
export async function trueLimits(
  { matrix, half }: Scored,
  index: Int32Array,
  k: number,
  products: Products,
  ctx: StageContext,
): Promise<Check[]> {
  ctx.signal.throwIfAborted();
  const { rows, cols, data } = matrix;
  const sample = gatherRows(matrix, index).data;
  const lists = new BestLists(index.length, k);
  for (let from = 0; from < rows; from += CHECKED_AT_ONCE) {
    const count = Math.min(CHECKED_AT_ONCE, rows - from);
    const others = data.subarray(from * cols, (from + count) * cols);
    const scores = await products.byRows(sample, index.length, others, count, cols);
    index.forEach((row, at) => {
      for (let j = 0; j < count; j++) {
        const value = half[from + j]! - scores[at * count + j]!;
        if (from + j !== row && value < lists.limit[at]!) lists.add(at, from + j, value);
      }
    });
  }
  return Array.from(index, (row, at) => {
    const length = dotAt(data, row * cols, data, row * cols, cols);
    return { row, limit: Math.max(...lists.of(at).value) + ROUNDING * length };
  });
}

function recallOf(checks: Check[], lists: BestLists, k: number): number {
  let found = 0;
  for (const { row, limit } of checks) {
    let near = 0;
    for (const value of lists.of(row).value) if (value <= limit) near++;
    found += Math.min(k, near);
  }
  return checks.length > 0 ? found / (checks.length * k) : 1;
}
