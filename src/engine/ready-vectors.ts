import { LensError } from "../protocol/errors";
import type { Embedded } from "./embed-items";
import type { ItemSet } from "./types";

/** Items that have their vectors already: nothing is embedded. The matrix moves to shared memory, so that threads read it without a copy. */
export function readyVectors({ vectors, ...items }: ItemSet): Embedded {
  if (!vectors) throw new LensError("internal", "Items of the kind vector came without vectors.");
  const { rows, cols, data } = vectors;
  const shared = new Float32Array(new SharedArrayBuffer(data.byteLength));
  shared.set(data);
  return {
    items,
    source: Int32Array.from({ length: rows }, (_, i) => i),
    matrix: { rows, cols, data: shared },
    model: { id: "vectors", name: "ready vectors", dims: cols, tensor: "as in the file" },
    truncated: 0,
  };
}
