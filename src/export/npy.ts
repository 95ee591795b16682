import type { Vectors } from "../protocol/engine";

/**
 * A row-major (rows × cols) matrix as a NumPy file, format version 1.0, dtype `<f4`
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html), as its header and its data: the data start
 * at a multiple of 64 bytes and are not copied.
 */
export function npyPieces({ rows, cols, data }: Vectors): [header: Uint8Array, data: Uint8Array] {
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${cols}), }`;
  const length = Math.ceil((10 + dict.length + 1) / 64) * 64;
  const header = new Uint8Array(length);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]); // \x93NUMPY 1.0
  new DataView(header.buffer).setUint16(8, length - 10, true);
  header.set(new TextEncoder().encode(`${dict.padEnd(length - 11)}\n`), 10);
  return [header, new Uint8Array(data.buffer, data.byteOffset, rows * cols * 4)];
}

/** `npyPieces` as one array. */
export function exportNpy(matrix: Vectors): Uint8Array {
  const [header, data] = npyPieces(matrix);
  const file = new Uint8Array(header.length + data.length);
  file.set(header);
  file.set(data, header.length);
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
