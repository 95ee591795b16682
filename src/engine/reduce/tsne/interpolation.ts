import type { Repulsion } from "./descent";
import { createGrid, type Grid } from "./transforms";

/** Nodes of a box on each axis. */
const NODES = 3;
/** Boxes across a layout at least; and their edge at most, as long as the grid does not become too large. */
const LEAST_BOXES = 20;
const EDGE = 1;
const LARGEST_GRID = 1024;
/** Edges of boxes are powers of it, so that the kernels on the grid are seldom computed anew. */
const STEP = 1.25;

/**
 * The repulsion by interpolation on a grid (Linderman et al. 2019, FIt-SNE) in two dimensions: O(n). Every point gives
 * its charge to the 3 × 3 nodes of its box, the nodes act on each other by one convolution, and the points take from
 * their nodes. Other than there the kernels are those of the force itself, (1 + d²)⁻²·dx and ·dy, as the two parts of one
 * complex grid, and Z comes from the spectrum: one transform there and one back.
 */
export function interpolatedRepulsion(count: number, makeGrid: (n: number) => Grid = createGrid): Repulsion {
  let grid: Grid | null = null;
  let edge = 0;
  const node = new Int32Array(count);
  const weight = new Float32Array(2 * NODES * count);
  return (positions, force) => {
    const box = boundsOf(positions);
    const wanted = edgeFor(box.extent);
    const boxes = Math.floor(box.extent / wanted) + 1;
    const n = sizeFor(boxes);
    if (grid?.n !== n) {
      grid = makeGrid(n);
      edge = 0;
    }
    if (edge !== wanted) {
      fillKernels(grid, wanted / NODES);
      edge = wanted;
    }
    const used = Math.min(n, Math.ceil((boxes * NODES) / 16) * 16);
    spread(positions, count, box, edge, grid, node, weight);
    grid.forward(used);
    const sum = grid.convolve();
    grid.back(used);
    take(count, grid, node, weight, force);
    return sum / (n * n) - count;
  };
}

/** Nodes on each axis of the grid that a layout needs. */
export function gridSize(positions: Float64Array): number {
  const { extent } = boundsOf(positions);
  return sizeFor(Math.floor(extent / edgeFor(extent)) + 1);
}

interface Box {
  x: number;
  y: number;
  extent: number;
}

function boundsOf(positions: Float64Array): Box {
  let [lowX, lowY, highX, highY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < positions.length; at += 2) {
    const x = positions[at]!;
    const y = positions[at + 1]!;
    if (x < lowX) lowX = x;
    if (x > highX) highX = x;
    if (y < lowY) lowY = y;
    if (y > highY) highY = y;
  }
  return { x: lowX, y: lowY, extent: Math.max(highX - lowX, highY - lowY, 1e-12) };
}

function edgeFor(extent: number): number {
  const fits = extent / (LARGEST_GRID / 2 / NODES - 1);
  const wanted = Math.max(fits, Math.min(EDGE, extent / LEAST_BOXES));
  const steps = (fits > EDGE ? Math.ceil : Math.floor)(Math.log(wanted) / Math.log(STEP));
  // The last bits of a power are not the same on every machine, and a layout is chaotic.
  return wanted === EDGE ? EDGE : Math.fround(STEP ** steps);
}

/** Twice the nodes, so that a convolution does not reach around; a power of two. */
const sizeFor = (boxes: number): number => Math.max(64, 2 ** Math.ceil(Math.log2(2 * NODES * boxes)));

/** The kernels of force and of Z at all differences of nodes, transformed. */
function fillKernels(grid: Grid, spacing: number): void {
  const { n, re, im, byRe, byIm, weight } = grid;
  const at = (i: number): number => (i < n / 2 ? i : i - n) * spacing;
  re.fill(0);
  im.fill(0);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) re[i * n + j] = 1 / (1 + at(i) ** 2 + at(j) ** 2);
  grid.forward(n);
  weight.set(re);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const square = (1 + at(i) ** 2 + at(j) ** 2) ** 2;
      re[i * n + j] = at(j) / square;
      im[i * n + j] = at(i) / square;
    }
  }
  grid.forward(n);
  byRe.set(re);
  byIm.set(im);
}

/** Gives each point's charge to the nodes of its box, by the polynomials of Lagrange. */
function spread(
  positions: Float64Array,
  count: number,
  box: Box,
  edge: number,
  { n, re, im }: Grid,
  node: Int32Array,
  weight: Float32Array,
): void {
  re.fill(0);
  im.fill(0);
  for (let i = 0; i < count; i++) {
    const x = (positions[2 * i]! - box.x) / edge;
    const y = (positions[2 * i + 1]! - box.y) / edge;
    const column = Math.floor(x);
    const row = Math.floor(y);
    const first = row * NODES * n + column * NODES;
    node[i] = first;
    const w = i * 2 * NODES;
    lagrange(x - column, weight, w);
    lagrange(y - row, weight, w + NODES);
    for (let r = 0; r < NODES; r++) {
      const by = weight[w + NODES + r]!;
      const at = first + r * n;
      re[at]! += by * weight[w]!;
      re[at + 1]! += by * weight[w + 1]!;
      re[at + 2]! += by * weight[w + 2]!;
    }
  }
}

/** The three polynomials of a box whose nodes are at 1/6, 1/2 and 5/6. */
function lagrange(u: number, out: Float32Array, at: number): void {
  out[at] = 4.5 * (u - 1 / 2) * (u - 5 / 6);
  out[at + 1] = -9 * (u - 1 / 6) * (u - 5 / 6);
  out[at + 2] = 4.5 * (u - 1 / 6) * (u - 1 / 2);
}

function take(count: number, { n, re, im }: Grid, node: Int32Array, weight: Float32Array, force: Float64Array): void {
  const scale = 1 / (n * n);
  for (let i = 0; i < count; i++) {
    const w = i * 2 * NODES;
    let fx = 0;
    let fy = 0;
    for (let r = 0; r < NODES; r++) {
      const by = weight[w + NODES + r]! * scale;
      const at = node[i]! + r * n;
      const [w0, w1, w2] = [weight[w]!, weight[w + 1]!, weight[w + 2]!];
      fx += by * (w0 * re[at]! + w1 * re[at + 1]! + w2 * re[at + 2]!);
      fy += by * (w0 * im[at]! + w1 * im[at + 1]! + w2 * im[at + 2]!);
    }
    force[2 * i] = fx;
    force[2 * i + 1] = fy;
  }
}
