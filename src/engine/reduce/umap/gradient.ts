import { layoutMemory } from "../../simd/simd";
import type { Curve } from "./curve";

/** Steps of the look-up tables per octave of the squared distance: 2^STEP_BITS. */
const STEP_BITS = 8;
const FIRST_EXPONENT = -30;
const LAST_EXPONENT = 20;

/** The bits of a float32 squared distance, shifted by TABLE_SHIFT and less TABLE_BASE, are its place in the tables. */
export const TABLE_SHIFT = 23 - STEP_BITS;
export const TABLE_BASE = (FIRST_EXPONENT + 127) << STEP_BITS;
export const TABLE_SIZE = (LAST_EXPONENT - FIRST_EXPONENT) << STEP_BITS;

export interface GradientTables {
  /** Factor of the difference vector by which a neighbour pulls, at the middle of each step. */
  pull: Float32Array;
  /** The same for a random item that pushes. */
  push: Float32Array;
}

/**
 * The two gradient coefficients of UMAP for squared distances of 2^-30 to 2^20, 256 steps per octave: the powers in them
 * would take most of the time of a layout.
 * @param simd false for the TypeScript path, which has the same bits
 */
export function gradientTables({ a, b }: Curve, simd = true): GradientTables {
  const octaves = LAST_EXPONENT - FIRST_EXPONENT;
  const steps = 1 << STEP_BITS;
  const room = simd ? layoutMemory(8 * TABLE_SIZE + 16 * (octaves + steps)) : null;
  const float32 = (): Float32Array => room?.memory.float32(TABLE_SIZE) ?? new Float32Array(TABLE_SIZE);
  const float64 = (length: number, valueOf: (i: number) => number): Float64Array => {
    const values = room?.memory.float64(length) ?? new Float64Array(length);
    for (let i = 0; i < length; i++) values[i] = valueOf(i);
    return values;
  };
  const [pull, push] = [float32(), float32()];
  const parts = float64(steps, (s) => 1 + (s + 0.5) / steps);
  const powers = float64(steps, (s) => Math.pow(parts[s]!, b));
  const scales = float64(octaves, (o) => 2 ** (FIRST_EXPONENT + o));
  const scalePowers = float64(octaves, (o) => Math.pow(scales[o]!, b));
  if (room) {
    const places = [parts, powers, scales, scalePowers].map(({ byteOffset }) => byteOffset);
    const [ofParts, ofPowers, ofScales, ofScalePowers] = places as [number, number, number, number];
    const kernels = room.memory.kernels(room.module);
    kernels.tables(ofParts, ofPowers, ofScales, ofScalePowers, octaves, a, b, pull.byteOffset, push.byteOffset);
    return { pull, push };
  }
  for (let o = 0, at = 0; o < octaves; o++) {
    for (let s = 0; s < steps; s++, at++) {
      const square = scales[o]! * parts[s]!;
      const power = scalePowers[o]! * powers[s]!;
      pull[at] = (-2 * a * b * (power / square)) / (1 + a * power);
      push[at] = (2 * b) / ((0.001 + square) * (1 + a * power));
    }
  }
  return { pull, push };
}
