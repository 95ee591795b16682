import type { Vectors } from "../protocol/engine";
import type { SimilarityMatrix } from "../protocol/result";
import { unpackRow } from "../protocol/triangle";

/**
 * A row-major (rows × cols) matrix as a NumPy file, format version 1.0, dtype `<f4`
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html), as its header and its data: the data start
 * at a multiple of 64 bytes and are not copied.
 */
export function npyPieces({ rows, cols, data }: Vectors): [header: Uint8Array, data: Uint8Array] {
  return [npyHeader(rows, cols), new Uint8Array(data.buffer, data.byteOffset, rows * cols * 4)];
}

/** Values of a matrix that are written at once: 4 MB. */
const PIECE = 1 << 20;

/**
 * A similarity matrix as a NumPy file, some rows after others: only its triangle is in memory.
 * @param selection positions of the rows and columns that are written; absent: all
 */
export function* npySimilarity(
  { triangle, index }: Pick<SimilarityMatrix, "triangle" | "index">,
  selection: Int32Array | null = null,
): Generator<Uint8Array> {
  const n = index.length;
  const rows = selection?.length ?? n;
  yield npyHeader(rows, rows);
  const whole = new Float32Array(n);
  const most = Math.max(1, Math.floor(PIECE / rows));
  for (let from = 0; from < rows; from += most) {
    const count = Math.min(most, rows - from);
    const piece = new Float32Array(count * rows);
    for (let at = 0; at < count; at++) {
      unpackRow(triangle, n, selection?.[from + at] ?? from + at, whole);
      piece.set(selection ? Float32Array.from(selection, (j) => whole[j]!) : whole, at * rows);
    }
    yield new Uint8Array(piece.buffer);
  }
}

function npyHeader(rows: number, cols: number): Uint8Array {
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${cols}), }`;
  const length = Math.ceil((10 + dict.length + 1) / 64) * 64;
  const header = new Uint8Array(length);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]); // \x93NUMPY 1.0
  new DataView(header.buffer).setUint16(8, length - 10, true);
  header.set(new TextEncoder().encode(`${dict.padEnd(length - 11)}\n`), 10);
  return header;
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
