// AssemblyScript, part of scores.ts: the lists of the nearest items, and what fills them.
import { total } from "./lanes";

/** The lists of `BestLists`: how many items each keeps and has room for, and where they are. */
let size: i32 = 0;
let capacity: i32 = 0;
let halves: usize = 0;
let limits: usize = 0;
let counts: usize = 0;
let indices: usize = 0;
let values: usize = 0;
let scratch: usize = 0;
let distinct = false;

/**
 * Says where the lists are; once, before `offer`.
 * @param half, limit (rows, f32), count (rows, i32), index (rows × room, i32), value (rows × room, f32) as in `BestLists`
 * @param spare (room, f32)
 */
export function lists(
  kept: i32,
  room: i32,
  half: usize,
  limit: usize,
  count: usize,
  index: usize,
  value: usize,
  spare: usize,
): void {
  size = kept;
  capacity = room;
  halves = half;
  limits = limit;
  counts = count;
  indices = index;
  values = value;
  scratch = spare;
  distinct = false;
}

/** From now on an item that stands in a list already is refused. */
export function refuseTwice(): void {
  distinct = true;
}

/**
 * Offers item i to items j .. j + count and these to i, eight at once.
 * @param scores (`count`, f32) the products with item i
 */
export function offer(scores: usize, i: i32, j: i32, count: i32): void {
  const others = (<usize>j) << 2;
  const half = halves + others;
  const limit = limits + others;
  const own = load<f32>(halves + ((<usize>i) << 2));
  const self = f32x4.splat(own);
  let at = 0;
  for (; at + 8 <= count; at += 8) {
    const place = (<usize>at) << 2;
    const least = f32x4.splat(load<f32>(limits + ((<usize>i) << 2)));
    const s0 = v128.load(scores + place);
    const s1 = v128.load(scores + place + 16);
    const near0 = v128.or(
      f32x4.lt(f32x4.sub(v128.load(half + place), s0), least),
      f32x4.lt(f32x4.sub(self, s0), v128.load(limit + place)),
    );
    const near1 = v128.or(
      f32x4.lt(f32x4.sub(v128.load(half + place + 16), s1), least),
      f32x4.lt(f32x4.sub(self, s1), v128.load(limit + place + 16)),
    );
    if (!v128.any_true(v128.or(near0, near1))) continue;
    let mask = i32x4.bitmask(near0) | (i32x4.bitmask(near1) << 4);
    while (mask) {
      const hit = at + ctz(mask);
      offerPair(i, j + hit, load<f32>(scores + ((<usize>hit) << 2)));
      mask &= mask - 1;
    }
  }
  for (; at < count; at++) offerPair(i, j + at, load<f32>(scores + ((<usize>at) << 2)));
}

function offerPair(i: i32, j: i32, score: f32): void {
  const forI = load<f32>(halves + ((<usize>j) << 2)) - score;
  const forJ = load<f32>(halves + ((<usize>i) << 2)) - score;
  if (forI < load<f32>(limits + ((<usize>i) << 2))) add(i, j, forI);
  if (forJ < load<f32>(limits + ((<usize>j) << 2))) add(j, i, forJ);
}

/** `BestLists.add`. */
function add(row: i32, index: i32, value: f32): void {
  const count = counts + ((<usize>row) << 2);
  if (distinct && holds(row, index)) return;
  if (load<i32>(count) == capacity) {
    shrink(row);
    if (!(value < load<f32>(limits + ((<usize>row) << 2)))) return;
  }
  const filled = load<i32>(count);
  const at = (<usize>(row * capacity + filled)) << 2;
  store<i32>(indices + at, index);
  store<f32>(values + at, value);
  store<i32>(count, filled + 1);
}

/** Whether an item stands in a list. */
function holds(row: i32, index: i32): bool {
  const from = indices + ((<usize>(row * capacity)) << 2);
  const to = from + ((<usize>load<i32>(counts + ((<usize>row) << 2))) << 2);
  for (let at = from; at < to; at += 4) if (load<i32>(at) == index) return true;
  return false;
}

/** `BestLists.shrink` of a full list. */
function shrink(row: i32): void {
  const begin = (<usize>(row * capacity)) << 2;
  const index = indices + begin;
  const value = values + begin;
  memory.copy(scratch, value, (<usize>capacity) << 2);
  const limit = smallest(capacity, size - 1);
  let equals = size;
  for (let at = 0; at < capacity; at++) if (load<f32>(value + ((<usize>at) << 2)) < limit) equals--;
  let filled: usize = 0;
  for (let at: usize = 0; at < (<usize>capacity) << 2; at += 4) {
    const here = load<f32>(value + at);
    if (here > limit || (here == limit && equals-- <= 0)) continue;
    store<i32>(index + filled, load<i32>(index + at));
    store<f32>(value + filled, here);
    filled += 4;
  }
  store<i32>(counts + ((<usize>row) << 2), <i32>(filled >> 2));
  store<f32>(limits + ((<usize>row) << 2), limit);
}

