import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { deflateRawSync } from "node:zlib";
import { openTable, type OpenOptions } from "../../../src/engine/tables/open";
import { cellText, type Block, type Table } from "../../../src/engine/tables/table";

const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** A folder of its own that is removed when the tests are done. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tables-"));
  folders.push(folder);
  return folder;
}

/** Writes a file into a folder of its own. */
export async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const file = join(await temporaryFolder(), name);
  await writeFile(file, content);
  return file;
}

/** Opens a file of this content and closes it after `use`. */
export async function withTable<T>(
  name: string,
  content: string | Uint8Array,
  use: (table: Table) => Promise<T>,
  options: OpenOptions = {},
): Promise<T> {
  const table = await openTable(await fileOf(name, content), { path: name, ...options });
  try {
    return await use(table);
  } finally {
    await table.close();
  }
}

/** All rows of all columns. */
export async function readAll(table: Table): Promise<Block> {
  const rows = await table.count();
  return table.read(
    table.columns.map(({ name }) => name),
    Int32Array.from({ length: rows }, (_, i) => i),
  );
}

/** The rows of a block as a person reads them. */
export const rowsOf = (block: Block, rows: number): (string | null)[][] =>
  Array.from({ length: rows }, (_, i) => block.columns.map((column) => cellText(column, i)));

/** All rows of a file as a person reads them. */
export const textRows = (
  name: string,
  content: string | Uint8Array,
  options?: OpenOptions,
): Promise<(string | null)[][]> =>
  withTable(name, content, async (table) => rowsOf(await readAll(table), await table.count()), options);

export const columnsOf = (name: string, content: string | Uint8Array): Promise<string[]> =>
  withTable(name, content, ({ columns }) =>
    Promise.resolve(
      columns.map((column) => `${column.name}: ${column.type}${column.dims > 0 ? ` ${column.dims}` : ""}`),
    ),
  );

/** The bytes of an npy file. */
export function npy(descr: string, shape: readonly number[], data: Uint8Array, fortran = false): Uint8Array {
  const dims = shape.join(", ") + (shape.length === 1 ? "," : "");
  const text = `{'descr': ${descr}, 'fortran_order': ${fortran ? "True" : "False"}, 'shape': (${dims}), }`;
  const header = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  return Buffer.concat([start, Buffer.from(header, "latin1"), data]);
}

export const bytesOf = (array: Float32Array | Float64Array | Uint16Array | Int32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

export interface ZipEntry {
  name: string;
  data: Uint8Array;
  deflate?: boolean;
  /** What the archive claims the entry unpacks to; absent: the truth. */
  claims?: number;
}

/** The bytes of a zip archive. */
export function zip(entries: readonly ZipEntry[]): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, deflate = false, claims = data.length } of entries) {
    const packed = deflate ? deflateRawSync(data) : Buffer.from(data);
    const title = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(deflate ? 8 : 0, 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claims, 18);
    common.writeUInt16LE(title.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, title, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, tail, title]));
    parts.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(
    directory.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

function crc32(data: Uint8Array): number {
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
