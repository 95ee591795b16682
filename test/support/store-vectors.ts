import { createHash } from "node:crypto";
import { createRandom } from "../../src/engine/random";

/** A vector of 384 dimensions that can be computed again from its number: what a store must give back. */
export function vectorOf(at: number): Uint8Array {
  const random = createRandom(at, 3);
  return new Uint8Array(Float32Array.from({ length: 384 }, () => random.normal()).buffer);
}

export const keyOf = (at: number): Buffer => createHash("sha256").update(`item ${at}`).digest().subarray(0, 24);
