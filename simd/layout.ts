// AssemblyScript: the inner loops of t-SNE and UMAP on four numbers at once. scripts/build-simd.mjs compiles it into
// src/engine/simd/modules.ts. Every function has a path in TypeScript that says what it computes (barnes-hut.ts, exact.ts,
// sweep.ts, full.ts); test/unit/reduce/simd.test.ts holds the two together. Addresses are bytes in the memory that the caller brings.

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

/**
 * Fourier transforms along the first `columns` columns of a square matrix of n × n complex numbers (re and im apart, f32),
 * in place: forward by decimation in frequency, which leaves rows in bit-reversed order, or back from that order by
 * decimation in time, without the factor 1/n. No row is ever moved to its place: products don't need it.
 * @param columns a multiple of 16
 * @param turn cos and −sin of 2π·i/n, n / 2 of each (f32)
 */
export function fft(re: usize, im: usize, n: i32, columns: i32, turn: usize, back: i32): void {
  const row = n << 2;
  // A panel of 16 columns stays in the cache through all stages.
  for (let c = 0; c < columns; c += 16) {
    const r = re + (c << 2);
    const i = im + (c << 2);
    if (back) for (let half = 1; half < n; half <<= 1) stage(r, i, n, row, half, turn, true);
    else for (let half = n >> 1; half > 0; half >>= 1) stage(r, i, n, row, half, turn, false);
  }
}

function stage(re: usize, im: usize, n: i32, row: i32, half: i32, turn: usize, back: bool): void {
  const step = n / (half << 1);
  const far = half * row;
  for (let j = 0; j < half; j++) {
    const w = turn + ((j * step) << 2);
    const wr = v128.load32_splat(w);
    const wi = v128.load32_splat(w + (n << 1));
    for (let s = j; s < n; s += half << 1) {
      const place = s * row;
      for (let lane = 0; lane < 64; lane += 16) {
        const ar = re + place + lane;
        const ai = im + place + lane;
        const xr = v128.load(ar);
        const xi = v128.load(ai);
        const yr = v128.load(ar + far);
        const yi = v128.load(ai + far);
        if (back) {
          const br = f32x4.add(f32x4.mul(yr, wr), f32x4.mul(yi, wi));
          const bi = f32x4.sub(f32x4.mul(yi, wr), f32x4.mul(yr, wi));
          v128.store(ar, f32x4.add(xr, br));
          v128.store(ai, f32x4.add(xi, bi));
          v128.store(ar + far, f32x4.sub(xr, br));
          v128.store(ai + far, f32x4.sub(xi, bi));
        } else {
          const dr = f32x4.sub(xr, yr);
          const di = f32x4.sub(xi, yi);
          v128.store(ar, f32x4.add(xr, yr));
          v128.store(ai, f32x4.add(xi, yi));
          v128.store(ar + far, f32x4.sub(f32x4.mul(dr, wr), f32x4.mul(di, wi)));
          v128.store(ai + far, f32x4.add(f32x4.mul(dr, wi), f32x4.mul(di, wr)));
        }
      }
    }
  }
}

/** Transposes a square matrix (f32) in place; n is a multiple of four. */
export function transpose(matrix: usize, n: i32): void {
  const row = n << 2;
  for (let i = 0; i < n; i += 4) {
    for (let j = 0; j <= i; j += 4) {
      const a = matrix + i * row + (j << 2);
      const b = matrix + j * row + (i << 2);
      const a0 = v128.load(a);
      const a1 = v128.load(a + row);
      const a2 = v128.load(a + 2 * row);
      const a3 = v128.load(a + 3 * row);
      const b0 = v128.load(b);
      const b1 = v128.load(b + row);
      const b2 = v128.load(b + 2 * row);
      const b3 = v128.load(b + 3 * row);
      turned(b, row, a0, a1, a2, a3);
      turned(a, row, b0, b1, b2, b3);
    }
  }
}

function turned(to: usize, row: i32, r0: v128, r1: v128, r2: v128, r3: v128): void {
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const t1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const t2 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5));
  v128.store(to + row, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7));
  v128.store(to + 2 * row, v128.shuffle<f32>(t2, t3, 0, 1, 4, 5));
  v128.store(to + 3 * row, v128.shuffle<f32>(t2, t3, 2, 3, 6, 7));
}

