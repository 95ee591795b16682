import { scoreKernels, type ScoreKernels } from "../simd/simd";
import type { Matrix } from "../types";
import { squaredDistanceAt } from "./vectors";

/** Values that are copied for the vector instructions at most: 512 MB. */
const MOST_VALUES = 1 << 27;

/** Squared euclidean distances of one row of a matrix to others: the same bits by vector instructions and by TypeScript. */
export class RowDistances {
  /** Rows to measure to, filled by the caller from its start. */
  readonly others: Int32Array;
  /** What `measure` found, in the order of `others`. */
  readonly squared: Float64Array;
  private readonly data: Float32Array;
  /** Null where the TypeScript path runs. */
  private readonly kernels: ScoreKernels | null;

  /**
   * @param most rows that are measured at once
   * @param simd false for the TypeScript path
   */
  constructor(
    private readonly matrix: Matrix,
    most: number,
    simd = matrix.data.length <= MOST_VALUES,
  ) {
    const { length } = matrix.data;
    const room = simd ? scoreKernels(4 * length + 12 * most + 64) : null;
    this.kernels = room?.kernels ?? null;
    this.data = room?.memory.float32(length) ?? matrix.data;
    if (room) this.data.set(matrix.data);
    this.others = room?.memory.int32(most) ?? new Int32Array(most);
    this.squared = room?.memory.float64(most) ?? new Float64Array(most);
  }

  /** Measures from `row` to the first `count` of `others`. */
  measure(row: number, count: number): void {
    const { kernels, data, others, squared } = this;
    const { cols } = this.matrix;
    if (kernels) {
      kernels.distances(data.byteOffset, cols, row, others.byteOffset, count, squared.byteOffset);
      return;
    }
    for (let at = 0; at < count; at++)
      squared[at] = squaredDistanceAt(data, row * cols, data, others[at]! * cols, cols);
  }
}
