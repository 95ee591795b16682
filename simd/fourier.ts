// Convolutions on a grid, for t-SNE of many items: transforms.ts says in TypeScript what they compute.
import { total } from "./lanes";

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
