import type { Cell } from "../cells";

/** How the blobs of a column hold vectors: little-endian numbers, one after another. */
export type BlobFormat = "float32" | "float64";

const MOST = 0.9;
const LEAST_BYTES = 8;
const [SMALLEST, LARGEST] = [1e-12, 1e6];

/**
 * How blobs hold vectors, or null when they don't. Most of them have one length; as numbers they are finite and of the size that
 * embeddings have, which pictures, texts and compressed data are not.
 */
export function blobFormat(cells: readonly Cell[]): BlobFormat | null {
  const known = cells.filter((cell) => cell !== null && cell !== undefined);
  const blobs = known.filter((cell) => cell instanceof Uint8Array);
  if (blobs.length === 0 || blobs.length < known.length * MOST) return null;
  const usual = usualLength(blobs);
  const alike = blobs.filter(({ length }) => length === usual);
  if (usual < LEAST_BYTES || usual % 4 !== 0 || alike.length * 2 < blobs.length) return null;
  if (usual % 8 === 0 && alike.every(lowWordsAreZero) && alike.every((blob) => isSane(decode(blob, "float64"))))
    return "float64";
  if (alike.every((blob) => isSane(decode(blob, "float32")))) return "float32";
  return usual % 8 === 0 && alike.every((blob) => isSane(decode(blob, "float64"))) ? "float64" : null;
}

/** The numbers of a blob; bytes that are no whole number of numbers are left as they are. */
export function decodeBlob(cell: Cell, format: BlobFormat): Cell {
  if (!(cell instanceof Uint8Array)) return cell;
  return cell.length % (format === "float32" ? 4 : 8) === 0 ? decode(cell, format) : cell;
}

function decode(blob: Uint8Array, format: BlobFormat): Float32Array | Float64Array {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  return format === "float32"
    ? Float32Array.from({ length: blob.length / 4 }, (_, i) => view.getFloat32(i * 4, true))
    : Float64Array.from({ length: blob.length / 8 }, (_, i) => view.getFloat64(i * 8, true));
}

/** Not finite values are left to the check of vectors, one by one; a blob of nothing else is no vector. */
function isSane(values: Float32Array | Float64Array): boolean {
  let known = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const size = Math.abs(value);
    if (size !== 0 && (size < SMALLEST || size > LARGEST)) return false;
    known++;
  }
  return known * 2 > values.length;
}

/** Doubles of round numbers (0.5, 3) end in zeros, and would also pass as pairs of floats. */
function lowWordsAreZero(blob: Uint8Array): boolean {
  let high = false;
  for (let i = 0; i < blob.length; i += 8) {
    if (blob[i] !== 0 || blob[i + 1] !== 0 || blob[i + 2] !== 0 || blob[i + 3] !== 0) return false;
    high ||= blob[i + 7] !== 0;
  }
  return high;
}

function usualLength(blobs: readonly Uint8Array[]): number {
  const counts = new Map<number, number>();
  for (const { length } of blobs) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]![0];
}
