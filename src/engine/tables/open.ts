import { LensError } from "../../protocol/errors";
import { extensionOf } from "../items/paths";
import type { CsvOptions } from "./csv/csv";
import { openNpy } from "./npy/npy";
import { type ByteSource, memorySource, openFile } from "./source";
import type { Table } from "./table";

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

async function openSource(source: ByteSource, file: string, options: OpenOptions): Promise<Table> {
  const extension = extensionOf(source.path);
  if (extension === ".npy") return openNpy(source);
  const readers = await import("./readers");
  switch (extension) {
    case ".csv":
    case ".tsv":
    case ".tab":
      return readers.openCsv(source, options);
    case ".json":
      return readers.openJson(source);
    case ".jsonl":
    case ".ndjson":
      return readers.openJsonLines(source);
    case ".parquet":
    case ".pq":
      return readers.openParquet(source);
    case ".arrow":
    case ".arrows":
    case ".feather":
    case ".ipc":
      return readers.openArrow(source);
    case ".npz":
      return readers.openNpz(source);
    case ".safetensors":
      return readers.openSafetensors(source);
    case ".h5":
    case ".hdf5":
    case ".hdf":
      return readers.openHdf5(source, file, options.part);
    case ".sqlite":
    case ".sqlite3":
    case ".db":
    case ".db3":
      return readers.openSqlite(source, file, options.part);
    case ".xlsx":
    case ".xlsm":
    case ".xls":
      return readers.openXlsx(source, options);
    case ".bytes":
      return readers.openTensorBytes(source, file);
    case ".vec":
    case ".txt":
      return openText(source, options, readers);
    default:
      return openUnknown(source, file, options, readers);
  }
}

type Readers = typeof import("./readers");

async function openText(source: ByteSource, options: OpenOptions, readers: Readers): Promise<Table> {
  return (await readers.openWordVectors(source)) ?? readers.openCsv(source, options);
}

/** By the first bytes, for a name that says nothing. */
async function openUnknown(source: ByteSource, file: string, options: OpenOptions, readers: Readers): Promise<Table> {
  const start = new Uint8Array(8);
  await source.readInto(start, 0);
  const magic = String.fromCharCode(...start);
  if (magic.startsWith("PAR1")) return readers.openParquet(source);
  if (magic.startsWith("ARROW1")) return readers.openArrow(source);
  if (magic.startsWith("\x93NUMPY")) return openNpy(source);
  if (magic.startsWith("\x89HDF")) return readers.openHdf5(source, file, options.part);
  if (magic === "SQLite f") return readers.openSqlite(source, file, options.part);
  if (magic.startsWith("PK\x03\x04")) return readers.openNpz(source);
  if (/^\s*[[{]/.test(magic)) return readers.openJson(source);
  return openText(source, options, readers);
}
