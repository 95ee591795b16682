import { createProducts } from "../linear/product";
import { Centred } from "../linear/centred";
import { squaresOfFew } from "../linear/few-squares";
import { leadingEigen, times, type Eigen, type Operator } from "../linear/subspace";
import { createRandom } from "../random";
import type { Matrix, StageContext } from "../types";

/** The principal components of a matrix. */
export interface Principal {
  /** One array (rows) per component: the projection of every row. */
  scores: Float64Array[];
  /** Share of the total variance that each component explains, in 0..1. */
  explained: number[];
}

/** Up to this size of the smaller side the scatter (or Gram) matrix is formed once and iterated on. */
const FORMED = { axes: 768, start: 100 };
/** Rows of more values than rows up to which the Gram matrix is made of their distances. */
const FEW = 50;
/** Most iterations on a formed matrix, and on the data. */
const STEPS = { axes: [300, 40], start: [8, 6] } as const;

/**
 * Principal component analysis: the leading eigenvectors of the scatter matrix by randomised subspace iteration. The sign
 * of a component is such that its score of largest size is positive, as in scikit-learn's `svd_flip`; components beyond
 * the rank are zero.
 * @param count components wanted
 * @param use "axes" converges to 1e-9 of the largest variance, "start" only as far as a start of a layout needs
 */
export async function principalComponents(
  matrix: Matrix,
  count: number,
  use: "axes" | "start",
  seed: number,
  ctx: StageContext,
): Promise<Principal> {
  const { rows, cols } = matrix;
  const iterate = (operator: Operator, isFormed: boolean): Promise<Eigen> =>
    leadingEigen(operator, count, createRandom(seed, 0x9ca), {
      tolerance: use === "axes" ? 1e-9 : 1e-5,
      steps: STEPS[use][isFormed ? 0 : 1],
      // As wide as a small matrix, the subspace has all of it at once.
      ...(use === "axes" && operator.size <= FEW && { oversampling: FEW }),
      onStep: (step) => {
        ctx.signal.throwIfAborted();
        ctx.report(step, 0);
      },
    });
  const few = rows < cols && rows <= FEW ? squaresOfFew(matrix) : null;
  if (few) {
    const { gram, total } = gramOfFew(few, rows);
    const found = await iterate(formedOf(gram, rows), true);
    return finish(scoresOf(found), found.values, rows, count, total);
  }
  const small = Math.min(rows, cols);
  const formed = small <= FORMED[use];
  const work = formed ? rows * cols * small : rows * cols * STEPS[use][1] * 20;
  const centred = new Centred(matrix, await createProducts(work));
  const found = await iterate(await operatorOf(centred, formed), formed);
  const scores = formed && rows < cols ? scoresOf(found) : await centred.project(found.columns);
  return finish(scores, found.values, rows, count, centred.total);
}

/** The projections of rows from the eigenvectors of their Gram matrix. */
const scoresOf = ({ columns, values }: Eigen): Float64Array[] =>
  columns.map((column, i) => column.map((value) => value * Math.sqrt(Math.max(0, values[i]!))));

/**
 * The Gram matrix of a few rows around their mean, and its trace: −½ of the squared distances of all pairs, less the means of rows and
 * columns (Torgerson 1952).
 */
function gramOfFew(squares: Float64Array, rows: number): { gram: Float64Array; total: number } {
  const means = new Float64Array(rows);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < rows; j++) means[i]! += squares[at++]! / rows;
  const mean = means.reduce((sum, value) => sum + value, 0) / rows;
  const gram = new Float64Array(rows * rows);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++, at++) gram[at] = (means[i]! + means[j]! - mean - squares[at]!) / 2;
  }
  let total = 0;
  for (let i = 0; i < rows; i++) total += gram[i * rows + i]!;
  return { gram, total };
}

const formedOf = (matrix: Float64Array, size: number): Operator => ({
  size,
  apply: (columns) => Promise.resolve(columns.map((column) => times(matrix, column, size))),
});

async function operatorOf(centred: Centred, formed: boolean): Promise<Operator> {
  if (!formed) {
    return { size: centred.cols, apply: async (columns) => centred.back(await centred.project(columns)) };
  }
  const matrix = centred.rows < centred.cols ? await centred.gram() : await centred.scatter();
  return formedOf(matrix, Math.min(centred.rows, centred.cols));
}

function finish(scores: Float64Array[], values: Float64Array, rows: number, count: number, total: number): Principal {
  const kept = Array.from({ length: count }, (_, i) => scores[i] ?? new Float64Array(rows));
  const explained = kept.map((_, i) => (total > 0 ? Math.min(1, Math.max(0, (values[i] ?? 0) / total)) : 0));
  kept.forEach((column, i) => {
    if (!(explained[i]! > 1e-10)) column.fill(0);
    let top = 0;
    for (const value of column) if (Math.abs(value) > Math.abs(top)) top = value;
    if (top < 0) for (let r = 0; r < rows; r++) column[r] = -column[r]!;
  });
  return { scores: kept, explained };
}
