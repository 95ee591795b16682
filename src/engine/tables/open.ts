import { extensionOf, baseName } from "../items/paths";
import { LensError } from "../../protocol/errors";
import { type CsvOptions, openCsv } from "./csv/csv";
import { openJson, openJsonLines } from "./json/json";
import { openNpy } from "./npy/npy";
import { openNpz } from "./npy/npz";
import { openParquet } from "./parquet/parquet";
import { type ByteSource, openFile } from "./source";
import type { Table } from "./table";

export interface OpenOptions extends CsvOptions {
  /** As it stands in the recipe, for messages; absent: the file's own path. */
  path?: string;
}

/**
 * Opens a file of rows or vectors, by what it starts with and by its name.
 * @param file absolute path
 * @throws LensError "source": unreadable, empty, cut off, or of a kind that cannot be read
 */
export async function openTable(file: string, options: OpenOptions = {}): Promise<Table> {
  const source = await openFile(file, options.path ?? file);
  try {
    if (source.size === 0) throw new LensError("source", `${source.path} is empty.`);
    return await openSource(source, options);
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function openSource(source: ByteSource, options: OpenOptions): Promise<Table> {
  switch (extensionOf(source.path)) {
    case ".npy":
      return openNpy(source);
    case ".npz":
      return openNpz(source);
    case ".csv":
    case ".tsv":
    case ".tab":
    case ".txt":
      return openCsv(source, options);
    case ".json":
      return openJson(source);
    case ".jsonl":
    case ".ndjson":
      return openJsonLines(source);
    case ".parquet":
      return openParquet(source);
    default:
      throw new LensError("source", `${baseName(source.path)} is of a kind that cannot be read.`);
  }
}
