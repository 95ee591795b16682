import { orthonormalize, symmetricEigen } from "../../linear/eigen";
import { combine, products } from "../../linear/subspace";
import type { Random } from "../../random";
import type { WeightedGraph } from "./fuzzy";

/** Up to this many items all eigenvectors are found at once, by code that the command line has compiled anyway. */
const FEW = 50;
/** Columns that are iterated on together: up to three that are wanted, the others speed them up. */
const WIDTH = 6;
/** Degree of the polynomial between two looks at the eigenvalues, and most looks. */
const DEGREE = 20;
const LOOKS = 10;
/**
 * A wanted pair has converged when its residual is at most this share of its distance from the trivial eigenvalue, or this
 * much: among many clusters eigenvalues crowd below 1, and any mixture of their vectors is as good a start.
 */
const TOLERANCE = 0.1;
const ENOUGH = 0.001;

/**
 * The coordinates of a connected graph by its normalised Laplacian I − D^−½ W D^−½: the eigenvectors of the smallest
 * eigenvalues but the trivial one (Belkin & Niyogi 2003), as umap-learn starts a layout. Subspace iteration filtered by
 * Chebyshev polynomials (Zhou, Saad, Tiago & Chelikowsky 2006) on D^−½ W D^−½, whose largest eigenvalue is 1; rotations for
 * a few items.
 * @param least weaker edges are left out
 * @returns `dims` orthonormal columns (count), largest value positive; null when the graph falls apart, has no more
 * items than axes or the eigenvectors don't converge
 */
export function spectralCoordinates(
  graph: WeightedGraph,
  dims: 2 | 3,
  least: number,
  random: Random,
  onLook: () => void,
): Float64Array[] | null {
  const { count } = graph;
  if (count <= dims || !isConnected(graph, least)) return null;
  const affinity = normalized(graph, least);
  if (count <= FEW) return coordinatesOfFew(affinity, dims);
  let columns: Float64Array[] = Array.from({ length: WIDTH }, () =>
    Float64Array.from({ length: count }, () => random.normal()),
  );
  let cut = 0.5;
  for (let look = 0; look < LOOKS; look++) {
    onLook();
    columns = apart(filter(affinity, together(columns), cut));
    orthonormalize([affinity.trivial.slice(), ...columns]);
    const images = apart(multiply(affinity, together(columns), new Float64Array(WIDTH * count)));
    const { values, vectors } = symmetricEigen(products(columns, images), WIDTH);
    columns = combine(columns, vectors, WIDTH);
    const turned = combine(images, vectors, WIDTH);
    const found = values.subarray(0, dims).every((value, c) => {
      return residual(columns[c]!, turned[c]!, value) <= Math.max(TOLERANCE * (1 - value), ENOUGH);
    });
    if (found) return columns.slice(0, dims).map(topUp);
    cut = Math.max(cut, values[WIDTH - 1]!);
  }
  return null;
}

function coordinatesOfFew({ count, start, target, weight, trivial }: Affinity, dims: number): Float64Array[] {
  // The trivial eigenvalue moves from 1 to −2, below all others.
  const matrix = Float64Array.from({ length: count * count }, (_, at) => {
    return -3 * trivial[Math.floor(at / count)]! * trivial[at % count]!;
  });
  for (let i = 0; i < count; i++) {
    for (let at = start[i]!; at < start[i + 1]!; at++) matrix[i * count + target[at]!]! += weight[at]!;
  }
  const { vectors } = symmetricEigen(matrix, count);
  return Array.from({ length: dims }, (_, c) => topUp(vectors.slice(c * count, (c + 1) * count)));
}

/** D^−½ W D^−½ in compressed rows, and its trivial eigenvector D^½·1 (of length 1). */
interface Affinity extends WeightedGraph {
  trivial: Float64Array;
}

