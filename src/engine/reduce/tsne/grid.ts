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
  /** Nodes on each axis. */
  readonly n: number;
  /** Makes it a grid of n × n nodes without kernels. @param n of `gridSizes` */
  resize(n: number): void;
  /**
   * @param force what nodes do to nodes, as a complex number
   * @param sum a symmetric kernel, real, that is summed over all pairs
   * @param correction (n) by which the spectra of both are multiplied along each axis, by frequency
   */
  setKernels(force: FillKernel, sum: FillKernel, correction: Float64Array): void;
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
