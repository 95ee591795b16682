import type { Random } from "../random";
import { scoreKernels } from "../simd/simd";
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
 */
export async function leadingEigen(
  operator: Operator,
  count: number,
  random: Random,
  { tolerance, steps, onStep }: { tolerance: number; steps: number; onStep: (step: number) => void },
): Promise<Eigen> {
  const { size } = operator;
  const width = Math.min(count + OVERSAMPLING, size);
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

/**
 * The leading eigenvectors of a small symmetric matrix (size × size) by a fixed number of steps, without a look at how still they stand.
 * @param width directions that are followed
 */
export function roughEigen(
  matrix: Float64Array,
  size: number,
  { width, steps }: { width: number; steps: number },
  random: Random,
): Eigen {
  const basis = turned(matrix, randomColumns(width, size, random), steps);
  const image = basis.map((column) => times(matrix, column, size));
  const { values, vectors } = symmetricEigen(products(basis, image), width);
  return { values, columns: combine(basis, vectors, width) };
}

/**
 * Columns turned towards the leading eigenvectors of a symmetric matrix: made orthonormal and multiplied by it `steps` times, then made
 * orthonormal; the same bits by WebAssembly and by TypeScript.
 * @param simd false for the TypeScript path
 */
export function turned(matrix: Float64Array, columns: Float64Array[], steps: number, simd = true): Float64Array[] {
  const [count, size] = [columns.length, columns[0]!.length];
  const room = simd ? scoreKernels(8 * (matrix.length + (count + 1) * size) + 48) : null;
  if (!room) {
    let basis: Float64Array[] = columns.map((column) => column.slice());
    for (let step = 0; step < steps; step++) {
      orthonormalize(basis);
      basis = basis.map((column) => times(matrix, column, size));
    }
    orthonormalize(basis);
    return basis;
  }
  const { kernels, memory } = room;
  const [own, basis, scratch] = [
    memory.float64(matrix.length),
    memory.float64(count * size),
    memory.float64(size),
  ] as const;
  own.set(matrix);
  columns.forEach((column, c) => basis.set(column, c * size));
  kernels.turn(own.byteOffset, size, basis.byteOffset, count, steps, scratch.byteOffset);
  return columns.map((_, c) => basis.slice(c * size, (c + 1) * size));
}

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
