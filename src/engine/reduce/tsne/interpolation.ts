import type { Repulsion } from "./descent";
import { gridSizes, TAPS, type Grid } from "./grid";

/** Units between nodes: the closest that the grid has room for. Forces are then off by 0.1 to 1 % (bench/tsne-large.ts). */
const SPACINGS = [0.35, 0.4, 0.45];
/** Nodes across a layout at least; the spacing of a smaller layout is a power of STEP, so that kernels are seldom computed anew. */
const LEAST_NODES = 30;
const STEP = 1.25;
/** The convolution reaches around the grid: units of nothing between both ends of a layout, if it is not smaller itself. */
const MARGIN = 30;

/**
 * The repulsion by interpolation on a grid (Linderman et al. 2019, FIt-SNE) in two dimensions: O(n). Every point gives its charge to the nodes
 * around it, the nodes act on each other by one convolution, and the points take from their nodes. Other than there the kernels are those
 * of the force itself, (1 + d²)⁻²·dx and ·dy, as the two parts of one complex grid, and Z comes from the spectrum: one transform there
 * and one back; and nodes are under cubic B-splines, which the spectrum undoes, as in particle–mesh methods (Hockney & Eastwood 1981),
 * instead of polynomials in boxes.
 * @param makeWider makes what serves layouts that need more than the grid has, when the first comes
 */
export function interpolatedRepulsion(grid: Grid, count: number, makeWider: () => Repulsion): Repulsion {
  let spacing = 0;
  let wider: Repulsion | null = null;
  return (positions, force) => {
    const { x, y, extent } = boundsOf(positions);
    const plan = planFor(extent, grid.most);
    if (!plan) return (wider ??= makeWider())(positions, force);
    if (grid.n !== plan.n || spacing !== plan.spacing) {
      spacing = plan.spacing;
      setKernels(grid, plan.n, spacing);
    }
    const used = Math.ceil(plan.nodes / 16) * 16;
    return grid.repel(positions, { x, y, scale: 1 / spacing }, used, force) - count;
  };
}

/** Nodes on each axis of the grid that a layout gets; null where it needs more than `most`. */
export const gridSize = (positions: Float64Array, most: number): number | null =>
  planFor(boundsOf(positions).extent, most)?.n ?? null;

interface Bounds {
  x: number;
  y: number;
  extent: number;
}

/** The lowest corner of a layout and its larger side. */
export function boundsOf(positions: Float64Array): Bounds {
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

interface Plan {
  spacing: number;
  /** Nodes under a layout, on each axis, and those of the grid. */
  nodes: number;
  n: number;
}

function planFor(extent: number, most: number): Plan | null {
  return (
    spacingsFor(extent)
      .map((spacing) => planWith(extent, spacing))
      .find(({ n }) => n <= most) ?? null
  );
}

function spacingsFor(extent: number): number[] {
  const wanted = extent / LEAST_NODES;
  if (wanted >= SPACINGS[0]!) return SPACINGS;
  // The last bits of a power are not the same on every machine, and a layout is chaotic.
  return [Math.fround(STEP ** Math.floor(Math.log(wanted) / Math.log(STEP)))];
}

const SIZES = gridSizes(4096);

function planWith(extent: number, spacing: number): Plan {
  // As points are placed, by a product.
  const nodes = Math.floor(extent * (1 / spacing)) + TAPS;
  const least = nodes + Math.min(nodes, Math.ceil(MARGIN / spacing));
  return { spacing, nodes, n: SIZES.find((n) => n >= least) ?? NaN };
}

/** The kernels of force and of Z at all differences of nodes. */
function setKernels(grid: Grid, n: number, spacing: number): void {
  const difference = Float64Array.from({ length: n }, (_, i) => (i < n / 2 ? i : i - n) * spacing);
  const square = difference.map((d) => d * d);
  // Half around the grid both ways are as far.
  difference[n / 2] = 0;
  grid.setKernels(
    n,
    (re, im) => {
      for (let i = 0, at = 0; i < n; i++) {
        for (let j = 0; j < n; j++, at++) {
          const q = 1 / (1 + square[i]! + square[j]!);
          re[at] = difference[j]! * q * q;
          im[at] = difference[i]! * q * q;
        }
      }
    },
    (re, im) => {
      im.fill(0);
      for (let i = 0, at = 0; i < n; i++) for (let j = 0; j < n; j++, at++) re[at] = 1 / (1 + square[i]! + square[j]!);
    },
    correctionFor(n),
  );
}

/**
 * What undoes the two splines that a kernel goes through, along one axis and by frequency: the inverse of the spectrum of both together, the
 * spline of order 8, at the nodes.
 */
function correctionFor(n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, k) => {
    const turn = (2 * Math.PI * k) / n;
    // In float32, as the last bits of cosines differ between machines.
    return Math.fround(5040 / (2416 + 2382 * Math.cos(turn) + 240 * Math.cos(2 * turn) + 2 * Math.cos(3 * turn)));
  });
}
