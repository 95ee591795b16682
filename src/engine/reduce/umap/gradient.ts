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
 */
export function gradientTables({ a, b }: Curve): GradientTables {
  const pull = new Float32Array(TABLE_SIZE);
  const push = new Float32Array(TABLE_SIZE);
  for (let i = 0; i < TABLE_SIZE; i++) {
    const octave = FIRST_EXPONENT + (i >> STEP_BITS);
    const part = ((i & ((1 << STEP_BITS) - 1)) + 0.5) / (1 << STEP_BITS);
    const square = 2 ** octave * (1 + part);
    const power = Math.pow(square, b);
    pull[i] = (-2 * a * b * (power / square)) / (1 + a * power);
    push[i] = (2 * b) / ((0.001 + square) * (1 + a * power));
  }
  return { pull, push };
}
