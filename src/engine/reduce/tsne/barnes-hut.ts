import { layoutMemory } from "../../simd/simd";
import type { Repulsion } from "./descent";
import { MortonOrder } from "./morton";
import { CellTree } from "./tree";

/** A cell counts as one point when its edge is below this share of its distance, as scikit-learn's `angle`. */
const ANGLE = 0.5;
/** Numbers that a kernel works on at once. */
const LANES = 4;
/** Part of a group's radius by which its cells must be farther: its points see them from different places. */
const RADIUS_SHARE = 0.75;

/**
 * The repulsion by a Barnes–Hut tree (van der Maaten 2014): O(n log n). One walk of the tree serves a group of near points:
 * it gives a flat list of points and cell centroids, on which the inner loop runs without branches.
 */
export function barnesHutRepulsion(count: number, dims: 2 | 3): Repulsion {
  return repulsionBySimd(count, dims) ?? plainRepulsion(count, dims);
}

/** The same in TypeScript alone: the reference of the kernels. */
export function plainRepulsion(count: number, dims: 2 | 3): Repulsion {
  const morton = new MortonOrder(count, dims);
  const tree = new CellTree(morton, dims);
  const list = new InteractionList(count, dims);
  return (positions, force) => {
    tree.update(positions);
    let sum = 0;
    for (const group of tree.groups) {
      list.fill(tree, group);
      sum += dims === 2 ? list.push2(tree, group, morton.order, force) : list.push3(tree, group, morton.order, force);
    }
    // Every point met itself once, at distance 0.
    return sum - count;
  };
}

/** Four centroids at once. */
function repulsionBySimd(count: number, dims: 2 | 3): Repulsion | null {
  const room = layoutMemory(12 * dims * count + 4 * (dims + 1) * (count + LANES) + 256);
  if (!room) return null;
  const { module, memory } = room;
  const morton = new MortonOrder(count, dims);
  const tree = new CellTree(morton, dims);
  const kernels = memory.kernels(module);
  const sorted = memory.float64(dims * count);
  const points = Array.from({ length: dims }, () => memory.float32(count));
  const list = new InteractionList(count, dims, (length) => memory.float32(length));
  const [lx, ly, lz, mass] = [list.x, list.y, list.z, list.mass].map(({ byteOffset }) => byteOffset) as Four;
  const [px, py, pz] = [points[0]!, points[1]!, points.at(-1)!].map(({ byteOffset }) => byteOffset) as Three;
  return (positions, force) => {
    tree.update(positions);
    points[0]!.set(tree.x);
    points[1]!.set(tree.y);
    points[2]?.set(tree.z);
    let sum = 0;
    for (const group of tree.groups) {
      list.fill(tree, group);
      const length = list.pad(LANES);
      const from = tree.from[group]!;
      const size = tree.to[group]! - from;
      const at = 4 * from;
      const to = sorted.byteOffset + 8 * dims * from;
      sum +=
        dims === 2
          ? kernels.push2(lx, ly, mass, length, px + at, py + at, size, to)
          : kernels.push3(lx, ly, lz, mass, length, px + at, py + at, pz + at, size, to);
    }
    const { order } = morton;
    for (let at = 0, s = 0; at < count; at++) {
      const i = order[at]! * dims;
      for (let d = 0; d < dims; d++) force[i + d] = sorted[s++]!;
    }
    return sum - count;
  };
}

type Three = [number, number, number];
type Four = [number, number, number, number];
type Floats = Float32Array | Float64Array;

/** What the points of one group are pushed by: centroids with the number of points they stand for. */
class InteractionList {
  private length = 0;
  readonly x: Floats;
  readonly y: Floats;
  readonly mass: Floats;
  readonly z: Floats;

  constructor(count: number, dims: 2 | 3, floats: (length: number) => Floats = (length) => new Float64Array(length)) {
    this.x = floats(count + LANES);
    this.y = floats(count + LANES);
    this.mass = floats(count + LANES);
    this.z = floats(dims === 3 ? count + LANES : 0);
  }

  /** Fills up to a multiple of `lanes` with nothing; returns the length. */
  pad(lanes: number): number {
    while (this.length % lanes > 0) {
      this.x[this.length] = 0;
      this.y[this.length] = 0;
      if (this.z.length > 0) this.z[this.length] = 0;
      this.mass[this.length++] = 0;
    }
    return this.length;
  }

