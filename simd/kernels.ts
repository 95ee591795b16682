// AssemblyScript: the inner loops of t-SNE and UMAP on four numbers at once. scripts/build-simd.mjs compiles it into
// src/engine/simd/module.ts. Every function has a path in TypeScript that says what it computes (barnes-hut.ts, exact.ts,
// sweep.ts); test/unit/simd.test.ts holds the two together. Addresses are bytes in the memory that the caller brings.

/** Sum of the four lanes. */
function total(v: v128): f64 {
  return (
    <f64>f32x4.extract_lane(v, 0) +
    <f64>f32x4.extract_lane(v, 1) +
    (<f64>f32x4.extract_lane(v, 2) + <f64>f32x4.extract_lane(v, 3))
  );
}

/**
 * The pushes on `count` points of one group in two dimensions by a list of centroids (x, y, mass; f32, `length` a
 * multiple of four, padded with mass 0), two points at a time.
 * @param points x at points[i], y at points[i + stride] (f32)
 * @param force receives x, y of each point (f64), in the order of `points`
 * @returns their share of Z
 */
export function push2(
  x: usize,
  y: usize,
  mass: usize,
  length: i32,
  pointX: usize,
  pointY: usize,
  count: i32,
  force: usize,
): f64 {
  const one = f32x4.splat(1);
  const end = length << 2;
  let sum: f64 = 0;
  for (let i = 0; i < count; i += 2) {
    const second = i + 1 < count ? i + 1 : i;
    const ax = v128.load32_splat(pointX + (i << 2));
    const ay = v128.load32_splat(pointY + (i << 2));
    const bx = v128.load32_splat(pointX + (second << 2));
    const by = v128.load32_splat(pointY + (second << 2));
    let sumA = f32x4.splat(0);
    let sumB = f32x4.splat(0);
    let fax = f32x4.splat(0);
    let fay = f32x4.splat(0);
    let fbx = f32x4.splat(0);
    let fby = f32x4.splat(0);
    for (let at = 0; at < end; at += 16) {
      const px = v128.load(x + at);
      const py = v128.load(y + at);
      const m = v128.load(mass + at);
      const dax = f32x4.sub(ax, px);
      const day = f32x4.sub(ay, py);
      const dbx = f32x4.sub(bx, px);
      const dby = f32x4.sub(by, py);
      const qa = f32x4.div(one, f32x4.add(one, f32x4.add(f32x4.mul(dax, dax), f32x4.mul(day, day))));
      const qb = f32x4.div(one, f32x4.add(one, f32x4.add(f32x4.mul(dbx, dbx), f32x4.mul(dby, dby))));
      const ma = f32x4.mul(m, qa);
      const mb = f32x4.mul(m, qb);
      sumA = f32x4.add(sumA, ma);
      sumB = f32x4.add(sumB, mb);
      const wa = f32x4.mul(ma, qa);
      const wb = f32x4.mul(mb, qb);
      fax = f32x4.add(fax, f32x4.mul(wa, dax));
      fay = f32x4.add(fay, f32x4.mul(wa, day));
      fbx = f32x4.add(fbx, f32x4.mul(wb, dbx));
      fby = f32x4.add(fby, f32x4.mul(wb, dby));
    }
    store<f64>(force + (i << 4), total(fax));
    store<f64>(force + (i << 4) + 8, total(fay));
    sum += total(sumA);
    if (second > i) {
      store<f64>(force + (second << 4), total(fbx));
      store<f64>(force + (second << 4) + 8, total(fby));
      sum += total(sumB);
    }
  }
  return sum;
}

/**
 * The attraction of items `from` .. `to` in two dimensions along affinities in compressed rows whose lengths are
 * multiples of four (padded with value 0).
 * @param start (i32), target (i32), value (f32)
 * @param positions x, y of each item (f32)
 * @param force receives x, y of each item (f64)
 */
export function attract2(
  start: usize,
  target: usize,
  value: usize,
  positions: usize,
  force: usize,
  from: i32,
  to: i32,
): void {
  const one = f32x4.splat(1);
  for (let i = from; i < to; i++) {
    const x = v128.load32_splat(positions + (i << 3));
    const y = v128.load32_splat(positions + (i << 3) + 4);
    let fx = f32x4.splat(0);
    let fy = f32x4.splat(0);
    const end = load<i32>(start + (i << 2) + 4) << 2;
    for (let at = load<i32>(start + (i << 2)) << 2; at < end; at += 16) {
      const t = target + at;
      const low = v128.load64_lane(
        positions + (load<i32>(t, 4) << 3),
        v128.load64_zero(positions + (load<i32>(t) << 3)),
        1,
      );
      const high = v128.load64_lane(
        positions + (load<i32>(t, 12) << 3),
        v128.load64_zero(positions + (load<i32>(t, 8) << 3)),
        1,
      );
      const dx = f32x4.sub(x, v128.shuffle<f32>(low, high, 0, 2, 4, 6));
      const dy = f32x4.sub(y, v128.shuffle<f32>(low, high, 1, 3, 5, 7));
      const w = f32x4.div(v128.load(value + at), f32x4.add(one, f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy))));
      fx = f32x4.add(fx, f32x4.mul(w, dx));
      fy = f32x4.add(fy, f32x4.mul(w, dy));
    }
    store<f64>(force + (i << 4), total(fx));
    store<f64>(force + (i << 4) + 8, total(fy));
  }
}

