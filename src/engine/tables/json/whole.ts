import { LensError } from "../../../protocol/errors";
import type { MemoryColumn } from "../memory-table";
import { fieldsOf, valueAt } from "./fields";
import { isNumbers, isRecord, type JsonRecord } from "./parse";

export interface WholeTable {
  columns: MemoryColumn[];
  rows: number;
}

/** Lengths that vectors have and columns rarely: an object of a few such arrays holds a vector for each word. */
const USUAL_DIMS = new Set([
  50, 64, 96, 100, 128, 200, 256, 300, 384, 512, 768, 1024, 1280, 1536, 2048, 2560, 3072, 4096,
]);

/**
 * The table in a JSON object: columns as arrays, columns or rows as pandas writes them (orient "columns", "index", "split"), records
 * by their key, or a vector for each word.
 * @throws LensError "source" when it is none of these
 */
export function wholeObject(object: JsonRecord, path: string): WholeTable {
  const entries = Object.entries(object);
  const split = splitOrient(object);
  if (split) return split;
  const arrays = entries.filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  if (arrays.length > 0 && arrays.length === entries.length) return arrayColumns(arrays, path);
  const records = entries.filter((entry): entry is [string, JsonRecord] => isRecord(entry[1]));
  if (records.length > 0 && records.length === entries.length) return keyedRecords(records);
  const lists = arrays.filter(([, list]) => list.length > 0 && list.every(isRecord));
  if (lists.length === 1) return recordRows(lists[0]![1] as JsonRecord[]);
  const equal = arrays.filter(([, list]) => list.length === arrays[0]![1].length);
  if (equal.length > 0 && equal.length === arrays.length && arrays[0]![1].length > 1) return arrayColumns(arrays, path);
  throw new LensError(
    "source",
    `${path} holds no table: its JSON is neither a list of records nor an object of columns.`,
  );
}

function arrayColumns(arrays: readonly [string, unknown[]][], path: string): WholeTable {
  const lengths = new Set(arrays.map(([, list]) => list.length));
  if (lengths.size > 1) {
    const [[a, first], [b, second]] = [arrays[0]!, arrays.find(([, list]) => list.length !== arrays[0]![1].length)!];
    throw new LensError(
      "source",
      `${path} holds columns of different lengths: “${a}” has ${first.length} values, “${b}” ${second.length}.`,
    );
  }
  const length = [...lengths][0]!;
  if (length === 0) throw new LensError("source", `${path} has no rows.`);
  const vectors = arrays.length > 1 && USUAL_DIMS.has(length) && arrays.every(([, list]) => isNumbers(list));
  if (vectors) {
    return {
      columns: [
        { name: "word", cells: arrays.map(([word]) => word) },
        { name: "vector", cells: arrays.map(([, list]) => list) },
      ],
      rows: arrays.length,
    };
  }
  return { columns: arrays.map(([name, cells]) => ({ name, cells })), rows: length };
}

/** Columns by row number, or rows by their key: the keys within tell. */
function keyedRecords(records: readonly [string, JsonRecord][]): WholeTable {
  const inner = Object.keys(records[0]![1]);
  const isNumbered = (keys: readonly string[]): boolean => keys.length > 0 && keys.every((key) => /^\d+$/.test(key));
  if (isNumbered(inner) && !isNumbered(records.map(([key]) => key))) {
    return {
      columns: records.map(([name, cells]) => ({ name, cells: inner.map((key) => cells[key]) })),
      rows: inner.length,
    };
  }
  const table = recordRows(records.map(([, record]) => record));
  return { ...table, columns: [{ name: "key", cells: records.map(([key]) => key) }, ...table.columns] };
}

function recordRows(records: readonly JsonRecord[]): WholeTable {
  const fields = fieldsOf(records);
  const columns = fields.map(({ column, path }) => ({
    name: column.name,
    cells: records.map((record) => valueAt(record, path)),
  }));
  return { columns, rows: records.length };
}

function splitOrient({ columns, data }: JsonRecord): WholeTable | null {
  if (!Array.isArray(columns) || !Array.isArray(data) || !data.every((row) => Array.isArray(row))) return null;
  const rows = data as unknown[][];
  return {
    columns: columns.map((name, i) => ({ name: String(name), cells: rows.map((row) => row[i]) })),
    rows: rows.length,
  };
}
