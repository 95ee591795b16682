import { LensError } from "../../../protocol/errors";
import type { Cell } from "../cells";
import type { MemoryColumn } from "../memory-table";
import { arrayColumns } from "../pickle/cells";
import { readPickle } from "../pickle/reader";
import { PickleArray, PickleRefused } from "../pickle/values";
import { attribute, checkFilters, failedRead, type H5Dataset, type H5Group, type Library } from "./library";

/** Bytes of a frame that is read whole. */
const WHOLE_LIMIT = 1_500_000_000;

/**
 * The columns of a frame in pandas' "fixed" format: blocks of equal type, those of objects pickled. The columns keep the frame's
 * order; an index of texts is a column "index".
 * @throws LensError "source"
 */
export function readFixedFrame(library: Library, group: H5Group, path: string): MemoryColumn[] {
  const dataset = (name: string): H5Dataset => {
    const entity = group.get(name);
    if (entity instanceof library.Dataset) return entity;
    throw new LensError(
      "source",
      `${path} holds a frame whose part “${name}” is missing. Its columns may have several levels: flatten them first.`,
    );
  };
  const blocks = Number(attribute(group, "nblocks") ?? 0);
  const byName = new Map<string, ArrayLike<Cell>>();
  let bytes = 0;
  for (let i = 0; i < blocks; i++) {
    const values = dataset(`block${i}_values`);
    bytes += values.metadata.size * (values.shape ?? []).reduce((product, n) => product * n, 1);
    if (bytes > WHOLE_LIMIT)
      throw new LensError("source", `${path} holds a frame too large to be read whole. Save it as Parquet.`);
    const names = textsOf(path, dataset(`block${i}_items`));
    blockColumns(path, values).forEach((cells, c) => byName.set(names[c] ?? `block${i}_${c}`, cells));
  }
  const order = textsOf(path, dataset("axis0"));
  const columns = order.flatMap((name) => (byName.has(name) ? [{ name, cells: byName.get(name)! }] : []));
  const axis = dataset("axis1");
  if (attribute(axis, "kind") === "string") columns.unshift({ name: "index", cells: textsOf(path, axis) });
  return columns;
}

function blockColumns(path: string, dataset: H5Dataset): ArrayLike<Cell>[] {
  if (attribute(dataset, "PSEUDOATOM") === "object") return pickledColumns(path, dataset);
  const [rows = 0, width = 1] = dataset.shape ?? [];
  const values = valueOf(path, dataset);
  const isTime = attribute(dataset, "value_type")?.startsWith("datetime64") ?? false;
  return Array.from({ length: width }, (_, c) =>
    Array.from({ length: rows }, (_, r) => {
      const value = values[r * width + c];
      return isTime ? timeOf(value) : value;
    }),
  );
}

function pickledColumns(path: string, dataset: H5Dataset): ArrayLike<Cell>[] {
  const [bytes] = Array.from(valueOf(path, dataset));
  try {
    const array = bytes instanceof Uint8Array ? readPickle(bytes) : null;
    if (!(array instanceof PickleArray)) throw new PickleRefused("it holds something other than an array");
    return arrayColumns(array);
  } catch (error) {
    if (!(error instanceof PickleRefused)) throw error;
    throw new LensError(
      "source",
      `${path}: the pickle in “${dataset.path}” was not opened: ${error.message}. Save the frame as Parquet or CSV.`,
      {
        cause: error,
      },
    );
  }
}

/** Nanoseconds since 1970 as a date; pandas' NaT is none. */
export function timeOf(value: unknown): Date | null {
  if (typeof value !== "bigint" && typeof value !== "number") return null;
  const ms = Number(value) / 1e6;
  return ms < -9e12 || Number.isNaN(ms) ? null : new Date(Math.round(ms));
}

function textsOf(path: string, dataset: H5Dataset): string[] {
  return Array.from(valueOf(path, dataset), (value) =>
    value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value),
  );
}

function valueOf(path: string, dataset: H5Dataset): ArrayLike<unknown> {
  checkFilters(path, dataset);
  try {
    const value: unknown = dataset.value;
    if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView)))
      return value as ArrayLike<unknown>;
    throw new Error("no values");
  } catch (error) {
    throw failedRead(path, dataset, error);
  }
}
