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
 * Transposes a matrix (f32).
 * @param from (height × width)
 * @param to receives (width × height)
 */
export function transposed(from: usize, height: i32, width: i32, to: usize): void {
  const row = width << 2;
  const column = height << 2;
  const fullHeight = height & ~3;
  const fullWidth = width & ~3;
  for (let i = 0; i < fullHeight; i += 4) {
    const a = from + i * row;
    const b = to + (i << 2);
    for (let j = 0; j < fullWidth; j += 4) {
      const at = a + (j << 2);
      const r0 = v128.load(at);
      const r1 = v128.load(at + row);
      const r2 = v128.load(at + 2 * row);
      const r3 = v128.load(at + 3 * row);
      const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const t1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const t2 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      const out = b + j * column;
      v128.store(out, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5));
      v128.store(out + column, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7));
      v128.store(out + 2 * column, v128.shuffle<f32>(t2, t3, 0, 1, 4, 5));
      v128.store(out + 3 * column, v128.shuffle<f32>(t2, t3, 2, 3, 6, 7));
    }
  }
  for (let i = 0; i < height; i++) {
    for (let j = i < fullHeight ? fullWidth : 0; j < width; j++) {
      store<f32>(to + j * column + (i << 2), load<f32>(from + i * row + (j << 2)));
    }
  }
}