/**
 * Multiplies `count` complex numbers by others, in place.
 * @param count a multiple of 256
 * @param weight (count) real
 * @returns the sum of weight · |number|² before
 */
export function convolve(re: usize, im: usize, byRe: usize, byIm: usize, weight: usize, count: i32): f64 {
  let sum: f64 = 0;
  for (let from = 0; from < count << 2; from += 1024) {
    let part = f32x4.splat(0);
    for (let at = from; at < from + 1024; at += 16) {
      const r = v128.load(re + at);
      const i = v128.load(im + at);
      const br = v128.load(byRe + at);
      const bi = v128.load(byIm + at);
      part = f32x4.add(part, f32x4.mul(v128.load(weight + at), f32x4.add(f32x4.mul(r, r), f32x4.mul(i, i))));
      v128.store(re + at, f32x4.sub(f32x4.mul(r, br), f32x4.mul(i, bi)));
      v128.store(im + at, f32x4.add(f32x4.mul(r, bi), f32x4.mul(i, br)));
    }
    sum += total(part);
  }
  return sum;
}

/**
 * One epoch of the expected gradient in two dimensions, item after item: `moveItem` of full.ts in float64, the same bits.
 * @param positions (count × 2, f32) moved in place
 * @param start, target, weight the graph; degree (count, f64)
 * @param pull, push the tables of gradients (`size`, f32)
 */
export function full2(
  positions: usize,
  count: i32,
  start: usize,
  target: usize,
  weight: usize,
  degree: usize,
  pull: usize,
  push: usize,
  base: i32,
  size: i32,
  strongest: f64,
  alpha: f64,
): void {
  const most = f64x2.splat(4);
  const least = f64x2.splat(-4);
  const end = positions + ((<usize>count) << 3);
  for (let i: usize = 0; i < <usize>count; i++) {
    const own = positions + (i << 3);
    const self = f64x2.promote_low_f32x4(v128.load64_zero(own));
    let move = f64x2.splat(0);
    for (let other = positions; other < end; other += 8) {
      const d = f64x2.sub(self, f64x2.promote_low_f32x4(v128.load64_zero(other)));
      const place = placeOf(squared(d), base);
      if (place < 0) {
        move = f64x2.add(move, own < other ? most : own > other ? least : f64x2.splat(0));
        continue;
      }
      move = f64x2.add(move, gradient(push, place, size, d));
    }
    move = f64x2.mul(move, f64x2.splat((5 * load<f64>(degree + (i << 3))) / <f64>count));
    const to = load<i32>(start + (i << 2) + 4);
    for (let at = load<i32>(start + (i << 2)); at < to; at++) {
      const other = positions + ((<usize>load<i32>(target + ((<usize>at) << 2))) << 3);
      const d = f64x2.sub(self, f64x2.promote_low_f32x4(v128.load64_zero(other)));
      const place = placeOf(squared(d), base);
      if (place < 0) continue;
      const both = f64x2.splat((2 * <f64>load<f32>(weight + ((<usize>at) << 2))) / strongest);
      move = f64x2.add(move, f64x2.mul(both, gradient(pull, place, size, d)));
    }
    const moved = f64x2.add(self, f64x2.mul(f64x2.splat(alpha), move));
    v128.store64_lane(own, f32x4.demote_f64x2_zero(moved), 0);
  }
}

/** The squared length (f32) of a difference. */
function squared(d: v128): f32 {
  const dd = f64x2.mul(d, d);
  return <f32>(f64x2.extract_lane(dd, 0) + f64x2.extract_lane(dd, 1));
}

/** A difference times the gradient that stands in a table, no component above 4. */
function gradient(table: usize, place: i32, size: i32, d: v128): v128 {
  const factor = f64x2.splat(<f64>load<f32>(table + ((<usize>min(place, size - 1)) << 2)));
  return f64x2.max(f64x2.splat(-4), f64x2.min(f64x2.splat(4), f64x2.mul(factor, d)));
}
