import { layoutMemory } from "../../simd/simd";
import type { Curve } from "./curve";
import { strongestOf, type WeightedGraph } from "./fuzzy";
import { gradientTables, TABLE_BASE, TABLE_SHIFT, TABLE_SIZE, type GradientTables } from "./gradient";

/** Up to this many items the expected gradient is taken over all pairs instead of drawing random ones. */
export const FULL_LIMIT = 400;
/** Random items that push for each neighbour that pulls, in the sampled algorithm whose expectation this is. */
export const NEGATIVE_RATE = 5;
/** Part of the sampled algorithm's step: the expectation is not noisy, and small steps find better layouts. */
const STEP = 0.1;
/**
 * The longest step, as a multiple of the way to where an item's ties would balance. Up to 2, steps around the rest of a spring
 * die down; beyond, they grow: a group of nearly equal items, which many strong ties hold together, would carry itself away.
 */
const OVERSHOOT = 2;
const MOST = 4;

export interface FullOptions {
  epochs: number;
  /** The first epoch; 0 unless a layout is led on. */
  from?: number;
  curve: Curve;
  /** Called before every epoch; false ends the layout as it is. May throw to stop. */
  onEpoch: (epoch: number, layout: () => Float32Array) => boolean;
}

/**
 * Optimises a small layout by the expectation of UMAP's sampled gradient, item by item, in place: with few items the
 * luck of the draw would decide which of them end up side by side.
 * @param positions (count × dims) interleaved
 * @param simd false for the TypeScript path
 * @returns the epoch that comes next: `epochs`, unless it was stopped
 */
export function optimizeFully(
  positions: Float32Array,
  dims: 2 | 3,
  graph: WeightedGraph,
  { epochs, from = 0, curve, onEpoch }: FullOptions,
  simd = dims === 2,
): number {
  const field = fieldOf(graph, curve);
  const { layout, move } = (simd ? byKernel(field, positions) : null) ?? {
    layout: positions,
    move: (alpha) => {
      for (let i = 0; i < graph.count; i++) moveItem(field, positions, dims, i, alpha);
    },
  };
  let done = from;
  for (; done < epochs && onEpoch(done, () => layout.slice()); done++) move(STEP * (1 - done / epochs));
  positions.set(layout);
  return done;
}

/** A layout, and what moves all its items once. */
interface Mover {
  layout: Float32Array;
  move: (alpha: number) => void;
}

/** Vector instructions move a copy in their own memory, in two dimensions; null where there are none. */
function byKernel(field: Field, positions: Float32Array): Mover | null {
  const { count, start, target, weight, degree, pull, push, strongest } = field;
  const arrays = [positions, start, target, weight, degree, pull, push];
  const room = layoutMemory(arrays.reduce((sum, { byteLength }) => sum + byteLength + 16, 0));
  if (!room) return null;
  const { memory, module } = room;
  const kernels = memory.kernels(module);
  const placed = <T extends Float32Array | Float64Array | Int32Array>(into: T, from: T): T => (into.set(from), into);
  const layout = placed(memory.float32(positions.length), positions);
  const [at, starts, targets, weights, degrees, pulls, pushes] = [
    layout,
    placed(memory.int32(start.length), start),
    placed(memory.int32(target.length), target),
    placed(memory.float32(weight.length), weight),
    placed(memory.float64(degree.length), degree),
    placed(memory.float32(pull.length), pull),
    placed(memory.float32(push.length), push),
  ].map(({ byteOffset }) => byteOffset) as [number, number, number, number, number, number, number];
  return {
    layout,
    move: (alpha) =>
      kernels.full2(
        at,
        count,
        starts,
        targets,
        weights,
        degrees,
        pulls,
        pushes,
        TABLE_BASE,
        TABLE_SIZE,
        strongest,
        alpha,
        OVERSHOOT,
      ),
  };
}

/** What moves the items. */
interface Field extends WeightedGraph, GradientTables {
  strongest: number;
  /** (count) the sum of an item's weights, in the strongest. */
  degree: Float64Array;
  /** One number as float32 and as its bits. */
  float: Float32Array;
  bits: Int32Array;
}

function fieldOf(graph: WeightedGraph, curve: Curve): Field {
  const { count, start, weight } = graph;
  const strongest = strongestOf(graph);
  const degree = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    for (let at = start[i]!; at < start[i + 1]!; at++) degree[i]! += weight[at]! / strongest;
  }
  const float = new Float32Array(1);
  return { ...graph, ...gradientTables(curve), strongest, degree, float, bits: new Int32Array(float.buffer) };
}

/** One step of one item. (A function of its own, which V8 optimises within a few epochs.) */
function moveItem(field: Field, positions: Float32Array, dims: 2 | 3, i: number, alpha: number): void {
  const { count, start, target, weight, pull, push, strongest, float, bits } = field;
  const [shift, base, size] = [TABLE_SHIFT, TABLE_BASE, TABLE_SIZE];
  const spatial = dims === 3;
  const x = positions[i * dims]!;
  const y = positions[i * dims + 1]!;
  const z = spatial ? positions[i * dims + 2]! : 0;
  let mx = 0;
  let my = 0;
  let mz = 0;
  for (let j = 0, other = 0; j < count; j++, other += dims) {
    const dx = x - positions[other]!;
    const dy = y - positions[other + 1]!;
    const dz = spatial ? z - positions[other + 2]! : 0;
    float[0] = dx * dx + dy * dy + dz * dz;
    const place = (bits[0]! >> shift) - base;
    if (place < 0) {
      // Equal places: the earlier item is pushed one way, the later one the other way.
      const by = i < j ? MOST : i > j ? -MOST : 0;
      mx += by;
      my += by;
      if (spatial) mz += by;
      continue;
    }
    const factor = push[place < size ? place : size - 1]!;
    mx += clip(factor * dx);
    my += clip(factor * dy);
    if (spatial) mz += clip(factor * dz);
  }
  const pushes = (NEGATIVE_RATE * field.degree[i]!) / count;
  mx *= pushes;
  my *= pushes;
  mz *= pushes;
  let hold = 0;
  for (let at = start[i]!; at < start[i + 1]!; at++) {
    const other = target[at]! * dims;
    const dx = x - positions[other]!;
    const dy = y - positions[other + 1]!;
    const dz = spatial ? z - positions[other + 2]! : 0;
    float[0] = dx * dx + dy * dy + dz * dz;
    const place = (bits[0]! >> shift) - base;
    if (place < 0) continue;
    const factor = pull[place < size ? place : size - 1]!;
    const both = (2 * weight[at]!) / strongest;
    hold -= both * factor;
    mx += both * clip(factor * dx);
    my += both * clip(factor * dy);
    if (spatial) mz += both * clip(factor * dz);
  }
  const step = alpha * hold > OVERSHOOT ? OVERSHOOT / hold : alpha;
  positions[i * dims] = x + step * mx;
  positions[i * dims + 1] = y + step * my;
  if (spatial) positions[i * dims + 2] = z + step * mz;
}

const clip = (value: number): number => (value > MOST ? MOST : value < -MOST ? -MOST : value);
