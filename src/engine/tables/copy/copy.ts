import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { LensError } from "../../../protocol/errors";
import { openTable, type OpenOptions } from "../open";
import { copyRecords } from "./copy-records";
import type { ReadContext, Table } from "../table";

/** A column that is added to a copy: a whole number for some rows, nothing for the others. */
export interface AddedColumn {
  /** Made distinct from the columns there are: "cluster_2". */
  name: string;
  /** Rows from 0 that have a value, each once. */
  rows: Int32Array;
  values: Int32Array;
}

/** Writes bytes to the end of the copy. */
export type Sink = (bytes: Uint8Array) => Promise<void>;

/**
 * Copies a table with one more column at its end; all else stays as it is, byte for byte. CSV, TSV, JSON Lines, JSON lists of records,
 * and Parquet.
 * @param target absolute path of a new file
 * @returns the name of the column in the copy
 * @throws LensError "source" for other formats, or when the file cannot be read
 */
export async function copyWithColumn(
  file: string,
  options: OpenOptions,
  added: AddedColumn,
  target: string,
  ctx: ReadContext,
): Promise<string> {
  const table = await openTable(file, options);
  try {
    const name = freeName(added.name, table);
    const handle = await open(target, "wx");
    try {
      await copy(table, file, options, { ...added, name }, sinkOf(handle), ctx);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return name;
  } finally {
    await table.close();
  }
}

async function copy(
  table: Table,
  file: string,
  { path = file }: OpenOptions,
  added: AddedColumn,
  sink: Sink,
  ctx: ReadContext,
): Promise<void> {
  if (table.file?.insert) return copyRecords(table.file, added, sink, ctx);
  if (table.format === "Parquet") {
    const { copyParquet } = await import("./copy-parquet");
    return copyParquet(file, path, added, sink, ctx);
  }
  throw new LensError(
    "source",
    `A column can be added to CSV, TSV, JSON Lines, a JSON list of records and Parquet; ${path} is another kind of file. Save the map instead.`,
  );
}

function freeName(wanted: string, { columns }: Table): string {
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  let name = wanted;
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${wanted}_${n}`;
  return name;
}

const sinkOf =
  (handle: FileHandle): Sink =>
  async (bytes) => {
    for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at)).bytesWritten;
  };
