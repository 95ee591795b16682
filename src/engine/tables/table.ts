import type { Report } from "../types";
import type { RecordFile } from "./records/record-table";

/** What a column holds. A vector has the same number of values in (nearly) every row; a list is anything else in brackets. */
export type ColumnType = "text" | "number" | "boolean" | "date" | "vector" | "list" | "other";

export interface Column {
  /** As in the file, made distinct: a second "a" is "a_2". A field of a record within a record is "outer.inner". */
  name: string;
  type: ColumnType;
  /** Values of a vector; the most common length when rows differ. 0 for other types. */
  dims: number;
  /** The columns that make up this vector, when it is a group of number columns. */
  of?: string[];
}

/** Texts, lists and records: as a person reads them. Null where there is none. */
export interface TextData {
  type: "text" | "list" | "other";
  values: (string | null)[];
}

/** NaN where there is none. Dates are milliseconds since 1970 (UTC), booleans 1 and 0. */
export interface NumberData {
  type: "number" | "date" | "boolean";
  values: Float64Array;
}

/** A vector that cannot be used, by its position in `VectorData` and why. Its values are zeros. */
export interface BadVector {
  at: number;
  reason: string;
}

/** (rows × dims) row-major float32. */
export interface VectorData {
  type: "vector";
  dims: number;
  values: Float32Array;
  bad: BadVector[];
}

export type ColumnData = TextData | NumberData | VectorData;

/** Some columns of some rows. */
export interface Block {
  /** In the order asked for. */
  columns: ColumnData[];
  /** The line of the file, from 1, at which each row starts; null when the file has no lines. */
  lines: Int32Array | null;
  /** Rows that could not be read at all, by their position in the block. Their cells are empty. */
  broken: { at: number; reason: string }[];
  /** What is odd about rows that can be read: "another number of cells than the 3 columns". */
  odd?: { at: number; what: string }[];
  /** The byte at which each row starts, of files that are read record by record: see `Table.know`. */
  offsets?: Float64Array;
}

/** A place between two records of a text. */
export interface Place {
  /** Byte of the file. */
  offset: number;
  /** Records before it. */
  record: number;
  /** Line of the file, from 1. */
  line: number;
}

export interface ReadContext {
  /** Aborted when the user cancels. */
  signal?: AbortSignal;
  /** Bytes or rows done, of a total. */
  report?: Report;
}

/** The tables of a file that holds several. */
export interface TableParts {
  names: readonly string[];
  chosen: string;
}

/**
 * An open file of rows. Nothing of its rows is in memory until it is read; the same rows can be read again, in any number
 * of pieces, until it is closed.
 */
export interface Table {
  /** "CSV", "Parquet", … */
  readonly format: string;
  readonly columns: readonly Column[];
  /** The tables of the file with rows, where there are several. */
  readonly parts?: TableParts | undefined;
  /** Null while it takes a pass over the file to know: see `count`. */
  readonly rowCount: number | null;
  /** Whether rows have a line to go to. */
  readonly hasLines: boolean;
  /** Whether the first row named the columns; absent where the format leaves no choice. */
  readonly header?: boolean | undefined;
  /** What a person should know about how the file was read, as sentences. */
  readonly notes: readonly string[];
  /** The number of rows; needs a pass over text files, once. @throws LensError "source" when the file changed or is unreadable */
  count(ctx?: ReadContext): Promise<number>;
  /**
   * Cells of some columns and rows. Only what is needed is read.
   * @param columns names of columns
   * @param rows rows from 0, ascending
   * @throws LensError "source" for an unknown column, a file that changed since it was opened or is unreadable
   */
  read(columns: readonly string[], rows: Int32Array, ctx?: ReadContext): Promise<Block>;
  /** The first rows, at most `limit`, without counting all of them. */
  preview(columns: readonly string[], limit: number, ctx?: ReadContext): Promise<Block>;
  /** Where a record is, by an earlier reading: that row alone can then be read without a pass over the file. */
  know?(place: Place): void;
  /** Of a text file of records: what a copy is made of. (Each file of dist/ has its own classes: `instanceof` tells nothing.) */
  readonly file?: RecordFile;
  close(): Promise<void>;
}

/** A cell for a person: numbers in short form, dates as ISO 8601; null where there is none. */
export function cellText(data: ColumnData, at: number): string | null {
  switch (data.type) {
    case "text":
    case "list":
    case "other":
      return data.values[at] ?? null;
    case "number":
    case "boolean":
    case "date": {
      const value = data.values[at] ?? NaN;
      if (Number.isNaN(value)) return null;
      if (data.type === "boolean") return value === 1 ? "true" : "false";
      return data.type === "date" ? dateText(value) : String(value);
    }
    case "vector":
      return `[${data.values
        .slice(at * data.dims, at * data.dims + Math.min(data.dims, 4))
        .join(", ")}${data.dims > 4 ? ", …" : ""}]`;
  }
}

const dateText = (ms: number): string =>
  Math.abs(ms) > 8.64e15 ? String(ms) : new Date(ms).toISOString().replace(/T00:00:00\.000Z$/, "");
