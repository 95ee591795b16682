import type { Random } from "../random";
import { orthonormalize, symmetricEigen } from "./eigen";

/** A symmetric positive semi-definite operator on columns of length `size`. */
export interface Operator {
  size: number;
  apply(columns: Float64Array[]): Promise<Float64Array[]>;
}

/** The leading eigenvalues in descending order, and their orthonormal eigenvectors. */
export interface Eigen {
  values: Float64Array;
  columns: Float64Array[];
}

/** Directions kept beyond those asked for: the subspace converges with the gap to the first one left out. */
const OVERSAMPLING = 8;

/**
 * The leading eigenvectors by randomised subspace iteration with a Rayleigh–Ritz step (Halko, Martinsson & Tropp 2011),
 * until the wanted eigenvalues stand still.
 * @param tolerance change of an eigenvalue, as a share of the largest, that counts as none
 * @param steps most iterations
 * @param oversampling directions kept beyond those asked for: with all that there are the first step is exact
 */
export async function leadingEigen(
  operator: Operator,
  count: number,
  random: Random,
  {
    tolerance,
    steps,
    oversampling = OVERSAMPLING,
    onStep,
  }: { tolerance: number; steps: number; oversampling?: number; onStep: (step: number) => void },
): Promise<Eigen> {
  const { size } = operator;
  const width = Math.min(count + oversampling, size);
  const wanted = Math.min(count, width);
  let basis = randomColumns(width, size, random);
  orthonormalize(basis);
  let last: Float64Array = new Float64Array(width);
  for (let step = 0; ; step++) {
    onStep(step);
    const image = await operator.apply(basis);
    const { values, vectors } = symmetricEigen(products(basis, image), width);
    const still = values.subarray(0, wanted).every((value, i) => Math.abs(value - last[i]!) <= tolerance * values[0]!);
    if (still || step >= steps) {
      return { values: values.slice(0, wanted), columns: combine(basis, vectors, width).slice(0, wanted) };
    }
    last = values;
    basis = combine(image, vectors, width);
    orthonormalize(basis);
  }
}

/** @returns `count` columns of length `size` */
const randomColumns = (count: number, size: number, random: Random): Float64Array[] =>
  Array.from({ length: count }, () => Float64Array.from({ length: size }, () => random.normal()));

/** A symmetric matrix (size × size) times a column. */
export function times(matrix: Float64Array, column: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size);
  for (let i = 0, at = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += matrix[at++]! * column[j]!;
    out[i] = sum;
  }
  return out;
}

/** The (n × n) products of columns, made symmetric. */
export function products(left: Float64Array[], right: Float64Array[]): Float64Array {
  const n = left.length;
  const out = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      let sum = 0;
      const l = left[a]!;
      const r = right[b]!;
      for (let i = 0; i < l.length; i++) sum += l[i]! * r[i]!;
      out[a * n + b]! += sum / 2;
      out[b * n + a]! += sum / 2;
    }
  }
  return out;
}

/** New columns Σ_j vectors[w][j] · columns[j]. */
export function combine(columns: Float64Array[], vectors: Float64Array, width: number): Float64Array[] {
  return columns.map((column, w) => {
    const out = new Float64Array(column.length);
    for (let j = 0; j < width; j++) {
      const weight = vectors[w * width + j]!;
      const source = columns[j]!;
      for (let i = 0; i < out.length; i++) out[i]! += weight * source[i]!;
    }
    return out;
  });
}
