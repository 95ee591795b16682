import { type Cell, guessColumn } from "../cells";
import { distinctNames } from "../columns";
import type { Column } from "../table";
import { isRecord, type JsonRecord } from "./parse";

/** A column of records: the way to its value through records within records. */
export interface Field {
  column: Column;
  path: readonly string[];
}

const MOST_DEPTH = 3;
/** A record with more different keys than this is data itself (a dictionary), and one column. */
const MOST_INNER_KEYS = 50;

/** The columns of some records: every key in the order of its first appearance; those of inner records are "outer.inner". */
export function fieldsOf(records: readonly JsonRecord[]): Field[] {
  const paths: string[][] = [];
  collect(records, [], paths);
  const names = distinctNames(paths.map((path) => path.join(".")));
  return paths.map((path, i) => ({
    path,
    column: guessColumn(
      names[i]!,
      records.map((record) => valueAt(record, path)),
      true,
    ),
  }));
}

function collect(records: readonly JsonRecord[], prefix: string[], paths: string[][]): void {
  const keys = new Set<string>();
  for (const record of records) for (const key of Object.keys(record)) keys.add(key);
  for (const key of keys) {
    const path = [...prefix, key];
    const values = records.map((record) => record[key]).filter((value) => value !== null && value !== undefined);
    const inner = values.length > 0 && values.every(isRecord) ? values : [];
    const innerKeys = new Set(inner.flatMap((record) => Object.keys(record)));
    if (innerKeys.size > 0 && innerKeys.size <= MOST_INNER_KEYS && path.length < MOST_DEPTH)
      collect(inner, path, paths);
    else paths.push(path);
  }
}

/** The value at the end of a path, undefined when a part of it is missing. */
export function valueAt(record: JsonRecord, path: readonly string[]): Cell {
  let value: unknown = record;
  for (const key of path) {
    if (!isRecord(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}
