import type { Metric } from "../../protocol/recipe";
import type { BestLists } from "../linear/best-lists";
import { createProducts, type Products } from "../linear/product";
import { scoreKernels } from "../simd/simd";
import type { Matrix, StageContext } from "../types";
import { partition, type Cells } from "./cells";
import { Descent } from "./descent";
import { gatherInto } from "./gather";
import { PairScan, scored, type Scored } from "./neighbors-scan";

/** Scores that are held at once, so that cells of any size go through; at least one row of the largest cell. */
const BLOCK_SCORES = 1 << 20;
/** Items that every item meets, at least. */
const LEAST_MET = 1_000;
/** The same neighbours for every seed of the recipe: they are no matter of chance. */
const SEED = 0x5eed;

/** Lists of the nearest items so far, and the two ways to fill them: cells are compared, and neighbours of neighbours. */
export class CellSearch {
  private constructor(
    /** The vectors by cell, so that a cell is one block of rows; the lists are of these places. */
    readonly input: Scored,
    readonly cells: Cells,
    readonly products: Products,
    private readonly scan: PairScan,
    private readonly descent: Descent,
  ) {}

  /**
   * @param size of each item's list
   * @param simd false for the TypeScript path
   */
  static async of(prepared: Matrix, metric: Metric, size: number, ctx: StageContext, simd = true): Promise<CellSearch> {
    const { rows, cols } = prepared;
    const cells = await partition(prepared, SEED, { ...ctx, report: () => undefined });
    const most = Math.max(BLOCK_SCORES, largest(cells));
    const wide = Math.ceil(cols / 4) * 4;
    const bytes = 4 * rows * wide + PairScan.bytesOf(rows, size, most) + Descent.bytesOf(rows, cells.count);
    const room = simd ? scoreKernels(bytes) : null;
    const data = room?.memory.float32(rows * wide) ?? new Float32Array(rows * wide);
    const input = scored(gatherInto(prepared, cells.order, { rows, cols: wide, data }), metric);
    // Vectors that are too many for one memory leave the lists theirs.
    const scan = new PairScan(input.half, size, most, simd ? (room ?? undefined) : null);
    const products = await createProducts(data.length * LEAST_MET);
    return new CellSearch(input, cells, products, scan, new Descent(input, scan.lists, cells, room));
  }

  get lists(): BestLists {
    return this.scan.lists;
  }

  /** Compares cells of which one is among the `probes` nearest of the other, unless they have been compared. */
  async compare(probes: number, ctx: StageContext): Promise<void> {
    const { count, rank } = this.cells;
    const { compared } = this.descent;
    this.descent.restart();
    for (let a = 0; a < count; a++) {
      ctx.signal.throwIfAborted();
      ctx.report(a, count);
      for (let b = a; b < count; b++) {
        const isNear = rank[a * count + b]! < probes || rank[b * count + a]! < probes;
        if (!isNear || compared[a * count + b] === 1) continue;
        compared[a * count + b] = compared[b * count + a] = 1;
        await this.meet(a, b);
      }
    }
  }

  /** One round of NN-descent. */
  descend(ctx: StageContext): void {
    this.descent.round(ctx);
  }

  private async meet(a: number, b: number): Promise<void> {
    const { scan, products, cells, input } = this;
    const { cols, data } = input.matrix;
    const { start } = cells;
    const width = start[b + 1]! - start[b]!;
    if (width === 0) return;
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

const largest = ({ start, count }: Cells): number => {
  let most = 0;
  for (let c = 0; c < count; c++) most = Math.max(most, start[c + 1]! - start[c]!);
  return most;
};
