import type { Cell } from "../cells";
import type { Decode } from "../csv/csv-cells";
import type { RecordReader } from "../records/record-table";
import { type Field, valueAt } from "./fields";
import { isRecord, parseJson } from "./parse";

const NOT_JSON = "it is not valid JSON";

/** Cells of records. */
export function recordReader(fields: readonly Field[], decode: Decode): RecordReader {
  return {
    read(bytes, start, end, columns, into) {
      const record = parsed(decode(bytes, start, end));
      if (record === undefined) return NOT_JSON;
      if (!isRecord(record)) return "it is not a record ({ … })";
      columns.forEach((column, i) => (into[i] = valueAt(record, fields[column]!.path)));
      return null;
    },
  };
}

/** Cells of rows that are arrays. */
export function arrayReader(decode: Decode): RecordReader {
  return {
    read(bytes, start, end, columns, into) {
      const row = parsed(decode(bytes, start, end));
      if (row === undefined) return NOT_JSON;
      if (!Array.isArray(row)) return "it is not a row ([ … ])";
      columns.forEach((column, i) => (into[i] = row[column] as Cell));
      return null;
    },
  };
}

/** One cell a record: its value. */
export function valueReader(decode: Decode): RecordReader {
  return {
    read(bytes, start, end, columns, into) {
      const value = parsed(decode(bytes, start, end));
      if (value === undefined) return NOT_JSON;
      into.fill(value, 0, columns.length);
      return null;
    },
  };
}

/** Entries of an object: the key is the first column, the value the second. */
export function entryReader(decode: Decode): RecordReader {
  return {
    read(bytes, start, end, columns, into) {
      const entry = parsed(`{${decode(bytes, start, end)}}`);
      const pair = isRecord(entry) ? Object.entries(entry)[0] : undefined;
      if (!pair) return NOT_JSON;
      columns.forEach((column, i) => (into[i] = pair[column]));
      return null;
    },
  };
}

const parsed = (text: string): unknown => {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
};
