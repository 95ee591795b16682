import { open, stat } from "node:fs/promises";
import { LensError } from "../../../protocol/errors";
import { baseName } from "../../items/paths";
import type { ByteSource } from "../source";

const MAGIC = "SQLite format 3\0";
const HEADER_BYTES = 100;
/** Bytes before the first change that a write-ahead log holds. */
const LOG_HEADER = 32;

/**
 * What has to be known before SQLite sees a file (https://sqlite.org/fileformat2.html#the_database_header): whether it is a
 * database, whole, and not in the middle of being written.
 * @param file absolute path
 * @returns a sentence when a log beside it holds what is not in the file yet
 * @throws LensError "source"
 */
export async function checkHeader(source: ByteSource, file: string): Promise<string | null> {
  const { path, size } = source;
  const header = await source.read(0, Math.min(HEADER_BYTES, size));
  if (Buffer.from(header).toString("latin1", 0, 16) !== MAGIC) {
    throw new LensError(
      "source",
      `${path} does not start as an SQLite database: it is another kind of file, or encrypted. Save it as SQLite, without a password.`,
    );
  }
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const cut = new LensError("source", `${path} ends before its data does: it is cut off. Copy or download it again.`);
  if (size < HEADER_BYTES) throw cut;
  const pageSize = view.getUint16(16) === 1 ? 65_536 : view.getUint16(16);
  const pages = view.getUint32(28);
  const known = view.getUint32(24) === view.getUint32(92);
  if (known && pages * pageSize > size) throw cut;
  if (await journalIsHot(`${file}-journal`)) {
    throw new LensError(
      "source",
      `A program is writing into ${path}, or ended while it did (${baseName(path)}-journal is there). Let it finish, or open the database with it once.`,
    );
  }
  const log = await stat(`${file}-wal`).catch(() => null);
  if (!log || log.size <= LOG_HEADER) return null;
  return `${baseName(path)}-wal holds the latest changes of ${path}, which are not shown: close the program that has it open, then open it again.`;
}

/** A journal that is kept between transactions starts with zeros. */
async function journalIsHot(file: string): Promise<boolean> {
  const handle = await open(file, "r").catch(() => null);
  if (!handle) return false;
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(8), 0, 8, 0);
    return bytesRead === 8 && buffer.some((byte) => byte !== 0);
  } finally {
    await handle.close();
  }
}
