import { TAPS, type FillKernel, type Grid, type Place } from "../../src/engine/reduce/tsne/grid";

interface Complex {
  re: Float32Array;
  im: Float32Array;
}

/** A grid of t-SNE in TypeScript alone: the reference of simd/fourier.ts. */
export class PlainGrid implements Grid {
  n = 0;
  private re = new Float32Array(0);
  private im = new Float32Array(0);
  private factor: Complex = { re: new Float32Array(0), im: new Float32Array(0) };
  private weight: Float32Array = new Float32Array(0);

  constructor(
    readonly most: number,
    private readonly count: number,
  ) {}

  setKernels(n: number, force: FillKernel, sum: FillKernel, correction: Float64Array): void {
    this.n = n;
    [this.re, this.im] = [new Float32Array(n * n), new Float32Array(n * n)];
    this.weight = this.spectrum(sum, correction).re;
    this.factor = this.spectrum(force, correction);
  }

  repel(positions: Float64Array, place: Place, _used: number, out: Float64Array): number {
    const { n, count, re, im, factor, weight } = this;
    re.fill(0);
    im.fill(0);
    eachPoint(positions, count, place, (_, column, row, across, down) => {
      for (let r = 0; r < TAPS; r++) {
        for (let c = 0; c < TAPS; c++) re[(row + r) * n + column + c]! += down[r]! * across[c]!;
      }
    });
    transform2(re, im, n, 1);
    let sum = 0;
    for (let at = 0; at < n * n; at++) {
      const [a, b, c, d] = [re[at]!, im[at]!, factor.re[at]!, factor.im[at]!];
      sum += weight[at]! * (a * a + b * b);
      re[at] = a * c - b * d;
      im[at] = a * d + b * c;
    }
    transform2(re, im, n, -1);
    eachPoint(positions, count, place, (i, column, row, across, down) => {
      let [x, y] = [0, 0];
      for (let r = 0; r < TAPS; r++) {
        for (let c = 0; c < TAPS; c++) {
          const at = (row + r) * n + column + c;
          x += down[r]! * across[c]! * re[at]!;
          y += down[r]! * across[c]! * im[at]!;
        }
      }
      out[2 * i] = x / (n * n);
      out[2 * i + 1] = y / (n * n);
    });
    return sum / (n * n);
  }

  private spectrum(fill: FillKernel, correction: Float64Array): Complex {
    const { n } = this;
    const [re, im] = [new Float32Array(n * n), new Float32Array(n * n)];
    fill(re, im);
    transform2(re, im, n, 1);
    for (let i = 0, at = 0; i < n; i++) {
      for (let j = 0; j < n; j++, at++) {
        re[at]! *= correction[i]! * correction[j]!;
        im[at]! *= correction[i]! * correction[j]!;
      }
    }
    return { re, im };
  }
}

/** Calls `visit` with each point's first node and its weights on the four nodes of each axis. */
function eachPoint(
  positions: Float64Array,
  count: number,
  { x, y, scale }: Place,
  visit: (i: number, column: number, row: number, across: Float64Array, down: Float64Array) => void,
): void {
  const [across, down] = [new Float64Array(TAPS), new Float64Array(TAPS)];
  for (let i = 0; i < count; i++) {
    const px = (positions[2 * i]! - x) * scale;
    const py = (positions[2 * i + 1]! - y) * scale;
    const [column, row] = [Math.floor(px), Math.floor(py)];
    splines(px - column, across);
    splines(py - row, down);
    visit(i, column, row, across, down);
  }
}

/** The four cubic B-splines over a point at `u` (0 to 1) of its cell. */
function splines(u: number, out: Float64Array): void {
  const v = 1 - u;
  out[0] = (v * v * v) / 6;
  out[1] = 2 / 3 - u * u * (1 - u / 2);
  out[2] = 2 / 3 - v * v * (1 - v / 2);
  out[3] = (u * u * u) / 6;
}

/** The Fourier transform of n × n numbers, rows and columns: forward (1), or back without the factor 1/n² (−1). */
function transform2(re: Float32Array, im: Float32Array, n: number, way: 1 | -1): void {
  const turns = Float64Array.from({ length: n }, (_, i) => (2 * Math.PI * i) / n);
  const [cos, sin] = [turns.map(Math.cos), turns.map((angle) => -way * Math.sin(angle))];
  const [lineRe, lineIm] = [new Float64Array(n), new Float64Array(n)];
  const [outRe, outIm] = [new Float64Array(n), new Float64Array(n)];
  const along = (from: number, step: number): void => {
    for (let i = 0; i < n; i++) {
      lineRe[i] = re[from + i * step]!;
      lineIm[i] = im[from + i * step]!;
    }
    transform(lineRe, lineIm, 0, 1, outRe, outIm, 0, n, cos, sin);
    for (let i = 0; i < n; i++) {
      re[from + i * step] = outRe[i]!;
      im[from + i * step] = outIm[i]!;
    }
  };
  for (let i = 0; i < n; i++) along(i, n);
  for (let i = 0; i < n; i++) along(i * n, 1);
}

/** Cooley & Tukey 1965: the transforms of every second (or third) number, put together. */
function transform(
  re: Float64Array,
  im: Float64Array,
  from: number,
  step: number,
  outRe: Float64Array,
  outIm: Float64Array,
  to: number,
  n: number,
  cos: Float64Array,
  sin: Float64Array,
): void {
  if (n === 1) {
    outRe[to] = re[from]!;
    outIm[to] = im[from]!;
    return;
  }
  const radix = n % 2 === 0 ? 2 : 3;
  const part = n / radix;
  for (let r = 0; r < radix; r++) {
    transform(re, im, from + r * step, step * radix, outRe, outIm, to + r * part, part, cos, sin);
  }
  const [partRe, partIm] = [new Float64Array(radix), new Float64Array(radix)];
  const turn = cos.length / n;
  for (let k = 0; k < part; k++) {
    for (let r = 0; r < radix; r++) {
      partRe[r] = outRe[to + r * part + k]!;
      partIm[r] = outIm[to + r * part + k]!;
    }
    for (let q = 0; q < radix; q++) {
      let [x, y] = [0, 0];
      for (let r = 0; r < radix; r++) {
        const at = (r * (k + q * part) * turn) % cos.length;
        x += partRe[r]! * cos[at]! - partIm[r]! * sin[at]!;
        y += partRe[r]! * sin[at]! + partIm[r]! * cos[at]!;
      }
      outRe[to + q * part + k] = x;
      outIm[to + q * part + k] = y;
    }
  }
}
