import type { Vectors } from "../protocol/engine";

/**
 * A row-major (rows × cols) matrix as a NumPy file, format version 1.0, dtype `<f4`
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): the data starts at a multiple of 64 bytes.
 */
export function exportNpy({ rows, cols, data }: Vectors): Uint8Array {
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${cols}), }`;
  const start = Math.ceil((10 + dict.length + 1) / 64) * 64;
  const file = new Uint8Array(start + rows * cols * 4);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]); // \x93NUMPY 1.0
  new DataView(file.buffer).setUint16(8, start - 10, true);
  file.set(new TextEncoder().encode(`${dict.padEnd(start - 11)}\n`), 10);
  file.set(new Uint8Array(data.buffer, data.byteOffset, rows * cols * 4), start);
  return file;
}

/** Coordinates as the (n × 2) or (n × 3) matrix of a map's npy file. */
export function coordinates(result: { x: Float32Array; y: Float32Array; z?: Float32Array }): Vectors {
  const columns = result.z ? [result.x, result.y, result.z] : [result.x, result.y];
  const cols = columns.length;
  const data = new Float32Array(result.x.length * cols);
  columns.forEach((column, c) => column.forEach((value, i) => (data[i * cols + c] = value)));
  return { rows: result.x.length, cols, data };
}