/** The value that stands at `place` when the `count` numbers of the scratch are in order (Hoare 1961). */
function smallest(count: i32, place: i32): f32 {
  const wanted = scratch + ((<usize>place) << 2);
  let low = scratch;
  let high = scratch + ((<usize>(count - 1)) << 2);
  while (low < high) {
    const pivot = load<f32>(wanted);
    let i = low;
    let j = high;
    while (i <= j) {
      while (load<f32>(i) < pivot) i += 4;
      while (pivot < load<f32>(j)) j -= 4;
      if (i > j) break;
      const swapped = load<f32>(i);
      store<f32>(i, load<f32>(j));
      store<f32>(j, swapped);
      i += 4;
      j -= 4;
    }
    if (j < wanted) low = i;
    if (wanted < i) high = j;
  }
  return load<f32>(wanted);
}

/** The vectors that `join` compares, and the cells of their items. */
let vectors: usize = 0;
let bytes: usize = 0;
let cells: usize = 0;
let compared: usize = 0;
let cellCount: usize = 0;
let chosen: usize = 0;

/**
 * Says where they are; once, before `join`.
 * @param data (n × cols, f32); cols is a multiple of four
 * @param cell (n, i32) of each item
 * @param done (count × count, u8) 1 for cells whose items have been compared with each other
 * @param spare (i32) room for the candidates of an item and three more
 */
export function items(data: usize, cols: i32, cell: usize, done: usize, count: i32, spare: usize): void {
  vectors = data;
  bytes = (<usize>cols) << 2;
  cells = cell;
  compared = done;
  cellCount = <usize>count;
  chosen = spare;
}

/**
 * The local join of NN-descent: compares an item's candidates with each other, and offers both of a pair to each other. Left out are
 * pairs of cells that have been compared. Four others go side by side.
 * @param candidates (`count`, i32) different items, none of them the owner
 * @param isLater leaves out also pairs of which both are of cells that have been compared with the owner's
 */
export function join(owner: i32, candidates: usize, count: i32, isLater: bool): void {
  const end = candidates + ((<usize>count) << 2);
  const byOwner = compared + cellOf(owner) * cellCount;
  for (let a = candidates; a < end; a += 4) {
    const i = load<i32>(a);
    const cell = cellOf(i);
    const byCell = compared + cell * cellCount;
    const isOld = isLater ? load<u8>(byOwner + cell) : 0;
    let last = chosen;
    for (let b = a + 4; b < end; b += 4) {
      const j = load<i32>(b);
      const other = cellOf(j);
      const leave = load<u8>(byCell + other) | (isOld & load<u8>(byOwner + other));
      store<i32>(last, j);
      last += (<usize>(leave ^ 1)) << 2;
    }
    for (let b: usize = 0; b < 12; b += 4) store<i32>(last + b, i);
    compare(i, last);
  }
}

function compare(i: i32, last: usize): void {
  const own = vectors + <usize>i * bytes;
  for (let b = chosen; b < last; b += 16) {
    const row0 = vectors + <usize>load<i32>(b) * bytes;
    const row1 = vectors + <usize>load<i32>(b, 4) * bytes;
    const row2 = vectors + <usize>load<i32>(b, 8) * bytes;
    const row3 = vectors + <usize>load<i32>(b, 12) * bytes;
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let at: usize = 0; at < bytes; at += 16) {
      const mine = v128.load(own + at);
      s0 = f32x4.add(s0, f32x4.mul(mine, v128.load(row0 + at)));
      s1 = f32x4.add(s1, f32x4.mul(mine, v128.load(row1 + at)));
      s2 = f32x4.add(s2, f32x4.mul(mine, v128.load(row2 + at)));
      s3 = f32x4.add(s3, f32x4.mul(mine, v128.load(row3 + at)));
    }
    offerPair(i, load<i32>(b), <f32>total(s0));
    if (b + 4 < last) offerPair(i, load<i32>(b, 4), <f32>total(s1));
    if (b + 8 < last) offerPair(i, load<i32>(b, 8), <f32>total(s2));
    if (b + 12 < last) offerPair(i, load<i32>(b, 12), <f32>total(s3));
  }
}

function cellOf(item: i32): usize {
  return <usize>load<i32>(cells + ((<usize>item) << 2));
}
