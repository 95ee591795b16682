// AssemblyScript: what is done with the products of pairs of items, four at once. scripts/build-simd.mjs compiles it into
// src/engine/simd/modules.ts. Every function has a path in TypeScript that says what it computes (neighbors-scan.ts,
// similarity.ts); test/unit/analyze/scores.test.ts holds the two together. Addresses are bytes in the memory.

/**
 * The places in a row of scores at which one of the two items may enter the other's list: a superset, since float32
 * rounds and limits sink while items are added.
 * @param scores, half, limit (`count`, f32) the products with one item; half the squared length and the limit of the others
 * @param own, ownLimit those of the one item
 * @param places receives the places, ascending (i32)
 * @returns how many
 */
export function hits(
  scores: usize,
  half: usize,
  limit: usize,
  own: f32,
  ownLimit: f32,
  count: i32,
  places: usize,
): i32 {
  const self = f32x4.splat(own);
  const least = f32x4.splat(ownLimit);
  let found = places;
  let i = 0;
  for (; i + 8 <= count; i += 8) {
    const at = i << 2;
    const s0 = v128.load(scores + at);
    const s1 = v128.load(scores + at + 16);
    const near0 = v128.or(
      f32x4.le(f32x4.sub(v128.load(half + at), s0), least),
      f32x4.le(f32x4.sub(self, s0), v128.load(limit + at)),
    );
    const near1 = v128.or(
      f32x4.le(f32x4.sub(v128.load(half + at + 16), s1), least),
      f32x4.le(f32x4.sub(self, s1), v128.load(limit + at + 16)),
    );
    if (!v128.any_true(v128.or(near0, near1))) continue;
    let mask = i32x4.bitmask(near0) | (i32x4.bitmask(near1) << 4);
    while (mask) {
      store<i32>(found, i + ctz(mask));
      found += 4;
      mask &= mask - 1;
    }
  }
  for (; i < count; i++) {
    const score = load<f32>(scores + (i << 2));
    if (load<f32>(half + (i << 2)) - score <= ownLimit || own - score <= load<f32>(limit + (i << 2))) {
      store<i32>(found, i);
      found += 4;
    }
  }
  return <i32>((found - places) >> 2);
}

/** Brings numbers (f32) into −1 .. 1, in place. */
export function clamp(values: usize, count: i32): void {
  const most = f32x4.splat(1);
  const least = f32x4.splat(-1);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = values + (i << 2);
    v128.store(at, f32x4.pmax(least, f32x4.pmin(most, v128.load(at))));
  }
  for (; i < count; i++) {
    const at = values + (i << 2);
    store<f32>(at, max<f32>(-1, min<f32>(1, load<f32>(at))));
  }
}

/**
 * The squared euclidean distances of a row to others, summed as `squaredDistanceAt` sums them: the same bits. Two others go
 * side by side, so that sums need not wait for each other.
 * @param data (f32) rows of `cols`
 * @param others (`count`, i32) the other rows
 * @param squared receives the distances (f64)
 */
export function distances(data: usize, cols: i32, row: i32, others: usize, count: i32, squared: usize): void {
  const size = (<usize>cols) << 2;
  const own = data + <usize>row * size;
  const end = ((<usize>cols) & ~3) << 2;
  for (let n = 0; n < count; n += 2) {
    const left = data + <usize>load<i32>(others + ((<usize>n) << 2)) * size;
    const right = n + 1 < count ? data + <usize>load<i32>(others + ((<usize>n) << 2) + 4) * size : left;
    let l01 = f64x2.splat(0);
    let l23 = l01;
    let r01 = l01;
    let r23 = l01;
    for (let at: usize = 0; at < end; at += 16) {
      const mine = v128.load(own + at);
      const low = f64x2.promote_low_f32x4(mine);
      const high = upper(mine);
      const a = v128.load(left + at);
      const b = v128.load(right + at);
      const a01 = f64x2.sub(low, f64x2.promote_low_f32x4(a));
      const a23 = f64x2.sub(high, upper(a));
      const b01 = f64x2.sub(low, f64x2.promote_low_f32x4(b));
      const b23 = f64x2.sub(high, upper(b));
      l01 = f64x2.add(l01, f64x2.mul(a01, a01));
      l23 = f64x2.add(l23, f64x2.mul(a23, a23));
      r01 = f64x2.add(r01, f64x2.mul(b01, b01));
      r23 = f64x2.add(r23, f64x2.mul(b23, b23));
    }
    const to = squared + ((<usize>n) << 3);
    store<f64>(to, finished(own, left, end, size, l01, l23));
    if (n + 1 < count) store<f64>(to + 8, finished(own, right, end, size, r01, r23));
  }
}

/** The sum of four lanes and of what is left beyond `end`. */
function finished(own: usize, other: usize, end: usize, size: usize, s01: v128, s23: v128): f64 {
  let s0 = f64x2.extract_lane(s01, 0);
  for (let at = end; at < size; at += 4) {
    const d = <f64>load<f32>(own + at) - <f64>load<f32>(other + at);
    s0 += d * d;
  }
  return s0 + f64x2.extract_lane(s01, 1) + (f64x2.extract_lane(s23, 0) + f64x2.extract_lane(s23, 1));
}

/** The two upper numbers (f32) as f64. */
function upper(four: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(four, four, 2, 3, 2, 3));
}
