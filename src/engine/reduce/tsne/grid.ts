import { layoutMemory, type Kernels, type SimdMemory } from "../../simd/simd";

/** Nodes on each axis that one point is spread over: cubic B-splines. */
export const TAPS = 4;

/** Where the first node is, and how many nodes a unit of positions has. */
export interface Place {
  x: number;
  y: number;
  scale: number;
}

/** Writes a kernel at all differences of nodes: row-major, of a negative difference d at n + d. */
export type FillKernel = (re: Float32Array, im: Float32Array) => void;

/** A square grid of nodes that act on each other by a convolution, and on points by cubic B-splines. */
export interface Grid {
  /** Nodes on each axis, and how many it has room for. */
  readonly n: number;
  readonly most: number;
  /**
   * Makes it a grid of n × n nodes with these kernels.
   * @param n of `gridSizes`, at most `most`
   * @param force what nodes do to nodes, as a complex number
   * @param sum a symmetric kernel, real, that is summed over all pairs
   * @param correction (n) by which the spectra of both are multiplied along each axis, by frequency
   */
  setKernels(n: number, force: FillKernel, sum: FillKernel, correction: Float64Array): void;
  /**
   * Spreads points over the nodes, each with a charge of 1, convolves, and takes the force on each point from its nodes.
   * @param positions (count × 2) within the first `used` nodes of each axis, `TAPS` − 1 of which are behind a point
   * @param used a multiple of 16
   * @param out (count × 2)
   * @returns the sum of the symmetric kernel over all pairs, each point with itself too
   */
  repel(positions: Float64Array, place: Place, used: number, out: Float64Array): number;
}

/** Sizes that a grid may have, at most `most`: multiples of 16 without factors but 2 and 3. */
export function gridSizes(most: number): number[] {
  const isSmooth = (n: number): boolean => (n % 2 === 0 ? isSmooth(n / 2) : n % 3 === 0 ? isSmooth(n / 3) : n === 1);
  return Array.from({ length: Math.floor(most / 16) }, (_, i) => 16 * (i + 1)).filter(isSmooth);
}

/**
 * A grid whose loops are simd/fourier.ts; null where their kernels cannot run: a tree is cheaper then.
 * @param most nodes on each axis
 * @param count of points
 */
export function createGrid(most: number, count: number): Grid | null {
  const room = layoutMemory(20 * most * most + 136 * most + 32 * count + 256);
  return room && new SimdGrid(room.memory, room.memory.kernels(room.module), most, count);
}

/** The order in which transforms leave frequencies: thirds, then quarters, then halves, each by its remainder. */
function frequencies(n: number): Int32Array {
  if (n === 1) return Int32Array.of(0);
  const radix = n % 3 === 0 ? 3 : n % 4 === 0 ? 4 : 2;
  const inner = frequencies(n / radix);
  return Int32Array.from({ length: n }, (_, at) => {
    const remainder = Math.floor((at * radix) / n);
    return remainder + radix * inner[at % inner.length]!;
  });
}

/** Rows whose transforms go together: those of simd/fourier.ts. */
const PANEL = 16;

class SimdGrid implements Grid {
  n = 0;
  private order: Int32Array = new Int32Array(0);
  private readonly re: Float32Array;
  private readonly im: Float32Array;
  /** Spectrum of the force: panels of 16 rows, for each column 16 real and 16 imaginary parts; and that of the sum, real parts alone. */
  private readonly factor: Float32Array;
  private readonly weight: Float32Array;
  private readonly panel: Float32Array;
  private readonly turn: Float32Array;
  private readonly positions: Float64Array;
  private readonly out: Float64Array;

  constructor(
    memory: SimdMemory,
    private readonly kernels: Kernels,
    readonly most: number,
    private readonly count: number,
  ) {
    const area = most * most;
    this.re = memory.float32(area);
    this.im = memory.float32(area);
    this.factor = memory.float32(2 * area);
    this.weight = memory.float32(area);
    this.panel = memory.float32(2 * PANEL * most);
    this.turn = memory.float32(2 * most);
    this.positions = memory.float64(2 * count);
    this.out = memory.float64(2 * count);
  }

  setKernels(n: number, force: FillKernel, sum: FillKernel, correction: Float64Array): void {
    if (n !== this.n) this.resize(n);
    const { factor, weight } = this;
    this.transform(sum);
    this.eachFrequency(correction, (at, weightAt, by) => (weight[weightAt] = factor[at]! * by));
    this.transform(force);
    this.eachFrequency(correction, (at, _, by) => {
      factor[at]! *= by;
      factor[at + PANEL]! *= by;
    });
  }

  repel(positions: Float64Array, { x, y, scale }: Place, used: number, out: Float64Array): number {
    const { n, count, re, im, kernels } = this;
    this.positions.set(positions);
    const points = this.positions.byteOffset;
    re.fill(0, 0, n * used);
    im.fill(0, 0, n * used);
    kernels.spread(points, count, x, y, scale, re.byteOffset, n);
    const [r, i, panel, turn] = [re, im, this.panel, this.turn].map(({ byteOffset }) => byteOffset) as Four;
    const sum = kernels.convolve(r, i, n, used, this.factor.byteOffset, this.weight.byteOffset, panel, turn);
    kernels.take(points, count, x, y, scale, r, i, n, 1 / (n * n), this.out.byteOffset);
    out.set(this.out);
    return sum / (n * n);
  }

  private resize(n: number): void {
    this.n = n;
    this.order = frequencies(n);
    for (let i = 0; i < n; i++) {
      this.turn[i] = Math.cos((2 * Math.PI * i) / n);
      this.turn[n + i] = -Math.sin((2 * Math.PI * i) / n);
    }
  }

  /** The spectrum of a kernel in `factor`. */
  private transform(fill: FillKernel): void {
    const { n, re, im } = this;
    fill(re.subarray(0, n * n), im.subarray(0, n * n));
    this.kernels.spectrum(
      re.byteOffset,
      im.byteOffset,
      n,
      this.factor.byteOffset,
      this.panel.byteOffset,
      this.turn.byteOffset,
    );
  }

  private eachFrequency(correction: Float64Array, apply: (at: number, weightAt: number, by: number) => void): void {
    const { n, order } = this;
    for (let row = 0; row < n; row += PANEL) {
      for (let column = 0; column < n; column++) {
        const across = correction[order[column]!]!;
        const from = (row * n + column * PANEL) | 0;
        for (let lane = 0; lane < PANEL; lane++) {
          apply(2 * from + lane, from + lane, across * correction[order[row + lane]!]!);
        }
      }
    }
  }
}

type Four = [number, number, number, number];
