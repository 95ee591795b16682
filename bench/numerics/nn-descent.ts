import { readFileSync } from "node:fs";
import type { Scored } from "../../src/engine/analyze/neighbors-scan";
import { createRandom, type Random } from "../../src/engine/random";
import { SimdMemory } from "../../src/engine/simd/simd";

/** What simd/local-join.ts exports. */
interface JoinKernel {
  lists(data: number, cols: number, half: number, kept: number, index: number, value: number): void;
  join(candidates: number, fresh: number, count: number): number;
}

/** Marks an item of a list that has been joined. */
const JOINED = 1 << 31;
/** Ends when fewer than this share of all entries are new after a round (Dong et al.: δ). */
const DELTA = 0.001;

/**
 * NN-descent (Dong, Charikar & Li 2011), seeded, from random neighbours: in every round the neighbours of an item, and those that it is a
 * neighbour of, are compared with each other if one of a pair is new. One thread; vector instructions.
 * @param size of each item's list
 * @param most candidates of each kind, new and old, that an item joins in a round; a seeded sample of more
 * @param file the kernel, compiled
 * @param after hears the lists (n × size, nearest first; the sign bit of an item is to be left out) after every round, and ends it
 * by true
 */
export function nnDescent(
  { matrix, half }: Scored,
  size: number,
  most: number,
  file: string,
  after: (index: Int32Array) => boolean,
): void {
  const { rows, cols } = matrix;
  const wide = Math.ceil(cols / 4) * 4;
  const memory = new SimdMemory(4 * rows * (wide + 1 + 2 * size) + 8 * most + 128, false);
  const kernel = memory.exportsOf(new WebAssembly.Module(readFileSync(file))) as JoinKernel;
  const data = memory.float32(rows * wide);
  for (let i = 0; i < rows; i++) data.set(matrix.data.subarray(i * cols, (i + 1) * cols), i * wide);
  const halves = memory.float32(rows);
  halves.set(half);
  const index = memory.int32(rows * size);
  const value = memory.float32(rows * size).fill(Number.MAX_VALUE);
  const list = memory.int32(2 * most + 3);
  kernel.lists(data.byteOffset, wide, halves.byteOffset, size, index.byteOffset, value.byteOffset);
  const random = createRandom(7);
  for (let at = 0; at < index.length; at++) {
    const other = random.below(rows - 1);
    index[at] = other < Math.floor(at / size) ? other : other + 1;
  }
  const fresh = new Candidates(rows, most);
  const old = new Candidates(rows, most);
  for (;;) {
    choose(index, size, fresh, old, random);
    let made = 0;
    for (let i = 0; i < rows; i++) {
      const first = fresh.of(i);
      if (first.length === 0) continue;
      const rest = old.of(i);
      list.fill(0);
      list.set(first);
      list.set(rest, first.length);
      made += kernel.join(list.byteOffset, first.length, first.length + rest.length);
    }
    if (after(index) || made < DELTA * index.length) return;
  }
}

/** Every item's candidates from both ends of the entries; entries whose item was taken as new count as joined from now on. */
function choose(index: Int32Array, size: number, fresh: Candidates, old: Candidates, random: Random): void {
  fresh.clear();
  old.clear();
  for (let at = 0; at < index.length; at++) {
    const item = Math.floor(at / size);
    const other = index[at]! & ~JOINED;
    const kind = index[at]! < 0 ? old : fresh;
    kind.add(item, other, random);
    kind.add(other, item, random);
  }
  for (let at = 0; at < index.length; at++) {
    if (index[at]! >= 0 && fresh.has(Math.floor(at / size), index[at]!)) index[at]! |= JOINED;
  }
}

/** A sample of the items that each item is offered: reservoirs (Vitter 1985). */
class Candidates {
  private readonly item: Int32Array;
  private readonly count: Int32Array;
  private readonly seen: Int32Array;

  constructor(
    rows: number,
    private readonly most: number,
  ) {
    this.item = new Int32Array(rows * most);
    this.count = new Int32Array(rows);
    this.seen = new Int32Array(rows);
  }

  clear(): void {
    this.count.fill(0);
    this.seen.fill(0);
  }

  of(row: number): Int32Array {
    return this.item.subarray(row * this.most, row * this.most + this.count[row]!);
  }

  has(row: number, item: number): boolean {
    const from = row * this.most;
    for (let at = from; at < from + this.count[row]!; at++) if (this.item[at] === item) return true;
    return false;
  }

  add(row: number, item: number, random: Random): void {
    if (this.has(row, item)) return;
    const seen = this.seen[row]!++;
    const place = seen < this.most ? this.count[row]!++ : random.below(seen + 1);
    if (place < this.most) this.item[row * this.most + place] = item;
  }
}
