import type { MortonOrder } from "./morton";

/** Points of a leaf, at most, as long as their codes differ. */
const LEAF = 8;
/** A tree serves until a point has moved by this share of the mean distance of points that fill the square (or cube). */
const KEPT = 0.5;
/** Points of a group by the number of dimensions: large ones walk the tree seldom and have longer lists. */
const GROUP = { 2: 128, 3: 48 } as const;

/**
 * A quadtree or octree over a Morton order, in preorder: cell c holds the places from[c] .. to[c], its first child is
 * c + 1, and skip[c] is the next cell that is not inside it.
 */
export class CellTree {
  size = 0;
  from: Int32Array;
  to: Int32Array;
  skip: Int32Array;
  /** Edge of the cell. */
  edge: Float64Array;
  leaf: Uint8Array;
  /** The centroid of the cell's points. */
  centroidX: Float64Array;
  centroidY: Float64Array;
  centroidZ: Float64Array;
  /** The largest cells that hold no more than GROUP[dims] points: together all points. */
  readonly groups: number[] = [];
  /** (n) positions in Morton order. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  // (n + 1) their running sums, which give the centroid of any range.
  private readonly sumX: Float64Array;
  private readonly sumY: Float64Array;
  private readonly sumZ: Float64Array;
  /** (n) positions in Morton order when the tree was made. */
  private readonly made: Float64Array[];
  /** What a point may move before the tree is made anew. */
  private reach = -1;

  constructor(
    private readonly morton: MortonOrder,
    private readonly dims: 2 | 3,
  ) {
    const { count } = morton;
    const capacity = 64 + count;
    this.from = new Int32Array(capacity);
    this.to = new Int32Array(capacity);
    this.skip = new Int32Array(capacity);
    this.edge = new Float64Array(capacity);
    this.leaf = new Uint8Array(capacity);
    this.centroidX = new Float64Array(capacity);
    this.centroidY = new Float64Array(capacity);
    this.centroidZ = new Float64Array(capacity);
    this.x = new Float64Array(count);
    this.y = new Float64Array(count);
    this.z = new Float64Array(dims === 3 ? count : 0);
    this.sumX = new Float64Array(count + 1);
    this.sumY = new Float64Array(count + 1);
    this.sumZ = new Float64Array(dims === 3 ? count + 1 : 0);
    this.made = Array.from({ length: dims }, () => new Float64Array(count));
  }

  /** Takes the places of the points: into the cells that there are as long as these fit, with their true centroids. */
  update(positions: Float64Array): void {
    const { morton, dims, made } = this;
    this.gather(positions);
    if (this.hasMovedLittle()) {
      for (let cell = 0; cell < this.size; cell++) this.place(cell);
      return;
    }
    morton.update(positions);
    this.gather(positions);
    [this.x, this.y, this.z].slice(0, dims).forEach((axis, d) => made[d]!.set(axis));
    this.reach = (KEPT * morton.extent) / morton.count ** (1 / dims);
    this.size = 0;
    this.groups.length = 0;
    this.add(0, morton.count, 0, false);
  }

  private gather(positions: Float64Array): void {
    const { dims, morton } = this;
    gather(positions, dims, 0, morton.order, this.x, this.sumX);
    gather(positions, dims, 1, morton.order, this.y, this.sumY);
    if (dims === 3) gather(positions, dims, 2, morton.order, this.z, this.sumZ);
  }

  private hasMovedLittle(): boolean {
    const { made, reach } = this;
    const axes = [this.x, this.y, this.z];
    return made.every((before, d) => {
      const now = axes[d]!;
      for (let at = 0; at < before.length; at++) if (Math.abs(now[at]! - before[at]!) > reach) return false;
      return true;
    });
  }

  /** The centroid of a cell's points. */
  private place(cell: number): void {
    const [from, to] = [this.from[cell]!, this.to[cell]!];
    this.centroidX[cell] = (this.sumX[to]! - this.sumX[from]!) / (to - from);
    this.centroidY[cell] = (this.sumY[to]! - this.sumY[from]!) / (to - from);
    if (this.dims === 3) this.centroidZ[cell] = (this.sumZ[to]! - this.sumZ[from]!) / (to - from);
  }

  private add(from: number, to: number, depth: number, grouped: boolean): void {
    const { morton, dims } = this;
    const { code } = morton;
    // Cells with a single child are passed through: all codes agree on these bits.
    while (depth < morton.bits && to - from > LEAF) {
      const shift = dims * (morton.bits - depth - 1);
      if (code[from]! >>> shift !== code[to - 1]! >>> shift) break;
      depth++;
    }
    const cell = this.size++;
    if (cell >= this.from.length) this.grow();
    this.from[cell] = from;
    this.to[cell] = to;
    this.edge[cell] = morton.extent / 2 ** depth;
    const leaf = to - from <= LEAF || depth === morton.bits;
    this.leaf[cell] = leaf ? 1 : 0;
    this.place(cell);
    if (!grouped && (leaf || to - from <= GROUP[dims])) {
      this.groups.push(cell);
      grouped = true;
    }
    if (!leaf) {
      const shift = dims * (morton.bits - depth - 1);
      for (let begin = from; begin < to;) {
        const key = code[begin]! >>> shift;
        let end = begin + 1;
        while (end < to && code[end]! >>> shift === key) end++;
        this.add(begin, end, depth + 1, grouped);
        begin = end;
      }
    }
    this.skip[cell] = this.size;
  }

  private grow(): void {
    const capacity = this.from.length * 2;
    const larger = <T extends Int32Array | Float64Array | Uint8Array>(made: T, old: T): T => {
      made.set(old);
      return made;
    };
    this.from = larger(new Int32Array(capacity), this.from);
    this.to = larger(new Int32Array(capacity), this.to);
    this.skip = larger(new Int32Array(capacity), this.skip);
    this.edge = larger(new Float64Array(capacity), this.edge);
    this.leaf = larger(new Uint8Array(capacity), this.leaf);
    this.centroidX = larger(new Float64Array(capacity), this.centroidX);
    this.centroidY = larger(new Float64Array(capacity), this.centroidY);
    this.centroidZ = larger(new Float64Array(capacity), this.centroidZ);
  }
}

function gather(
  positions: Float64Array,
  dims: number,
  axis: number,
  order: Uint32Array,
  out: Float64Array,
  sum: Float64Array,
): void {
  let running = 0;
  for (let at = 0; at < order.length; at++) {
    const value = positions[order[at]! * dims + axis]!;
    out[at] = value;
    running += value;
    sum[at + 1] = running;
  }
}
