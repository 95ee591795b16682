import { LensError } from "../../protocol/errors";
import { extensionOf } from "../items/paths";
import { type CsvOptions, openCsv } from "./csv/csv";
import { openHdf5 } from "./hdf5/hdf5";
import { openJson, openJsonLines } from "./json/json";
import { openNpy } from "./npy/npy";
import { openSafetensors } from "./safetensors";
import { openSqlite } from "./sqlite/sqlite";
import { type ByteSource, memorySource, openFile } from "./source";
import type { Table } from "./table";
import { openTensorBytes } from "./text-vectors/tensor-bytes";
import { openWordVectors } from "./text-vectors/word-vectors";

export interface OpenOptions extends CsvOptions {
  /** As it stands in the recipe, for messages; absent: the file's own path. */
  path?: string | undefined;
  /** The table of a file that holds several (HDF5, SQLite, Excel). */
  part?: string | undefined;
  /** Absolute path of the table with the rows' texts; null for none; absent: looked for beside a file of vectors. */
  texts?: string | null | undefined;
  /** The text of an unsaved document with this path: it wins over the file. */
  text?: string | undefined;
}

/** Extensions of the files that can be opened as tables or vectors. */
export const TABLE_FILES = [
  ".csv",
  ".tsv",
  ".tab",
  ".json",
  ".jsonl",
  ".ndjson",
  ".parquet",
  ".arrow",
  ".feather",
  ".ipc",
  ".arrows",
  ".npy",
  ".npz",
  ".safetensors",
  ".h5",
  ".hdf5",
  ".hdf",
  ".bytes",
  ".vec",
  ".sqlite",
  ".sqlite3",
  ".db",
  ".db3",
  ".xlsx",
  ".xlsm",
  ".xls",
] as const;

/**
 * Opens a file of rows or vectors, by what it starts with and by its name.
 * @param file absolute path
 * @throws LensError "source": unreadable, empty, cut off, or of a kind that cannot be read
 */
export async function openTable(file: string, options: OpenOptions = {}): Promise<Table> {
  const path = options.path ?? file;
  const source =
    options.text === undefined ? await openFile(file, path) : memorySource(Buffer.from(options.text), path);
  try {
    if (source.size === 0) throw new LensError("source", `${path} is empty.`);
    return await openSource(source, file, options);
  } catch (error) {
    await source.close();
    throw error;
  }
}

function openSource(source: ByteSource, file: string, options: OpenOptions): Promise<Table> {
  switch (extensionOf(source.path)) {
    case ".csv":
    case ".tsv":
    case ".tab":
      return openCsv(source, options);
    case ".json":
      return openJson(source);
    case ".jsonl":
    case ".ndjson":
      return openJsonLines(source);
    case ".parquet":
    case ".pq":
      return openParquet(source);
    case ".arrow":
    case ".arrows":
    case ".feather":
    case ".ipc":
      return openArrow(source);
    case ".npy":
      return openNpy(source);
    case ".npz":
      return openNpz(source);
    case ".safetensors":
      return openSafetensors(source);
    case ".h5":
    case ".hdf5":
    case ".hdf":
      return openHdf5(source, file, options.part);
    case ".sqlite":
    case ".sqlite3":
    case ".db":
    case ".db3":
      return openSqlite(source, file, options.part);
    case ".xlsx":
    case ".xlsm":
    case ".xls":
      return openXlsx(source, options);
    case ".bytes":
      return openTensorBytes(source, file);
    case ".vec":
    case ".txt":
      return openText(source, options);
    default:
      return openUnknown(source, file, options);
  }
}

async function openText(source: ByteSource, options: OpenOptions): Promise<Table> {
  return (await openWordVectors(source)) ?? openCsv(source, options);
}

/** By the first bytes, for a name that says nothing. */
async function openUnknown(source: ByteSource, file: string, options: OpenOptions): Promise<Table> {
  const start = new Uint8Array(8);
  await source.readInto(start, 0);
  const magic = String.fromCharCode(...start);
  if (magic.startsWith("PAR1")) return openParquet(source);
  if (magic.startsWith("ARROW1")) return openArrow(source);
  if (magic.startsWith("\x93NUMPY")) return openNpy(source);
  if (magic.startsWith("\x89HDF")) return openHdf5(source, file, options.part);
  if (magic === "SQLite f") return openSqlite(source, file, options.part);
  if (magic.startsWith("PK\x03\x04")) return openNpz(source);
  if (/^\s*[[{]/.test(magic)) return openJson(source);
  return openText(source, options);
}

/** The readers with large libraries are loaded with the first such file. */
async function openParquet(source: ByteSource): Promise<Table> {
  return (await import("./parquet/parquet")).openParquet(source);
}

async function openArrow(source: ByteSource): Promise<Table> {
  return (await import("./arrow/arrow")).openArrow(source);
}

async function openNpz(source: ByteSource): Promise<Table> {
  return (await import("./npy/npz")).openNpz(source);
}

async function openXlsx(source: ByteSource, options: OpenOptions): Promise<Table> {
  return (await import("./xlsx/xlsx")).openXlsx(source, options);
}
