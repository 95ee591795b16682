import { layoutMemory } from "../../simd/simd";

/**
 * What convolutions on a grid of n × n complex numbers (re and im apart, row-major) need. Forward transforms leave the
 * numbers transposed and in bit-reversed order, back transforms expect them so: products between the two don't care.
 */
export interface Grid {
  n: number;
  re: Float32Array;
  im: Float32Array;
  /** A further n × n complex numbers and n × n real ones: what the grid is multiplied by. */
  byRe: Float32Array;
  byIm: Float32Array;
  weight: Float32Array;
  /** @param columns that hold anything: a multiple of 16 */
  forward(columns: number): void;
  /** n² times the inverse, of which only `columns` columns are right: a multiple of 16. */
  back(columns: number): void;
  /** re, im times byRe, byIm; returns the sum of weight · |number|² before. */
  convolve(): number;
}

/** @param n a power of two, at least 16 */
export function createGrid(n: number): Grid {
  return simdGrid(n) ?? plainGrid(n);
}

function simdGrid(n: number): Grid | null {
  const room = layoutMemory(20 * n * n + 4 * n + 256);
  if (!room) return null;
  const { module, memory } = room;
  const kernels = memory.kernels(module);
  const [re, im, byRe, byIm, weight] = Array.from({ length: 5 }, () => memory.float32(n * n)) as Five;
  const turn = memory.float32(n);
  fillTurn(turn, n);
  const [r, i, t] = [re.byteOffset, im.byteOffset, turn.byteOffset];
  const turnAround = (): void => {
    kernels.transpose(r, n);
    kernels.transpose(i, n);
  };
  return {
    n,
    re,
    im,
    byRe,
    byIm,
    weight,
    forward: (columns) => {
      kernels.fft(r, i, n, columns, t, 0);
      turnAround();
      kernels.fft(r, i, n, n, t, 0);
    },
    back: (columns) => {
      kernels.fft(r, i, n, n, t, 1);
      turnAround();
      kernels.fft(r, i, n, columns, t, 1);
    },
    convolve: () => kernels.convolve(r, i, byRe.byteOffset, byIm.byteOffset, weight.byteOffset, n * n),
  };
}

type Five = [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];

/** cos and −sin of 2π·i/n. */
function fillTurn(turn: Float32Array, n: number): void {
  for (let i = 0; i < n / 2; i++) {
    turn[i] = Math.cos((2 * Math.PI * i) / n);
    turn[n / 2 + i] = -Math.sin((2 * Math.PI * i) / n);
  }
}

/** The same in TypeScript alone: the reference of the kernels. */
export function plainGrid(n: number): Grid {
  const [re, im, byRe, byIm, weight] = Array.from({ length: 5 }, () => new Float32Array(n * n)) as Five;
  const turn = new Float32Array(n);
  fillTurn(turn, n);
  const turnAround = (): void => {
    transpose(re, n);
    transpose(im, n);
  };
  return {
    n,
    re,
    im,
    byRe,
    byIm,
    weight,
    forward: (columns) => {
      for (let half = n >> 1; half > 0; half >>= 1) stage(re, im, n, columns, half, turn, 1);
      turnAround();
      for (let half = n >> 1; half > 0; half >>= 1) stage(re, im, n, n, half, turn, 1);
    },
    back: (columns) => {
      for (let half = 1; half < n; half <<= 1) stage(re, im, n, n, half, turn, -1);
      turnAround();
      for (let half = 1; half < n; half <<= 1) stage(re, im, n, columns, half, turn, -1);
    },
    convolve: () => {
      let sum = 0;
      for (let at = 0; at < n * n; at++) {
        const [r, i, br, bi] = [re[at]!, im[at]!, byRe[at]!, byIm[at]!];
        sum += weight[at]! * (r * r + i * i);
        re[at] = r * br - i * bi;
        im[at] = r * bi + i * br;
      }
      return sum;
    },
  };
}

/** One stage of butterflies along all columns: by decimation in frequency (1), or back by decimation in time (−1). */
function stage(
  re: Float32Array,
  im: Float32Array,
  n: number,
  columns: number,
  half: number,
  turn: Float32Array,
  way: 1 | -1,
): void {
  const step = n / (2 * half);
  for (let j = 0; j < half; j++) {
    const wr = turn[j * step]!;
    const wi = way * turn[n / 2 + j * step]!;
    for (let s = j; s < n; s += 2 * half) {
      for (let a = s * n, b = a + half * n, end = a + columns; a < end; a++, b++) {
        if (way === 1) {
          const dr = re[a]! - re[b]!;
          const di = im[a]! - im[b]!;
          re[a]! += re[b]!;
          im[a]! += im[b]!;
          re[b] = dr * wr - di * wi;
          im[b] = dr * wi + di * wr;
        } else {
          const br = re[b]! * wr - im[b]! * wi;
          const bi = re[b]! * wi + im[b]! * wr;
          re[b] = re[a]! - br;
          im[b] = im[a]! - bi;
          re[a]! += br;
          im[a]! += bi;
        }
      }
    }
  }
}

function transpose(matrix: Float32Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const value = matrix[i * n + j]!;
      matrix[i * n + j] = matrix[j * n + i]!;
      matrix[j * n + i] = value;
    }
  }
}
