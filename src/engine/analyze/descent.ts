import type { BestLists } from "../linear/best-lists";
import { dotAt } from "../linear/vectors";
import type { ScoreRoom } from "../simd/simd";
import type { StageContext } from "../types";
import type { Cells } from "./cells";
import type { Scored } from "./neighbors-scan";

/** Candidates of each kind that an item joins in a round: its nearest so far, and items that it is among the nearest of. */
const MOST = 24;
/** Items between two words on how far it is. */
const SLICE = 4096;

/**
 * NN-descent (Dong, Charikar & Li 2011) in lists that comparing cells has filled: the neighbours of an item are compared with each
 * other, since they are likely to be neighbours. Pairs of compared cells are left out, which are most of them.
 */
export class Descent {
  /** (cells × cells) 1 for two cells whose items have been compared with each other; whoever compares them says so here. */
  readonly compared: Uint8Array;
  /** (n) the cell of each place. */
  private readonly cell: Int32Array;
  private readonly candidates: Int32Array;
  private isLater = false;

  /**
   * @param input vectors by cell; cols is a multiple of four, the data are in the room
   * @param lists in the same room, of the same items
   * @param room null for the TypeScript path
   */
  constructor(
    private readonly input: Scored,
    private readonly lists: BestLists,
    private readonly cells: Cells,
    private readonly room: ScoreRoom | null,
  ) {
    const { rows, cols, data } = input.matrix;
    const { count, start } = cells;
    this.compared = room?.memory.uint8(count * count) ?? new Uint8Array(count * count);
    this.cell = room?.memory.int32(rows) ?? new Int32Array(rows);
    this.candidates = room?.memory.int32(2 * MOST) ?? new Int32Array(2 * MOST);
    for (let c = 0; c < count; c++) this.cell.fill(c, start[c], start[c + 1]);
    if (!room) return;
    const spare = room.memory.int32(2 * MOST + 3);
    const { compared, cell } = this;
    room.kernels.items(data.byteOffset, cols, cell.byteOffset, compared.byteOffset, count, spare.byteOffset);
  }

  /** Bytes of memory that it takes beside the vectors. */
  static bytesOf(rows: number, cells: number): number {
    return cells * cells + 4 * rows + 16 * MOST + 128;
  }

  /** Cells have been compared since the last round: all that is in the lists is new. */
  restart(): void {
    this.isLater = false;
  }

  /** One round over all items. From the second on at least one of a pair came to the item's list by a round. */
  round(ctx: StageContext): void {
    const { lists, candidates, room, isLater } = this;
    const { rows } = this.input.matrix;
    ctx.signal.throwIfAborted();
    lists.refuseTwice();
    const { nearest, count } = this.nearest();
    const { start, source } = reversed(nearest, count);
    const seen = new Int32Array(rows).fill(-1);
    let chosen = 0;
    const add = (item: number, other: number): void => {
      if (seen[other] === item) return;
      seen[other] = item;
      candidates[chosen++] = other;
    };
    for (let item = 0; item < rows; item++) {
      if (item % SLICE === 0) ctx.report(item, rows);
      chosen = 0;
      seen[item] = item;
      for (let at = item * MOST; at < item * MOST + count[item]!; at++) add(item, nearest[at]!);
      // Of an item that is among the nearest of many, some of these from everywhere.
      const met = start[item + 1]! - start[item]!;
      const some = Math.min(met, MOST);
      for (let s = 0; s < some; s++) add(item, source[start[item]! + Math.floor((s * met) / some)]!);
      if (room) room.kernels.join(item, candidates.byteOffset, chosen, isLater ? 1 : 0);
      else this.join(item, chosen);
    }
    this.isLater = true;
  }

  /** Each item's nearest so far: (n × MOST), of which `count` (n) are there. */
  private nearest(): { nearest: Int32Array; count: Int32Array } {
    const { rows } = this.input.matrix;
    const nearest = new Int32Array(rows * MOST);
    const count = new Int32Array(rows);
    for (let i = 0; i < rows; i++) count[i] = this.lists.nearest(i, MOST, nearest, i * MOST);
    return { nearest, count };
  }

  /** The kernel `join` in TypeScript. */
  private join(owner: number, count: number): void {
    const { input, lists, candidates, isLater } = this;
    const { matrix, half } = input;
    const { cols, data } = matrix;
    for (let a = 0; a < count; a++) {
      const i = candidates[a]!;
      const isOld = isLater && this.haveMet(owner, i);
      for (let b = a + 1; b < count; b++) {
        const j = candidates[b]!;
        if (this.haveMet(i, j) || (isOld && this.haveMet(owner, j))) continue;
        const score = dotAt(data, i * cols, data, j * cols, cols);
        const forI = Math.fround(half[j]! - score);
        const forJ = Math.fround(half[i]! - score);
        if (forI < lists.limit[i]!) lists.add(i, j, forI);
        if (forJ < lists.limit[j]!) lists.add(j, i, forJ);
      }
    }
  }

  private haveMet(i: number, j: number): boolean {
    return this.compared[this.cell[i]! * this.cells.count + this.cell[j]!] === 1;
  }
}

/** Who has each item among its nearest: those of item i are source[start[i]] .. source[start[i + 1]]. */
function reversed(nearest: Int32Array, count: Int32Array): { start: Int32Array; source: Int32Array } {
  const rows = count.length;
  const start = new Int32Array(rows + 1);
  for (let i = 0; i < rows; i++) {
    for (let at = i * MOST; at < i * MOST + count[i]!; at++) start[nearest[at]! + 1]!++;
  }
  for (let i = 0; i < rows; i++) start[i + 1]! += start[i]!;
  const fill = start.slice();
  const source = new Int32Array(start[rows]!);
  for (let i = 0; i < rows; i++) {
    for (let at = i * MOST; at < i * MOST + count[i]!; at++) source[fill[nearest[at]!]!++] = i;
  }
  return { start, source };
}