/** The place of a squared distance in the look-up tables, which have 256 steps per octave (gradient.ts). */
function placeOf(square: f32, base: i32): i32 {
  return (reinterpret<i32>(square) >> 15) - base;
}

/**
 * One epoch of the edges `from` .. `to` of UMAP (sweep.ts says what it does).
 * @param head, tail (i32), interval, next (f32)
 * @param positions, pushers items of two floats, or in three dimensions of four
 * @param pull, push tables of `size` floats (f32) that start at the octave `base`
 * @returns the state of the generator
 */
export function sweep2(
  head: usize,
  tail: usize,
  interval: usize,
  next: usize,
  from: i32,
  to: i32,
  positions: usize,
  pushers: usize,
  count: i32,
  pull: usize,
  push: usize,
  base: i32,
  size: i32,
  epoch: f32,
  alpha: f32,
  seed: i32,
): i32 {
  const most = f32x4.splat(4);
  const least = f32x4.splat(-4);
  const step = f32x4.splat(alpha);
  let random: u32 = seed;
  for (let edge = from; edge < to; edge++) {
    const due = load<f32>(next + (edge << 2));
    if (due > epoch) continue;
    store<f32>(next + (edge << 2), due + load<f32>(interval + (edge << 2)));
    const self = load<i32>(head + (edge << 2));
    const own = positions + (self << 3);
    const other = positions + (load<i32>(tail + (edge << 2)) << 3);
    const at = v128.load64_zero(own);
    const there = v128.load64_zero(other);
    let move = f32x4.splat(0);
    const d = f32x4.sub(at, there);
    const dd = f32x4.mul(d, d);
    let place = placeOf(f32x4.extract_lane(dd, 0) + f32x4.extract_lane(dd, 1), base);
    if (place >= 0) {
      place = place < size ? place : size - 1;
      const by = f32x4.mul(v128.load32_splat(pull + (place << 2)), d);
      move = f32x4.pmax(least, f32x4.pmin(most, by));
      v128.store64_lane(other, f32x4.sub(there, f32x4.mul(move, step)), 0);
    }
    for (let p = 0; p < 5; p++) {
      random ^= random << 13;
      random ^= random >> 17;
      random ^= random << 5;
      const drawn = <i32>((<u64>random * <u64>count) >> 32);
      if (drawn == self) continue;
      const a = f32x4.sub(at, v128.load64_zero(pushers + (drawn << 3)));
      const aa = f32x4.mul(a, a);
      place = placeOf(f32x4.extract_lane(aa, 0) + f32x4.extract_lane(aa, 1), base);
      if (place < 0) {
        move = f32x4.add(move, most);
        continue;
      }
      place = place < size ? place : size - 1;
      const by = f32x4.mul(v128.load32_splat(push + (place << 2)), a);
      move = f32x4.add(move, f32x4.pmax(least, f32x4.pmin(most, by)));
    }
    v128.store64_lane(own, f32x4.add(at, f32x4.mul(move, step)), 0);
  }
  return random;
}

/** The same in three dimensions: items of four floats, the last 0. */
export function sweep3(
  head: usize,
  tail: usize,
  interval: usize,
  next: usize,
  from: i32,
  to: i32,
  positions: usize,
  pushers: usize,
  count: i32,
  pull: usize,
  push: usize,
  base: i32,
  size: i32,
  epoch: f32,
  alpha: f32,
  seed: i32,
): i32 {
  const most = f32x4(4, 4, 4, 0);
  const least = f32x4(-4, -4, -4, 0);
  const step = f32x4.splat(alpha);
  let random: u32 = seed;
  for (let edge = from; edge < to; edge++) {
    const due = load<f32>(next + (edge << 2));
    if (due > epoch) continue;
    store<f32>(next + (edge << 2), due + load<f32>(interval + (edge << 2)));
    const self = load<i32>(head + (edge << 2));
    const own = positions + (self << 4);
    const other = positions + (load<i32>(tail + (edge << 2)) << 4);
    const at = v128.load(own);
    const there = v128.load(other);
    let move = f32x4.splat(0);
    const d = f32x4.sub(at, there);
    let place = placeOf(square3(d), base);
    if (place >= 0) {
      place = place < size ? place : size - 1;
      const by = f32x4.mul(v128.load32_splat(pull + (place << 2)), d);
      move = f32x4.pmax(least, f32x4.pmin(most, by));
      v128.store(other, f32x4.sub(there, f32x4.mul(move, step)));
    }
    for (let p = 0; p < 5; p++) {
      random ^= random << 13;
      random ^= random >> 17;
      random ^= random << 5;
      const drawn = <i32>((<u64>random * <u64>count) >> 32);
      if (drawn == self) continue;
      const a = f32x4.sub(at, v128.load(pushers + (drawn << 4)));
      place = placeOf(square3(a), base);
      if (place < 0) {
        move = f32x4.add(move, most);
        continue;
      }
      place = place < size ? place : size - 1;
      const by = f32x4.mul(v128.load32_splat(push + (place << 2)), a);
      move = f32x4.add(move, f32x4.pmax(least, f32x4.pmin(most, by)));
    }
    v128.store(own, f32x4.add(at, f32x4.mul(move, step)));
  }
  return random;
}

function square3(d: v128): f32 {
  const dd = f32x4.mul(d, d);
  return f32x4.extract_lane(dd, 0) + f32x4.extract_lane(dd, 1) + f32x4.extract_lane(dd, 2);
}
