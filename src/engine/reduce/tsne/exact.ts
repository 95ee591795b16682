import { layoutMemory } from "../../simd/simd";
import type { Affinities } from "./affinity";
import type { Attraction, Repulsion } from "./descent";

/** The attraction along the stored affinities, for two or three dimensions. */
export function attraction(affinities: Affinities, dims: 2 | 3): Attraction {
  return attractionBySimd(affinities, dims) ?? plainAttraction(affinities, dims);
}

/** Four neighbours at once: rows are padded to multiples of four, places in three dimensions to four numbers. */
function attractionBySimd({ count, start, target, value }: Affinities, dims: 2 | 3): Attraction | null {
  const width = dims === 2 ? 2 : 4;
  let size = 0;
  for (let i = 0; i < count; i++) size += (start[i + 1]! - start[i]! + 3) & ~3;
  const room = layoutMemory(4 * (count + 1) + 8 * size + 4 * width * count + 8 * dims * count + 128);
  if (!room) return null;
  const { module, memory } = room;
  const kernels = memory.kernels(module);
  const attract = dims === 2 ? kernels.attract2 : kernels.attract3;
  const starts = memory.int32(count + 1);
  const targets = memory.int32(size);
  const values = memory.float32(size);
  const places = memory.float32(width * count);
  const sums = memory.float64(dims * count);
  for (let i = 0, filled = 0; i < count; i++) {
    targets.set(target.subarray(start[i], start[i + 1]), filled);
    values.set(value.subarray(start[i], start[i + 1]), filled);
    filled += (start[i + 1]! - start[i]! + 3) & ~3;
    starts[i + 1] = filled;
  }
  return (positions, force) => {
    if (dims === 2) places.set(positions);
    else for (let at = 0, i = 0; at < positions.length; at++, i += at % 3 === 0 ? 2 : 1) places[i] = positions[at]!;
    const [s, t, v] = [starts.byteOffset, targets.byteOffset, values.byteOffset];
    attract(s, t, v, places.byteOffset, sums.byteOffset, 0, count);
    force.set(sums);
  };
}

/** The same in TypeScript alone: the reference of the kernels. */
export function plainAttraction({ count, start, target, value }: Affinities, dims: 2 | 3): Attraction {
  const spatial = dims === 3;
  return (positions, force) => {
    for (let i = 0; i < count; i++) {
      const x = positions[i * dims]!;
      const y = positions[i * dims + 1]!;
      const z = spatial ? positions[i * dims + 2]! : 0;
      let fx = 0;
      let fy = 0;
      let fz = 0;
      for (let at = start[i]!, end = start[i + 1]!; at < end; at++) {
        const other = target[at]! * dims;
        const dx = x - positions[other]!;
        const dy = y - positions[other + 1]!;
        const dz = spatial ? z - positions[other + 2]! : 0;
        const weight = value[at]! / (1 + dx * dx + dy * dy + dz * dz);
        fx += weight * dx;
        fy += weight * dy;
        if (spatial) fz += weight * dz;
      }
      force[i * dims] = fx;
      force[i * dims + 1] = fy;
      if (spatial) force[i * dims + 2] = fz;
    }
  };
}

/** The repulsion of every pair: O(n²). */
export function exactRepulsion(count: number, dims: 2 | 3): Repulsion {
  return exactBySimd(count, dims) ?? plainExactRepulsion(count, dims);
}

/** Every item is pushed by a list of all items, four at once; it meets itself at distance 0. */
function exactBySimd(count: number, dims: 2 | 3): Repulsion | null {
  const padded = (count + 3) & ~3;
  const room = layoutMemory(4 * (dims + 1) * padded + 8 * dims * count + 128);
  if (!room) return null;
  const { module, memory } = room;
  const kernels = memory.kernels(module);
  const axes = Array.from({ length: dims }, () => memory.float32(padded));
  const mass = memory.float32(padded).fill(1, 0, count).byteOffset;
  const sums = memory.float64(dims * count);
  const [x, y, z] = [axes[0]!, axes[1]!, axes.at(-1)!].map(({ byteOffset }) => byteOffset) as [number, number, number];
  return (positions, force) => {
    axes.forEach((axis, d) => {
      for (let i = 0, at = d; i < count; i++, at += dims) axis[i] = positions[at]!;
    });
    const sum =
      dims === 2
        ? kernels.push2(x, y, mass, padded, x, y, count, sums.byteOffset)
        : kernels.push3(x, y, z, mass, padded, x, y, z, count, sums.byteOffset);
    force.set(sums);
    return sum - count;
  };
}

/** The same in TypeScript alone: the reference of the kernels. */
export function plainExactRepulsion(count: number, dims: 2 | 3): Repulsion {
  const spatial = dims === 3;
  return (positions, force) => {
    force.fill(0);
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const x = positions[i * dims]!;
      const y = positions[i * dims + 1]!;
      const z = spatial ? positions[i * dims + 2]! : 0;
      let fx = 0;
      let fy = 0;
      let fz = 0;
      for (let j = i + 1, other = j * dims; j < count; j++, other += dims) {
        const dx = x - positions[other]!;
        const dy = y - positions[other + 1]!;
        const dz = spatial ? z - positions[other + 2]! : 0;
        const q = 1 / (1 + dx * dx + dy * dy + dz * dz);
        sum += q;
        const square = q * q;
        fx += square * dx;
        fy += square * dy;
        force[other]! -= square * dx;
        force[other + 1]! -= square * dy;
        if (spatial) {
          fz += square * dz;
          force[other + 2]! -= square * dz;
        }
      }
      force[i * dims]! += fx;
      force[i * dims + 1]! += fy;
      if (spatial) force[i * dims + 2]! += fz;
    }
    return 2 * sum;
  };
}

/**
 * The Kullback–Leibler divergence that a layout leaves.
 * @param repel tells its Z: by every pair, unless told otherwise
 */
export function divergence(
  { count, start, target, value }: Affinities,
  positions: Float64Array,
  dims: 2 | 3,
  repel = exactRepulsion(count, dims),
): number {
  const z = repel(positions, new Float64Array(positions.length));
  let sum = 0;
  for (let i = 0; i < count; i++) {
    for (let at = start[i]!; at < start[i + 1]!; at++) {
      let square = 0;
      for (let d = 0; d < dims; d++) square += (positions[i * dims + d]! - positions[target[at]! * dims + d]!) ** 2;
      const p = value[at]!;
      if (p > 0) sum += p * Math.log(p * z * (1 + square));
    }
  }
  return sum;
}
