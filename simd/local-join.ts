// AssemblyScript: the local join of NN-descent. Only bench/nn-descent.ts compiles and runs it; nothing of it ships. Addresses are
// bytes in the memory.

let rows: usize = 0;
let bytes: usize = 0;
let halves: usize = 0;
let size: i32 = 0;
let indices: usize = 0;
let values: usize = 0;

/** Marks an item of a list that has been joined. */
const JOINED: i32 = 1 << 31;

/**
 * Says where everything is; once, before `join`.
 * @param data (n × cols, f32); cols is a multiple of four
 * @param half (n, f32) as in `Scored`
 * @param index (n × kept, i32), value (n × kept, f32) the lists, nearest first
 */
export function lists(data: usize, cols: i32, half: usize, kept: i32, index: usize, value: usize): void {
  rows = data;
  bytes = (<usize>cols) << 2;
  halves = half;
  size = kept;
  indices = index;
  values = value;
}

/**
 * Compares the first `fresh` of `count` candidates with each other and with the rest; both of a pair are offered to each other.
 * Four others go side by side.
 * @param candidates (`count`, i32), with room for three more, which are items too
 * @returns how many entries of lists are new
 */
export function join(candidates: usize, fresh: i32, count: i32): i32 {
  let made = 0;
  const end = candidates + ((<usize>count) << 2);
  for (let a = candidates; a < candidates + ((<usize>fresh) << 2); a += 4) {
    const i = load<i32>(a);
    const own = rows + <usize>i * bytes;
    for (let b = a + 4; b < end; b += 16) {
      const row0 = rows + <usize>load<i32>(b) * bytes;
      const row1 = rows + <usize>load<i32>(b, 4) * bytes;
      const row2 = rows + <usize>load<i32>(b, 8) * bytes;
      const row3 = rows + <usize>load<i32>(b, 12) * bytes;
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
      made += offerPair(i, load<i32>(b), sum(s0));
      if (b + 4 < end) made += offerPair(i, load<i32>(b, 4), sum(s1));
      if (b + 8 < end) made += offerPair(i, load<i32>(b, 8), sum(s2));
      if (b + 12 < end) made += offerPair(i, load<i32>(b, 12), sum(s3));
    }
  }
  return made;
}

function sum(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

function offerPair(i: i32, j: i32, product: f32): i32 {
  if (i == j) return 0;
  const forI = load<f32>(halves + ((<usize>j) << 2)) - product;
  const forJ = load<f32>(halves + ((<usize>i) << 2)) - product;
  return offer(i, j, forI) + offer(j, i, forJ);
}

/** Puts an item into a list unless it is farther than all of it or there already. */
function offer(row: i32, item: i32, value: f32): i32 {
  const from = (<usize>(row * size)) << 2;
  const index = indices + from;
  const list = values + from;
  const last = (<usize>(size - 1)) << 2;
  if (!(value < load<f32>(list + last))) return 0;
  for (let at: usize = 0; at <= last; at += 4) if ((load<i32>(index + at) & ~JOINED) == item) return 0;
  let at = last;
  for (; at > 0 && load<f32>(list + at - 4) > value; at -= 4) {
    store<f32>(list + at, load<f32>(list + at - 4));
    store<i32>(index + at, load<i32>(index + at - 4));
  }
  store<f32>(list + at, value);
  store<i32>(index + at, item);
  return 1;
}
