import { LensError } from "../../protocol/errors";
import { ArrayTable } from "./arrays/array-table";
import { type ElementCode, numberElement } from "./arrays/element";
import { stridedColumn } from "./arrays/strided";
import { isRecord } from "./json/parse";
import type { ByteSource } from "./source";
import type { Table } from "./table";

const CODES: Record<string, ElementCode> = {
  F64: "f8",
  F32: "f4",
  F16: "f2",
  BF16: "bf2",
  I64: "i8",
  I32: "i4",
  I16: "i2",
  I8: "i1",
  U64: "u8",
  U32: "u4",
  U16: "u2",
  U8: "u1",
  BOOL: "b1",
};
/** As the format's own readers have it. */
const HEADER_LIMIT = 100_000_000;

interface Tensor {
  name: string;
  code: ElementCode;
  rows: number;
  width: number;
  start: number;
}

/**
 * A safetensors file (https://huggingface.co/docs/safetensors) as a table: the largest matrix and the tensors with as many rows are
 * columns; the others are named in a note.
 * @throws LensError "source"
 */
export async function openSafetensors(source: ByteSource): Promise<Table> {
  const { path, size } = source;
  if (size < 10) throw broken(path, "it is too short");
  const length = Number(new DataView((await source.read(0, 8)).slice().buffer).getBigUint64(0, true));
  if (length > HEADER_LIMIT || length + 8 > size) throw broken(path, "its header is longer than the file");
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(await source.read(8, length)));
  } catch {
    throw broken(path, "its header cannot be understood");
  }
  if (!isRecord(header)) throw broken(path, "its header names no tensors");
  const tensors = Object.entries(header).flatMap(([name, value]) => tensorOf(name, value, 8 + length, source));
  const bySize = [...tensors].sort((a, b) => b.rows * b.width - a.rows * a.width);
  const largest = bySize.find(({ rows, width }) => rows > 1 && width > 1) ?? bySize.find(({ rows }) => rows > 1);
  if (!largest) throw new LensError("source", `${path} holds no matrix that can be shown.`);
  const chosen = tensors.filter(({ rows }) => rows === largest.rows);
  const others = tensors.filter(({ rows }) => rows !== largest.rows).map(({ name }) => `“${name}”`);
  const notes =
    others.length === 0
      ? []
      : [
          `${path} also holds ${others.slice(0, 8).join(", ")}${others.length > 8 ? ", …" : ""}, with another number of rows; left out.`,
        ];
  const columns = chosen.map(({ name, code, rows, width, start }) => {
    const element = numberElement(code, true);
    return stridedColumn(name, {
      source,
      element,
      start,
      rowStride: width * element.bytes,
      valueStride: element.bytes,
      count: rows,
      width,
    });
  });
  return new ArrayTable("safetensors", source, columns, largest.rows, notes);
}

function tensorOf(name: string, value: unknown, base: number, source: ByteSource): Tensor[] {
  if (name === "__metadata__" || !isRecord(value)) return [];
  const { dtype, shape, data_offsets: offsets } = value;
  const code = CODES[String(dtype)];
  if (
    !Array.isArray(shape) ||
    !Array.isArray(offsets) ||
    !shape.every((n) => Number.isSafeInteger(n) && Number(n) >= 0)
  ) {
    throw broken(source.path, `its tensor “${name}” has no shape`);
  }
  if (!code) return [];
  const [rows = 1, ...inner] = shape.map(Number);
  const width = inner.reduce((product, n) => product * n, 1);
  const [from = 0, to = 0] = offsets.map(Number);
  if (to - from !== rows * width * numberElement(code, true).bytes)
    throw broken(source.path, `its tensor “${name}” has another size than its shape`);
  if (base + to > source.size) throw broken(source.path, "it is cut off");
  return rows * width === 0 ? [] : [{ name, code, rows, width, start: base + from }];
}

const broken = (path: string, why: string): LensError =>
  new LensError("source", `${path} is not a safetensors file that can be read: ${why}. Copy or download it again.`);