  /** Walks the tree for the points of a group; the distance is taken from the middle of their bounding box. */
  fill(tree: CellTree, group: number): void {
    const spatial = this.z.length > 0;
    const { from, to, skip, edge, centroidX, centroidY, centroidZ, size } = tree;
    const { x, y, z, radius } = middle(tree, from[group]!, to[group]!);
    const own = radius * RADIUS_SHARE;
    let length = 0;
    for (let cell = 0; cell < size;) {
      const cx = centroidX[cell]!;
      const cy = centroidY[cell]!;
      const cz = spatial ? centroidZ[cell]! : 0;
      const dx = cx - x;
      const dy = cy - y;
      const dz = cz - z;
      const near = edge[cell]! / ANGLE + own;
      if (near * near < dx * dx + dy * dy + dz * dz) {
        this.x[length] = cx;
        this.y[length] = cy;
        if (spatial) this.z[length] = cz;
        this.mass[length++] = to[cell]! - from[cell]!;
        cell = skip[cell]!;
      } else if (tree.leaf[cell] === 1) {
        for (let at = from[cell]!; at < to[cell]!; at++) {
          this.x[length] = tree.x[at]!;
          this.y[length] = tree.y[at]!;
          if (spatial) this.z[length] = tree.z[at]!;
          this.mass[length++] = 1;
        }
        cell = skip[cell]!;
      } else cell++;
    }
    this.length = length;
  }

  /** Adds up the pushes on the points of a group, two at a time with one division for both; returns their share of Z. */
  push2(tree: CellTree, group: number, order: Uint32Array, force: Float64Array): number {
    const { x, y, mass, length } = this;
    const end = tree.to[group]!;
    let total = 0;
    for (let at = tree.from[group]!; at < end; at += 2) {
      const second = at + 1 < end ? at + 1 : at;
      const ax = tree.x[at]!;
      const ay = tree.y[at]!;
      const bx = tree.x[second]!;
      const by = tree.y[second]!;
      let sumA = 0;
      let sumB = 0;
      let fax = 0;
      let fay = 0;
      let fbx = 0;
      let fby = 0;
      for (let s = 0; s < length; s++) {
        const px = x[s]!;
        const py = y[s]!;
        const m = mass[s]!;
        const dax = ax - px;
        const day = ay - py;
        const dbx = bx - px;
        const dby = by - py;
        const a = 1 + dax * dax + day * day;
        const b = 1 + dbx * dbx + dby * dby;
        const inverse = 1 / (a * b);
        const qa = b * inverse;
        const qb = a * inverse;
        const ma = m * qa;
        const mb = m * qb;
        sumA += ma;
        sumB += mb;
        const wa = ma * qa;
        const wb = mb * qb;
        fax += wa * dax;
        fay += wa * day;
        fbx += wb * dbx;
        fby += wb * dby;
      }
      const i = order[at]! * 2;
      force[i] = fax;
      force[i + 1] = fay;
      total += sumA;
      if (second !== at) {
        const j = order[second]! * 2;
        force[j] = fbx;
        force[j + 1] = fby;
        total += sumB;
      }
    }
    return total;
  }

  push3(tree: CellTree, group: number, order: Uint32Array, force: Float64Array): number {
    const { x, y, z, mass, length } = this;
    let total = 0;
    for (let at = tree.from[group]!; at < tree.to[group]!; at++) {
      const ax = tree.x[at]!;
      const ay = tree.y[at]!;
      const az = tree.z[at]!;
      let fx = 0;
      let fy = 0;
      let fz = 0;
      for (let s = 0; s < length; s++) {
        const dx = ax - x[s]!;
        const dy = ay - y[s]!;
        const dz = az - z[s]!;
        const q = 1 / (1 + dx * dx + dy * dy + dz * dz);
        const m = mass[s]! * q;
        total += m;
        const w = m * q;
        fx += w * dx;
        fy += w * dy;
        fz += w * dz;
      }
      const i = order[at]! * 3;
      force[i] = fx;
      force[i + 1] = fy;
      force[i + 2] = fz;
    }
    return total;
  }
}

/** The middle of the bounding box of a range of places, and half its diagonal. */
function middle(tree: CellTree, from: number, to: number): { x: number; y: number; z: number; radius: number } {
  let square = 0;
  const axis = (values: Floats): number => {
    if (values.length === 0) return 0;
    let low = Infinity;
    let high = -Infinity;
    for (let at = from; at < to; at++) {
      const value = values[at]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    square += ((high - low) / 2) ** 2;
    return (low + high) / 2;
  };
  return { x: axis(tree.x), y: axis(tree.y), z: axis(tree.z), radius: Math.sqrt(square) };
}
