// The inner loops of UMAP: sweep.ts and full.ts say in TypeScript what they compute.

/** The place of a squared distance in the look-up tables, which have 256 steps per octave (gradient.ts). */
function placeOf(square: f32, base: i32): i32 {
  return (reinterpret<i32>(square) >> 15) - base;
}

/**
 * The look-up tables of the gradient, 256 steps of each octave (gradient.ts says what they hold).
 * @param parts, powers (f64) the steps within an octave, from 1 to 2, and their powers b
 * @param scales, scalePowers (f64) where the octaves begin, and their powers b
 * @param pull, push (f32) `octaves` × 256 values that are written
 */
export function tables(
  parts: usize,
  powers: usize,
  scales: usize,
  scalePowers: usize,
  octaves: i32,
  a: f64,
  b: f64,
  pull: usize,
  push: usize,
): void {
  let at: usize = 0;
  for (let o = 0; o < octaves; o++) {
    const scale = load<f64>(scales + (o << 3));
    const scalePower = load<f64>(scalePowers + (o << 3));
    for (let s = 0; s < 256; s++, at += 4) {
      const square = scale * load<f64>(parts + (s << 3));
      const power = scalePower * load<f64>(powers + (s << 3));
      store<f32>(pull + at, <f32>((-2 * a * b * (power / square)) / (1 + a * power)));
      store<f32>(push + at, <f32>((2 * b) / ((0.001 + square) * (1 + a * power))));
    }
  }
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
 * One epoch of the expected gradient in two dimensions, item after item: `moveItem` of full.ts in float64, the same bits.
 * @param positions (count × 2, f32) moved in place
 * @param start, target, weight the graph; degree (count, f64)
 * @param pull, push the tables of gradients (`size`, f32)
 * @param alpha the step; shorter where it leads more than `overshoot` times the way to where an item's ties would hold it
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
  overshoot: f64,
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
      move = f64x2.add(move, clipped(factorAt(push, place, size), d));
    }
    move = f64x2.mul(move, f64x2.splat((5 * load<f64>(degree + (i << 3))) / <f64>count));
    let hold: f64 = 0;
    const to = load<i32>(start + (i << 2) + 4);
    for (let at = load<i32>(start + (i << 2)); at < to; at++) {
      const other = positions + ((<usize>load<i32>(target + ((<usize>at) << 2))) << 3);
      const d = f64x2.sub(self, f64x2.promote_low_f32x4(v128.load64_zero(other)));
      const place = placeOf(squared(d), base);
      if (place < 0) continue;
      const factor = factorAt(pull, place, size);
      const both = (2 * <f64>load<f32>(weight + ((<usize>at) << 2))) / strongest;
      hold -= both * factor;
      move = f64x2.add(move, f64x2.mul(f64x2.splat(both), clipped(factor, d)));
    }
    const step = alpha * hold > overshoot ? overshoot / hold : alpha;
    const moved = f64x2.add(self, f64x2.mul(f64x2.splat(step), move));
    v128.store64_lane(own, f32x4.demote_f64x2_zero(moved), 0);
  }
}

/** The squared length (f32) of a difference. */
function squared(d: v128): f32 {
  const dd = f64x2.mul(d, d);
  return <f32>(f64x2.extract_lane(dd, 0) + f64x2.extract_lane(dd, 1));
}

/** The gradient's factor that stands in a table. */
function factorAt(table: usize, place: i32, size: i32): f64 {
  return <f64>load<f32>(table + ((<usize>min(place, size - 1)) << 2));
}

/** A difference times a factor, no component above 4. */
function clipped(factor: f64, d: v128): v128 {
  return f64x2.max(f64x2.splat(-4), f64x2.min(f64x2.splat(4), f64x2.mul(f64x2.splat(factor), d)));
}
