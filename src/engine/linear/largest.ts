import { scoreKernels, type ScoreKernels } from "../simd/simd";

/** The bits of a float32 without its sign, and those of infinity: bits of sizes have their order, and those of NaN come last. */
const SIZE_BITS = 0x7fffffff;
const INFINITE = 0x7f800000;
const float = new Float32Array(1);
const floatBits = new Int32Array(float.buffer);

/** Values that are copied for the vector instructions at once: 64 KB. */
const PIECE = 1 << 14;
/** Values of which a loop is as quick as a copy. */
const FEW = 16;

/** What each thread has once; null where the TypeScript path runs. */
let room: { kernels: ScoreKernels; piece: Float32Array } | null | undefined;

function openRoom(): typeof room {
  const made = scoreKernels(4 * PIECE);
  return made && { kernels: made.kernels, piece: made.memory.float32(PIECE) };
}

/**
 * The size of the largest of the `count` values from `start`: Infinity or NaN when one is not finite.
 * @param simd false for the TypeScript path
 */
export function largestAt(values: Float32Array, start: number, count: number, simd = true): number {
  const isMany = simd && count > FEW;
  if (isMany && room === undefined) room = openRoom();
  const bits = isMany && room ? byKernels(room, values, start, count) : byLoop(values, start, count);
  if (bits > INFINITE) return NaN;
  floatBits[0] = bits;
  return float[0]!;
}

function byKernels(
  { kernels, piece }: NonNullable<typeof room>,
  values: Float32Array,
  start: number,
  count: number,
): number {
  let most = 0;
  for (let from = start; from < start + count; from += PIECE) {
    const part = values.subarray(from, Math.min(from + PIECE, start + count));
    piece.set(part);
    most = Math.max(most, kernels.largest(piece.byteOffset, part.length));
  }
  return most;
}

/** By bits, because a loop over floats that is not compiled yet makes an object of each. */
function byLoop(values: Float32Array, start: number, count: number): number {
  const bits = new Int32Array(values.buffer, values.byteOffset + 4 * start, count);
  let most = 0;
  for (const value of bits) most = Math.max(most, value & SIZE_BITS);
  return most;
}
