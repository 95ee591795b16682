import type { Cell } from "../cells";
import { checkFilters, failedRead, type H5Dataset } from "./library";

/** Rows nearer than this are read at once. */
const GAP_ROWS = 64;
const MOST_BYTES = 1 << 24;

/**
 * The cells of some rows of a data set of one or two dimensions: a value, or a list of values, a row.
 * @param transposed whether rows are the second dimension
 */
export function readRows(
  path: string,
  dataset: H5Dataset,
  rows: Int32Array,
  transposed: boolean,
  push: (cell: Cell) => void,
  signal?: AbortSignal,
): void {
  const shape = dataset.shape ?? [];
  const width = shape.length < 2 ? 1 : shape.reduce((product, n) => product * n, 1) / (shape[transposed ? 1 : 0] ?? 1);
  const rowBytes = Math.max(1, dataset.metadata.size * width);
  for (let i = 0; i < rows.length;) {
    signal?.throwIfAborted();
    const first = rows[i]!;
    let end = i + 1;
    while (
      end < rows.length &&
      rows[end]! - rows[end - 1]! <= GAP_ROWS &&
      (rows[end]! - first + 1) * rowBytes <= MOST_BYTES
    )
      end++;
    const last = rows[end - 1]! + 1;
    const block = slice(path, dataset, first, last, transposed);
    for (; i < end; i++) push(cellOf(block, rows[i]! - first, last - first, width, shape.length, transposed));
  }
}

function slice(path: string, dataset: H5Dataset, from: number, to: number, transposed: boolean): ArrayLike<unknown> {
  const dims = dataset.shape?.length ?? 1;
  const ranges = Array.from({ length: dims }, (_, d): [number, number] | [] =>
    d === (transposed ? 1 : 0) ? [from, to] : [],
  );
  checkFilters(path, dataset);
  try {
    const value: unknown = dims === 0 ? [dataset.value] : dataset.slice(ranges);
    if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView)))
      return value as ArrayLike<unknown>;
    throw new Error("no values");
  } catch (error) {
    throw failedRead(path, dataset, error);
  }
}

function cellOf(
  block: ArrayLike<unknown>,
  row: number,
  rows: number,
  width: number,
  dims: number,
  transposed: boolean,
): Cell {
  if (dims < 2) return block[row];
  if (transposed) return Array.from({ length: width }, (_, j) => block[j * rows + row]);
  return Array.prototype.slice.call(block, row * width, (row + 1) * width);
}
