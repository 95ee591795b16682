// The vectors of the benches: clusters whose neighbourhoods are neither trivial nor hopeless.
import { createRandom } from "../../src/engine/random";
import type { Matrix } from "../../src/engine/types";

const INNER = 50;
export const CLUSTERS = 77;

/** A seeded mixture of 77 Gaussians in 50 dimensions, turned into `cols` with a little noise; and the cluster of each row. */
export function mixture(rows: number, cols: number): { matrix: Matrix; label: Int32Array } {
  const random = createRandom(1, rows);
  const centres = Float64Array.from({ length: CLUSTERS * INNER }, () => random.normal() * 1.05);
  const turn = Float64Array.from({ length: INNER * cols }, () => random.normal() / Math.sqrt(INNER));
  const data = new Float32Array(rows * cols);
  const label = new Int32Array(rows);
  const point = new Float64Array(INNER);
  const row = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    const c = random.below(CLUSTERS);
    label[i] = c;
    for (let d = 0; d < INNER; d++) point[d] = centres[c * INNER + d]! + random.normal();
    for (let j = 0; j < cols; j++) row[j] = 0.1 * random.normal();
    for (let d = 0; d < INNER; d++) for (let j = 0, at = d * cols; j < cols; j++) row[j]! += point[d]! * turn[at++]!;
    data.set(row, i * cols);
  }
  return { matrix: { rows, cols, data }, label };
}

/** A float32 or int32 array as the bytes of an .npy file. */
export function npy(data: Float32Array | Int32Array, shape: number[]): Uint8Array {
  const type = data instanceof Float32Array ? "<f4" : "<i4";
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(", ")},), }`;
  const header = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
  const size = Buffer.alloc(2);
  size.writeUInt16LE(header.length);
  const magic = Buffer.concat([Buffer.from([0x93]), Buffer.from("NUMPY"), Buffer.from([1, 0]), size]);
  return Buffer.concat([magic, Buffer.from(header), new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]);
}

/** What `npy` has written, without a copy: its data stand at a multiple of 64 bytes. */
export function fromNpy(bytes: Buffer): Matrix {
  const from = 10 + bytes.readUInt16LE(8);
  const shape = /\((\d+), (\d+)/.exec(bytes.toString("latin1", 10, from))!;
  const rows = Number(shape[1]);
  const cols = Number(shape[2]);
  return { rows, cols, data: new Float32Array(bytes.buffer, bytes.byteOffset + from, rows * cols) };
}
