// A thread that turns tables into files of binary formats: it takes seconds for large ones, in which nothing else may wait.
// The command line, which has nothing else to do, calls the writers themselves.
import { parentPort } from "node:worker_threads";
import { arrowFile } from "./arrow";
import type { BinaryFormat } from "./binary";
import type { ExportTable } from "./columns";
import { parquetFile } from "./parquet";

export { arrowFile, parquetFile };

const WRITERS: Record<BinaryFormat, (table: ExportTable) => Uint8Array> = { parquet: parquetFile, arrow: arrowFile };

parentPort?.once("message", ({ format, table }: { format: BinaryFormat; table: ExportTable }) => {
  const file = WRITERS[format](table);
  const bytes = file.byteLength === file.buffer.byteLength ? file : file.slice();
  parentPort?.postMessage(bytes, [bytes.buffer as ArrayBuffer]);
});
