import { TABLE_BASE, TABLE_SHIFT, TABLE_SIZE, type GradientTables } from "./gradient";

/** All that the epochs of a layout share: plain arrays, so that threads and kernels can work on them. */
export interface Sweep extends GradientTables {
  count: number;
  dims: 2 | 3;
  epochs: number;
  /** (blocks + 1) the edges of block b are start[b] .. start[b + 1]. */
  start: Int32Array;
  /** Both ends of every edge. */
  head: Int32Array;
  tail: Int32Array;
  /** Epochs between two draws of an edge. */
  interval: Float32Array;
  /** Epoch at which an edge is drawn next. */
  next: Float32Array;
  /** (count × stride) the layout. */
  positions: Float32Array;
  /** (count × stride) where the items that push are looked up: the layout as the round began, or the layout itself. */
  pushers: Float32Array;
  /** (blocks) state of each block's generator, never 0. */
  random: Int32Array;
}

/** Floats of an item: a multiple of two, so that kernels load it at once. */
export const strideOf = (dims: 2 | 3): 2 | 4 => (dims === 2 ? 2 : 4);

/** Random items that push the head of an edge away for each time it is drawn. */
const PUSHES = 5;
const MOST = 4;

/**
 * One epoch of one block of edges: every edge that is due draws its two ends together and has five random items push its
 * head away, all seen from the same place, so that the processor can work on them at once. The kernels of simd/layout.ts
 * do the same in float32.
 */
export function sweepBlock(state: Sweep, block: number, epoch: number): void {
  const { dims, head, tail, interval, next, positions, pushers, pull, push } = state;
  const [shift, base, size] = [TABLE_SHIFT, TABLE_BASE, TABLE_SIZE];
  const stride = strideOf(dims);
  const alpha = 1 - epoch / state.epochs;
  const spatial = dims === 3;
  const toIndex = state.count / 0x1_0000_0000;
  const float = new Float32Array(1);
  const bits = new Int32Array(float.buffer);
  const end = state.start[block + 1]!;
  let random = state.random[block]!;
  for (let edge = state.start[block]!; edge < end; edge++) {
    const due = next[edge]!;
    if (due > epoch) continue;
    next[edge] = due + interval[edge]!;
    const self = head[edge]!;
    const own = self * stride;
    const other = tail[edge]! * stride;
    const x = positions[own]!;
    const y = positions[own + 1]!;
    const z = spatial ? positions[own + 2]! : 0;
    const dx = x - positions[other]!;
    const dy = y - positions[other + 1]!;
    const dz = spatial ? z - positions[other + 2]! : 0;
    float[0] = dx * dx + dy * dy + dz * dz;
    let place = (bits[0]! >> shift) - base;
    let mx = 0;
    let my = 0;
    let mz = 0;
    if (place >= 0) {
      const factor = pull[place < size ? place : size - 1]!;
      mx = clip(factor * dx);
      my = clip(factor * dy);
      positions[other]! -= mx * alpha;
      positions[other + 1]! -= my * alpha;
      if (spatial) {
        mz = clip(factor * dz);
        positions[other + 2]! -= mz * alpha;
      }
    }
    for (let p = 0; p < PUSHES; p++) {
      random ^= random << 13;
      random ^= random >>> 17;
      random ^= random << 5;
      const drawn = ((random >>> 0) * toIndex) | 0;
      if (drawn === self) continue;
      const away = drawn * stride;
      const ax = x - pushers[away]!;
      const ay = y - pushers[away + 1]!;
      const az = spatial ? z - pushers[away + 2]! : 0;
      float[0] = ax * ax + ay * ay + az * az;
      place = (bits[0]! >> shift) - base;
      if (place < 0) {
        mx += MOST;
        my += MOST;
        if (spatial) mz += MOST;
        continue;
      }
      const factor = push[place < size ? place : size - 1]!;
      mx += clip(factor * ax);
      my += clip(factor * ay);
      if (spatial) mz += clip(factor * az);
    }
    positions[own] = x + mx * alpha;
    positions[own + 1] = y + my * alpha;
    if (spatial) positions[own + 2] = z + mz * alpha;
  }
  state.random[block] = random;
}

const clip = (value: number): number => (value > MOST ? MOST : value < -MOST ? -MOST : value);
