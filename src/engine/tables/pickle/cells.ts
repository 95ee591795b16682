import type { Cell } from "../cells";
import { parseDType } from "../npy/dtype";
import { PickleArray, PickleRefused } from "./values";

const MOST_DEPTH = 3;

/** The elements of an array of one or two dimensions as columns, each with a cell a row. */
export function arrayColumns(array: PickleArray): Cell[][] {
  const [rows = 0, ...inner] = array.shape;
  const width = inner.reduce((product, n) => product * n, 1);
  const values = valuesOf(array);
  if (values.length < rows * width) throw new PickleRefused("it is cut off");
  // Objects are listed row by row whatever the order of the array in memory was; only raw values lie as they did.
  const byColumn = array.fortran && !Array.isArray(array.data);
  return Array.from({ length: width }, (_, c) =>
    Array.from({ length: rows }, (_, r) => plainCell(values[byColumn ? c * rows + r : r * width + c], 0)),
  );
}

/** A value of a pickle as a cell: arrays and lists as lists, dictionaries as records. */
export function plainCell(value: unknown, depth: number): Cell {
  if (value instanceof PickleArray) {
    const values = valuesOf(value);
    return value.shape.length === 0 ||
      (value.shape.length === 1 && value.shape[0] === 1 && depth === 0 && !Array.isArray(value.data))
      ? plainCell(values[0], depth + 1)
      : Array.isArray(values)
        ? plainCell(values, depth)
        : values;
  }
  if (depth >= MOST_DEPTH) return null;
  if (Array.isArray(value)) return value.map((one) => plainCell(one, depth + 1));
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, one]) => [String(key), plainCell(one, depth + 1)]));
  if (typeof value === "object" && value !== null && !(value instanceof Uint8Array)) {
    throw new PickleRefused("it holds an object that is not plain data");
  }
  return typeof value === "number" && Number.isNaN(value) ? null : value;
}

function valuesOf({ data, dtype, shape }: PickleArray): ArrayLike<unknown> {
  if (Array.isArray(data)) return data;
  const count = shape.reduce((product, n) => product * n, 1);
  const { fields, bytes } = parseDType(`${dtype.order}${dtype.code}`);
  const element = fields[0]?.element;
  if (!element || count * bytes > data.length) throw new PickleRefused("it is cut off");
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (element.kind === "text") return Array.from({ length: count }, (_, i) => element.get(view, i * bytes));
  return Float64Array.from({ length: count }, (_, i) => element.get(view, i * bytes));
}
