import { LensError } from "../../protocol/errors";
import { halfToFloat } from "./half";

/** A tensor of a .safetensors file: its element type as the file names it, its shape and its bytes. */
export interface StoredTensor {
  dtype: string;
  shape: number[];
  bytes: Uint8Array;
}

const ELEMENT_BYTES: Record<string, number> = {
  ...{ F64: 8, F32: 4, F16: 2, BF16: 2 },
  ...{ I64: 8, I32: 4, I16: 2, I8: 1, U8: 1 },
};
/** The format's own limit of a header. */
const HEADER_LIMIT = 100_000_000;

/**
 * The tensors of a file by name, as views of its bytes.
 * Format: https://huggingface.co/docs/safetensors (8 bytes of header length, a JSON header, then the data; little-endian).
 * @param path what an error calls the file
 * @throws LensError "model" when the bytes are not such a file, or it ends too early
 */
export function readSafetensors(file: Uint8Array, path: string): Map<string, StoredTensor> {
  const damaged = (why: string): LensError => new LensError("model", `${path} is damaged: ${why}.`);
  if (file.length < 8) throw damaged("it is shorter than its header");
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  if (length > HEADER_LIMIT || 8 + length > file.length) throw damaged("it ends within its header");
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  } catch {
    throw damaged("its header is not JSON");
  }
  if (typeof header !== "object" || header === null) throw damaged("its header is not an object");
  const data = file.subarray(8 + length);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const tensor = tensorOf(entry, data);
    if (tensor === null) throw damaged(`its tensor “${name}” does not fit the file`);
    tensors.set(name, tensor);
  }
  return tensors;
}

function tensorOf(entry: unknown, data: Uint8Array): StoredTensor | null {
  const { dtype, shape, data_offsets } = entry as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  if (typeof dtype !== "string" || !isSizes(shape) || !isSizes(data_offsets) || data_offsets.length !== 2) return null;
  const [from, to] = data_offsets as [number, number];
  const size = ELEMENT_BYTES[dtype];
  const count = shape.reduce((product, one) => product * one, 1);
  if (from > to || to > data.length || (size !== undefined && to - from !== count * size)) return null;
  return { dtype, shape, bytes: data.subarray(from, to) };
}

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && (one as number) >= 0);

/** The values of a tensor as float32; 8-bit integers stay the numbers they are. Null for a type that holds no numbers known here. */
export function tensorFloats({ dtype, bytes }: StoredTensor): Float32Array | null {
  const own = new Uint8Array(bytes).buffer;
  switch (dtype) {
    case "F32":
      return new Float32Array(own);
    case "F64":
      return Float32Array.from(new Float64Array(own));
    case "F16":
      return halfToFloat(new Uint16Array(own));
    case "BF16": {
      const wide = Uint32Array.from(new Uint16Array(own), (half) => half << 16);
      return new Float32Array(wide.buffer);
    }
    case "I8":
      return Float32Array.from(new Int8Array(own));
    case "U8":
      return Float32Array.from(new Uint8Array(own));
    case "I32":
      return Float32Array.from(new Int32Array(own));
    default:
      return null;
  }
}

/** The values of an integer tensor; null for another type. */
export function tensorIntegers({ dtype, bytes }: StoredTensor): Int32Array | null {
  const own = new Uint8Array(bytes).buffer;
  switch (dtype) {
    case "I64":
      return Int32Array.from(new BigInt64Array(own), Number);
    case "I32":
      return new Int32Array(own);
    case "I16":
      return Int32Array.from(new Int16Array(own));
    case "U8":
      return Int32Array.from(bytes);
    default:
      return null;
  }
}
