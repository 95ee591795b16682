import { columnBuilder, notFinite } from "../column-builder";
import type { ByteSource } from "../source";
import type { BadVector, Column, ColumnData, ReadContext } from "../table";
import type { Element, NumberElement } from "./element";

/** A column whose value j of row i starts at byte `start + i × rowStride + j × valueStride` of a source. */
export interface StridedColumn {
  column: Column;
  source: ByteSource;
  element: Element;
  start: number;
  rowStride: number;
  valueStride: number;
  /** Rows of the array. */
  count: number;
  /** Values of each row. */
  width: number;
}

/** The column of an array: one value or text a row, or a vector. */
export function stridedColumn(name: string, array: Omit<StridedColumn, "column">): StridedColumn {
  const { element, width } = array;
  const column: Column =
    width > 1 && element.kind !== "text"
      ? { name, type: "vector", dims: width }
      : { name, type: element.kind, dims: 0 };
  return { ...array, column };
}

/** Rows that are nearer than this are read at once. */
const GAP_BYTES = 1 << 16;
const BLOCK_BYTES = 1 << 22;

/** The cells of some rows (ascending, from 0). */
export async function readStrided(from: StridedColumn, rows: Int32Array, ctx: ReadContext): Promise<ColumnData> {
  const { column, element } = from;
  if (element.kind === "text") return readTexts(from, element.get, rows, ctx);
  const values = column.type === "vector" ? new Float32Array(rows.length * from.width) : new Float64Array(rows.length);
  await (from.valueStride === element.bytes || from.width === 1
    ? readRows(from, element, rows, values, ctx)
    : readByValue(from, element, rows, values, ctx));
  if (values instanceof Float64Array) return { type: element.kind, values };
  return { type: "vector", dims: from.width, values, bad: blankBad(values, from.width) };
}

/** C order: the values of a row lie together. */
async function readRows(
  from: StridedColumn,
  element: NumberElement,
  rows: Int32Array,
  into: Float32Array | Float64Array,
  ctx: ReadContext,
): Promise<void> {
  const { width } = from;
  const { bytes, get, isFloat32 } = element;
  const copied = isFloat32 && into instanceof Float32Array ? new Uint8Array(into.buffer) : null;
  const size = width * bytes;
  await eachRow(from, size, rows, ctx, (view, at, i) => {
    if (copied) {
      copied.set(new Uint8Array(view.buffer, view.byteOffset + at, size), i * size);
      return;
    }
    for (let j = 0; j < width; j++) into[i * width + j] = get(view, at + j * bytes);
  });
}

/** Fortran order: value j of all rows lies together. */
async function readByValue(
  from: StridedColumn,
  element: NumberElement,
  rows: Int32Array,
  into: Float32Array | Float64Array,
  ctx: ReadContext,
): Promise<void> {
  const { width, start, valueStride } = from;
  for (let j = 0; j < width; j++) {
    const column = { ...from, start: start + j * valueStride };
    await eachRow(column, element.bytes, rows, { ...(ctx.signal ? { signal: ctx.signal } : {}) }, (view, at, i) => {
      into[i * width + j] = element.get(view, at);
    });
    ctx.report?.(j + 1, width);
  }
}

async function readTexts(
  from: StridedColumn,
  get: (view: DataView, at: number) => string,
  rows: Int32Array,
  ctx: ReadContext,
): Promise<ColumnData> {
  const builder = columnBuilder(from.column, rows.length);
  const { bytes } = from.element;
  await eachRow(from, from.width * bytes, rows, ctx, (view, at) => {
    const texts = Array.from({ length: from.width }, (_, j) => get(view, at + j * from.valueStride));
    builder.push(texts.length === 1 ? texts[0] : texts.join(", "));
  });
  return builder.finish();
}

/** Calls `use` with the bytes of each row; rows that are near each other are read at once. */
async function eachRow(
  { source, start, rowStride }: StridedColumn,
  rowBytes: number,
  rows: Int32Array,
  ctx: ReadContext,
  use: (view: DataView, at: number, index: number) => void,
): Promise<void> {
  for (let i = 0; i < rows.length;) {
    ctx.signal?.throwIfAborted();
    const first = rows[i]!;
    let end = i + 1;
    while (
      end < rows.length &&
      (rows[end]! - rows[end - 1]!) * rowStride - rowBytes <= GAP_BYTES &&
      (rows[end]! - first) * rowStride + rowBytes <= BLOCK_BYTES
    )
      end++;
    const bytes = await source.read(start + first * rowStride, (rows[end - 1]! - first) * rowStride + rowBytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (; i < end; i++) use(view, (rows[i]! - first) * rowStride, i);
    ctx.report?.(i, rows.length);
  }
}

/** Names vectors that are not finite, and makes them zeros. */
export function blankBad(values: Float32Array, dims: number): BadVector[] {
  const bad: BadVector[] = [];
  for (let at = 0; at * dims < values.length; at++) {
    const reason = notFinite(values, at * dims, dims);
    if (reason === null) continue;
    values.fill(0, at * dims, (at + 1) * dims);
    bad.push({ at, reason });
  }
  return bad;
}
