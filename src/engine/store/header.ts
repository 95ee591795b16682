import { open } from "node:fs/promises";

/** Two meta pages begin an LMDB file; in each, behind a page header of 24 bytes: magic, version, address, size of the map, page size. */
const META = 24;
const PAGE_SIZE_AT = META + 24;
const MAGIC = 0xbeefc0de;
const VERSION = 2;

/**
 * Whether a file can be given to LMDB: it is one of its databases with this page size, empty, or not there. Given anything
 * else, lmdb's binding ends the process.
 */
export async function isDatabase(path: string, pageBytes: number): Promise<boolean> {
  let file;
  try {
    file = await open(path, "r");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
  try {
    const { size } = await file.stat();
    if (size === 0) return true;
    if (size < 2 * pageBytes) return false;
    for (const page of [0, 1]) {
      const head = Buffer.alloc(PAGE_SIZE_AT + 4);
      await file.read(head, 0, head.length, page * pageBytes);
      if (head.readUInt32LE(META) !== MAGIC || head.readUInt16LE(META + 4) !== VERSION) return false;
      if (head.readUInt32LE(PAGE_SIZE_AT) !== pageBytes) return false;
    }
    return true;
  } finally {
    await file.close();
  }
}
