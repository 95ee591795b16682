import { LensError } from "../../../protocol/errors";
import { parsePythonLiteral, type PythonValue } from "../python-literal";
import type { ByteSource } from "../source";

export const NPY_MAGIC = "\x93NUMPY";
const HEADER_LIMIT = 1 << 20;

export interface NpyHeader {
  descr: PythonValue;
  fortran: boolean;
  shape: number[];
  /** Where the data starts, in bytes. */
  start: number;
}

/**
 * The header of an npy file, versions 1 to 3 (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 * @throws LensError "source" when it is none
 */
export async function readNpyHeader(source: ByteSource): Promise<NpyHeader> {
  const prefix = new Uint8Array(12);
  const got = await source.readInto(prefix, 0);
  const view = new DataView(prefix.buffer);
  const magic = String.fromCharCode(...prefix.subarray(0, 6));
  if (got < 10 || magic !== NPY_MAGIC) throw broken(source, "it does not start as an npy file does");
  const wide = view.getUint8(6) >= 2;
  const start = wide ? 12 : 10;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  if (length > HEADER_LIMIT) throw broken(source, "its header is too long to be one");
  const text = new TextDecoder().decode(await source.read(start, length));
  let header: PythonValue;
  try {
    header = parsePythonLiteral(text);
  } catch {
    throw broken(source, "its header cannot be understood");
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) throw broken(source, "it has no header");
  const { descr, fortran_order: fortran, shape } = header;
  if (descr === undefined || !Array.isArray(shape) || !shape.every((n) => Number.isSafeInteger(n) && Number(n) >= 0)) {
    throw broken(source, "its header names no shape");
  }
  return { descr, fortran: fortran === true, shape: shape.map(Number), start: start + length };
}

const broken = (source: ByteSource, why: string): LensError =>
  new LensError("source", `${source.path} is not an npy file that can be read: ${why}.`);
