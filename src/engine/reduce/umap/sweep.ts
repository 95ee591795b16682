import { TABLE_BASE, TABLE_SHIFT, TABLE_SIZE, type GradientTables } from "./gradient";

/** All that the epochs of a layout share: plain arrays, so that threads can work on them. */
export interface Sweep extends GradientTables {
  count: number;
  dims: 2 | 3;
  epochs: number;
  /** (partitions + 1) the items of partition p are bounds[p] .. bounds[p + 1]. */
  bounds: Int32Array;
  /** (count + 1) edges of item i are start[i] .. start[i + 1]. */
  start: Int32Array;
  /** Place of the other end in `positions`. */
  target: Int32Array;
  /** Epochs between two draws of an edge. */
  interval: Float32Array;
  /** Epoch at which an edge is drawn next. */
  next: Float32Array;
  /** (2 · count × dims) the layout as the epoch began, then as it moves. */
  positions: Float32Array;
  /** (partitions) state of each partition's generator. */
  random: Uint32Array;
}

const MOST = 4;

/**
 * One epoch of one partition: every edge that is due pulls its item once and pushes it away from two or three random
 * ones, all seen from the same place, so that the processor can work on them at once. Pushes see the layout as the epoch
 * began.
 */
export function sweep(state: Sweep, partition: number, epoch: number): void {
  const { count, dims, start, target, interval, next, positions, pull, push } = state;
  const from = state.bounds[partition]!;
  const to = state.bounds[partition + 1]!;
  const alpha = 1 - epoch / state.epochs;
  const spatial = dims === 3;
  const toIndex = count / 0x1_0000_0000;
  const float = new Float32Array(1);
  const bits = new Int32Array(float.buffer);
  let random = state.random[partition]! | 0;
  // Five pushes for two pulls: two and three in turn.
  let flip = 0;
  for (let i = from; i < to; i++) {
    const own = (count + i) * dims;
    let x = positions[own]!;
    let y = positions[own + 1]!;
    let z = spatial ? positions[own + 2]! : 0;
    const end = start[i + 1]!;
    for (let edge = start[i]!; edge < end; edge++) {
      let due = next[edge]!;
      if (due > epoch) continue;
      const step = interval[edge]!;
      const other = target[edge]! * dims;
      const ox = positions[other]!;
      const oy = positions[other + 1]!;
      const oz = spatial ? positions[other + 2]! : 0;
      do {
        due += step;
        flip ^= 1;
        let mx = 0;
        let my = 0;
        let mz = 0;
        const dx = x - ox;
        const dy = y - oy;
        const dz = z - oz;
        float[0] = dx * dx + dy * dy + dz * dz;
        let place = (bits[0]! >> TABLE_SHIFT) - TABLE_BASE;
        if (place >= 0) {
          const factor = pull[place < TABLE_SIZE ? place : TABLE_SIZE - 1]!;
          mx += clip(factor * dx);
          my += clip(factor * dy);
          if (spatial) mz += clip(factor * dz);
        }
        for (let pushes = 2 + flip; pushes > 0; pushes--) {
          random ^= random << 13;
          random ^= random >>> 17;
          random ^= random << 5;
          const drawn = ((random >>> 0) * toIndex) | 0;
          if (drawn === i) continue;
          const away = drawn * dims;
          const ax = x - positions[away]!;
          const ay = y - positions[away + 1]!;
          const az = spatial ? z - positions[away + 2]! : 0;
          float[0] = ax * ax + ay * ay + az * az;
          place = (bits[0]! >> TABLE_SHIFT) - TABLE_BASE;
          if (place < 0) {
            mx += MOST;
            my += MOST;
            if (spatial) mz += MOST;
            continue;
          }
          const factor = push[place < TABLE_SIZE ? place : TABLE_SIZE - 1]!;
          mx += clip(factor * ax);
          my += clip(factor * ay);
          if (spatial) mz += clip(factor * az);
        }
        x += mx * alpha;
        y += my * alpha;
        if (spatial) z += mz * alpha;
      } while (due <= epoch);
      next[edge] = due;
    }
    positions[own] = x;
    positions[own + 1] = y;
    if (spatial) positions[own + 2] = z;
  }
  state.random[partition] = random;
}

const clip = (value: number): number => (value > MOST ? MOST : value < -MOST ? -MOST : value);
