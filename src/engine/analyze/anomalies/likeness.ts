import { dotAt, squaredDistanceAt, squaredNorms } from "../../linear/vectors";
import { createRandom } from "../../random";
import type { Matrix, StageContext } from "../../types";
import { gatherRows } from "../gather";
import { prepareFor } from "../normalize";
import { eachRowProducts } from "../row-products";

/** What a squared distance made of float32 products may be off by, as a share of the squared lengths. */
const NOISE = 4e-6;
/** Pairs of items by which the usual distance is told. */
const PAIRS = 20_000;
/**
 * Vectors of length 1 this near (squared) are the same: the same text, embedded in another batch. Vectors as they are given are the
 * same to a rounding of their values.
 */
const SAME_DIRECTION = 1e-12;
const SAME_VALUES = 1.2e-7 ** 2;

/** Rows of bits: which of some columns are similar to some rows. */
export class BitRows {
  private readonly words: Uint32Array;
  private readonly stride: number;

  constructor(rows: number, columns: number) {
    this.stride = Math.ceil(columns / 32);
    this.words = new Uint32Array(rows * this.stride);
  }

  set(row: number, column: number): void {
    this.words[row * this.stride + (column >> 5)]! |= 1 << (column & 31);
  }

  /** How many columns a row has. */
  count(row: number): number {
    let count = 0;
    for (let at = 0; at < this.stride; at++) {
      for (let word = this.words[row * this.stride + at]!; word !== 0; word &= word - 1) count++;
    }
    return count;
  }

  /** The columns of a row, ascending. */
  of(row: number): number[] {
    const found: number[] = [];
    for (let at = 0; at < this.stride; at++) {
      for (let word = this.words[row * this.stride + at]!; word !== 0; word &= word - 1) {
        found.push(32 * at + 31 - Math.clz32(word & -word));
      }
    }
    return found;
  }
}

/** How similar items are: cosine, or for euclidean 1 − d² over the usual d² of two items. */
export interface Likeness {
  /** Values of a vector. */
  cols: number;
  /** The similarity at a distance of the graph of nearest neighbours. */
  at(distance: number): number;
  /** The similarity of two items. */
  between(a: number, b: number): number;
  /** Whether two items have the same vector but for rounding; for cosine the same direction. */
  same(a: number, b: number): boolean;
  /** Which of the items `columns` are as similar as `least` to each of `rows`. */
  similar(rows: Int32Array, columns: Int32Array, least: number, ctx: StageContext): Promise<BitRows>;
}

/** Of vectors without bad rows. */
export function likenessOf(matrix: Matrix, metric: "cosine" | "euclidean"): Likeness {
  const prepared = prepareFor(matrix, metric);
  const { cols, data } = prepared;
  const usual = metric === "cosine" ? 2 : usualSquare(prepared);
  const ofSquare = (square: number): number => (usual > 0 ? 1 - square / usual : 1);
  const square = (a: number, b: number): number => squaredDistanceAt(data, a * cols, data, b * cols, cols);
  const given = metric === "euclidean" ? squaredNorms(matrix.data, matrix.rows, matrix.cols) : null;
  return {
    cols,
    at: (distance) => (metric === "cosine" ? 1 - distance : ofSquare(distance * distance)),
    between: (a, b) => ofSquare(square(a, b)),
    same: (a, b) => square(a, b) <= (given ? SAME_VALUES * Math.max(given[a]!, given[b]!) : SAME_DIRECTION),
    async similar(rows, columns, least, ctx) {
      const found = new BitRows(rows.length, columns.length);
      const against = gatherRows(prepared, columns);
      const norms = squaredNorms(against.data, columns.length, cols);
      const farthest = usual > 0 ? usual * (1 - least) : 0;
      const visit = (row: number, dots: Float32Array, at: number): void => {
        const own = dotAt(data, row * cols, data, row * cols, cols);
        for (let j = 0; j < columns.length; j++) {
          const lengths = own + norms[j]!;
          const beyond = lengths - 2 * dots[j]! - farthest;
          // What float32 cannot tell is measured.
          if (beyond > NOISE * lengths || row === columns[j]) continue;
          if (beyond < -NOISE * lengths || square(row, columns[j]!) <= farthest) found.set(at, j);
        }
      };
      await eachRowProducts(prepared, rows, against, visit, (done) => {
        ctx.signal.throwIfAborted();
        ctx.report(done, rows.length);
      });
      return found;
    },
  };
}

/**
 * The median squared distance of two items, which one far item does not change; the mean where most pairs are equal.
 */
function usualSquare({ rows, cols, data }: Matrix): number {
  const square = (a: number, b: number): number => squaredDistanceAt(data, a * cols, data, b * cols, cols);
  const squares: number[] = [];
  if ((rows * (rows - 1)) / 2 <= PAIRS) {
    for (let a = 0; a < rows; a++) for (let b = 0; b < a; b++) squares.push(square(a, b));
  } else {
    const random = createRandom(0, 0x1d);
    while (squares.length < PAIRS) {
      const [a, b] = [random.below(rows), random.below(rows)];
      if (a !== b) squares.push(square(a, b));
    }
  }
  squares.sort((a, b) => a - b);
  const middle = squares[squares.length >> 1] ?? 0;
  return middle > 0 ? middle : squares.reduce((sum, one) => sum + one, 0) / Math.max(1, squares.length);
}
