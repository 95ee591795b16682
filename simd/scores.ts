// AssemblyScript: what is done with rows and with the products of pairs of items, several at once. scripts/build-simd.mjs compiles
// it into src/engine/simd/modules.ts. Every function has a path in TypeScript that says what it computes (neighbors-scan.ts,
// descent.ts, similarity.ts, row-distances.ts, largest.ts, subspace.ts); test/unit/analyze/scores.test.ts holds the two together.
// Addresses are bytes in the memory.
export * from "./lists";

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

/** The bits of the largest size among `count` numbers (f32), their signs left out: above those of Infinity when one is NaN. */
export function largest(values: usize, count: i32): i32 {
  const size = i32x4.splat(0x7fffffff);
  let most = i32x4.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4) most = i32x4.max_s(most, v128.and(size, v128.load(values + (i << 2))));
  let top = max(
    max(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 1)),
    max(i32x4.extract_lane(most, 2), i32x4.extract_lane(most, 3)),
  );
  for (; i < count; i++) top = max(top, load<i32>(values + (i << 2)) & 0x7fffffff);
  return top;
}
