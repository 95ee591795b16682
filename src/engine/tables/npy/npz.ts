import type { Entry, ZipFile } from "yauzl";
import { LensError } from "../../../protocol/errors";
import { ArrayTable } from "../arrays/array-table";
import type { StridedColumn } from "../arrays/strided";
import { distinctNames } from "../columns";
import { type ByteSource, memorySource } from "../source";
import type { Table } from "../table";
import { allEntries, openEntry, openZip } from "../zip";
import { npyColumns } from "./npy";

/** The most bytes that the arrays of one compressed npz may unpack to: they have to be in memory. */
const UNPACKED_LIMIT = 1 << 30;
const ENTRY_LIMIT = 10_000;

/**
 * An npz file as a table: its arrays with the most common number of rows are the columns; the others are named in a note.
 * Stored arrays are read in place, compressed ones unpacked within a limit.
 * @throws LensError "source"
 */
export async function openNpz(source: ByteSource): Promise<Table> {
  let zip: ZipFile;
  let entries: Entry[];
  try {
    zip = await openZip(source);
    entries = await entriesOf(zip, source.path);
  } catch (error) {
    throw broken(source.path, error);
  }
  const arrays: { rows: number; columns: StridedColumn[]; notes: string[]; name: string }[] = [];
  const notes: string[] = [];
  let room = UNPACKED_LIMIT;
  for (const entry of entries) {
    const name = entry.fileName.replace(/\.npy$/i, "");
    try {
      const part = await partOf(zip, entry, source, room);
      if (entry.compressionMethod !== 0) room -= entry.uncompressedSize;
      arrays.push({ name, ...(await npyColumns(part, name)) });
    } catch (error) {
      if (!(error instanceof LensError) || entries.length === 1) throw broken(source.path, error);
      notes.push(error.message);
    }
  }
  const rows = usualRows(arrays);
  const columns = arrays.filter((array) => array.rows === rows && rows > 0);
  for (const array of arrays.filter((one) => one.rows !== rows)) {
    notes.push(`${source.path}: the array “${array.name}” has ${array.rows} rows, not ${rows}; it is left out.`);
  }
  if (columns.length === 0)
    throw new LensError("source", `${source.path} holds no array that can be shown. ${notes.join(" ")}`.trim());
  notes.push(...columns.flatMap((array) => array.notes));
  const all = columns.flatMap((array) => array.columns);
  const names = distinctNames(all.map(({ column }) => column.name));
  const named = all.map((array, i) => ({ ...array, column: { ...array.column, name: names[i]! } }));
  return new ArrayTable("NumPy archive", source, named, rows, notes);
}

/** The number of rows that most arrays have; of two as common ones that of the larger arrays. */
function usualRows(arrays: readonly { rows: number; columns: readonly StridedColumn[] }[]): number {
  const votes = new Map<number, number>();
  for (const { rows, columns } of arrays) {
    const width = columns.reduce((sum, column) => sum + column.width, 0);
    votes.set(rows, (votes.get(rows) ?? 0) + 1 + Math.min(width * rows, 1e15) / 1e16);
  }
  return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

async function partOf(zip: ZipFile, entry: Entry, source: ByteSource, room: number): Promise<ByteSource> {
  const path = `${source.path} (${entry.fileName})`;
  if (entry.isEncrypted()) throw new LensError("source", `${path} is encrypted. Save it without a password.`);
  if (entry.compressionMethod === 0) {
    const start = await new Promise<number>((resolve, reject) => {
      zip.readLocalFileHeader(entry, { minimal: true }, (error, header) => {
        if (error) reject(error);
        else resolve(header.fileDataStart);
      });
    });
    return slice(source, path, start, entry.uncompressedSize);
  }
  if (entry.uncompressedSize > room) {
    throw new LensError(
      "source",
      `${path} would unpack to ${Math.ceil(entry.uncompressedSize / 2 ** 20).toLocaleString("en-US")} MB, too much for memory. Save it with np.savez (not compressed).`,
    );
  }
  const stream = await openEntry(zip, entry);
  const unpacked: Buffer[] = [];
  for await (const piece of stream) unpacked.push(piece as Buffer);
  return memorySource(Buffer.concat(unpacked), path);
}

const slice = (source: ByteSource, path: string, start: number, size: number): ByteSource => ({
  path,
  size: Math.min(size, source.size - start),
  readInto: (into, at) => source.readInto(into.subarray(0, Math.max(0, size - at)), start + at),
  read: (at, length) => source.read(start + at, length),
  check: () => source.check(),
  close: () => Promise.resolve(),
});

async function entriesOf(zip: ZipFile, path: string): Promise<Entry[]> {
  if (zip.entryCount > ENTRY_LIMIT)
    throw new LensError("source", `${path} holds ${zip.entryCount} arrays, too many to be one table.`);
  const entries = (await allEntries(zip)).filter(({ fileName }) => /\.npy$/i.test(fileName));
  if (entries.length === 0) throw new LensError("source", `${path} is a zip file without NumPy arrays.`);
  return entries;
}

function broken(path: string, error: unknown): LensError {
  if (error instanceof LensError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new LensError("source", `${path} is not an npz file that can be read (${why}). Copy or save it again.`, {
    cause: error,
  });
}