function normalized({ count, start, target, weight }: WeightedGraph, least: number): Affinity {
  const degree = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    for (let at = start[i]!; at < start[i + 1]!; at++) if (weight[at]! >= least) degree[i]! += weight[at]!;
  }
  const total = degree.reduce((sum, value) => sum + value, 0);
  const scaled = new Float32Array(weight.length);
  for (let i = 0; i < count; i++) {
    for (let at = start[i]!; at < start[i + 1]!; at++) {
      if (weight[at]! >= least) scaled[at] = weight[at]! / Math.sqrt(degree[i]! * degree[target[at]!]!);
    }
  }
  return { count, start, target, weight: scaled, trivial: degree.map((value) => Math.sqrt(value / total)) };
}

function isConnected({ count, start, target, weight }: WeightedGraph, least: number): boolean {
  const seen = new Uint8Array(count);
  const stack = new Int32Array(count);
  seen[0] = 1;
  let reached = 1;
  for (let height = 1; height > 0;) {
    const i = stack[--height]!;
    for (let at = start[i]!; at < start[i + 1]!; at++) {
      const j = target[at]!;
      if (weight[at]! < least || seen[j] === 1) continue;
      seen[j] = 1;
      stack[height++] = j;
      reached++;
    }
  }
  return reached === count;
}

/** A Chebyshev polynomial of the affinities on a block: what belongs to eigenvalues above `cut` grows, the rest does not. */
function filter(affinity: Affinity, block: Float64Array, cut: number): Float64Array {
  const half = (cut + 1) / 2;
  const middle = (cut - 1) / 2;
  const first = half / (1 - middle);
  let sigma = first;
  let before = block;
  let now = multiply(affinity, block, new Float64Array(block.length));
  for (let i = 0; i < now.length; i++) now[i] = ((now[i]! - middle * block[i]!) * sigma) / half;
  let next: Float64Array = new Float64Array(block.length);
  for (let degree = 2; degree <= DEGREE; degree++) {
    const following = 1 / (2 / first - sigma);
    multiply(affinity, now, next);
    const by = (2 * following) / half;
    const back = sigma * following;
    for (let i = 0; i < next.length; i++) next[i] = by * (next[i]! - middle * now[i]!) - back * before[i]!;
    [before, now, next] = [now, next, before];
    sigma = following;
  }
  return now;
}

/** The affinities times a block of WIDTH columns, interleaved. */
function multiply({ count, start, target, weight }: Affinity, block: Float64Array, out: Float64Array): Float64Array {
  for (let i = 0; i < count; i++) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let e = 0;
    let f = 0;
    for (let at = start[i]!, end = start[i + 1]!; at < end; at++) {
      const w = weight[at]!;
      const from = target[at]! * WIDTH;
      a += w * block[from]!;
      b += w * block[from + 1]!;
      c += w * block[from + 2]!;
      d += w * block[from + 3]!;
      e += w * block[from + 4]!;
      f += w * block[from + 5]!;
    }
    const to = i * WIDTH;
    out[to] = a;
    out[to + 1] = b;
    out[to + 2] = c;
    out[to + 3] = d;
    out[to + 4] = e;
    out[to + 5] = f;
  }
  return out;
}

function together(columns: Float64Array[]): Float64Array {
  const out = new Float64Array(columns[0]!.length * WIDTH);
  columns.forEach((column, c) => column.forEach((value, i) => (out[i * WIDTH + c] = value)));
  return out;
}

const apart = (block: Float64Array): Float64Array[] =>
  Array.from({ length: WIDTH }, (_, c) =>
    Float64Array.from({ length: block.length / WIDTH }, (_, i) => block[i * WIDTH + c]!),
  );

function residual(column: Float64Array, image: Float64Array, value: number): number {
  let sum = 0;
  for (let i = 0; i < column.length; i++) sum += (image[i]! - value * column[i]!) ** 2;
  return Math.sqrt(sum);
}

/** An eigenvector has no sign of its own: the value of largest size becomes positive. */
function topUp(column: Float64Array): Float64Array {
  let top = 0;
  for (const value of column) if (Math.abs(value) > Math.abs(top)) top = value;
  return top < 0 ? column.map((value) => -value) : column;
}
