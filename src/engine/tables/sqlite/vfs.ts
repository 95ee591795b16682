import { readSync } from "node:fs";
import type { sqlite3_file, Sqlite3Result, Sqlite3Static } from "@sqlite.org/sqlite-wasm";

const NAME = "read-only";
const SECTOR_BYTES = 4_096;
const names = new Map<string, OpenFile>();
const opened = new Map<number, OpenFile>();
let next = 0;

/** A file that SQLite may read, and nothing else. */
interface OpenFile {
  fd: number;
  size: number;
}

/**
 * Teaches SQLite to read files that are open here, and only these: it can neither write nor lock, and finds no other file by any
 * name, whatever a database says (https://sqlite.org/vfs.html).
 */
export function installVfs({ capi, wasm, vfs }: Sqlite3Static): void {
  const { SQLITE_OK, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_IOERR_READ, SQLITE_IOERR_SHORT_READ } = capi;
  const io = new capi.sqlite3_io_methods();
  const own = new capi.sqlite3_vfs();
  const usual = new capi.sqlite3_vfs(capi.sqlite3_vfs_find(null)) as unknown as Record<string, unknown> & {
    dispose(): void;
  };
  const fine = (): Sqlite3Result => SQLITE_OK;
  const refused = (): Sqlite3Result => SQLITE_READONLY;
  Object.assign(io, { $iVersion: 1 });
  Object.assign(own, {
    $iVersion: 1,
    $szOsFile: (capi.sqlite3_file as unknown as sqlite3_file).structInfo.sizeof,
    $mxPathname: 64,
    $xRandomness: usual["$xRandomness"],
    $xSleep: usual["$xSleep"],
    $xCurrentTime: usual["$xCurrentTime"],
  });
  usual.dispose();
  vfs.installVfs({
    io: {
      struct: io,
      methods: {
        xClose: (file) => {
          opened.delete(file);
          return SQLITE_OK;
        },
        xRead: (file, into, length, from) => {
          const { fd } = opened.get(file)!;
          const bytes = wasm.heap8u().subarray(into, into + length);
          try {
            const read = fill(fd, bytes, BigInt(from));
            if (read === length) return SQLITE_OK;
            bytes.fill(0, read);
            return SQLITE_IOERR_SHORT_READ;
          } catch {
            return SQLITE_IOERR_READ;
          }
        },
        xWrite: refused,
        xTruncate: refused,
        xSync: fine,
        xFileSize: (file, size) => {
          wasm.poke(size, BigInt(opened.get(file)!.size) as unknown as number, "i64");
          return SQLITE_OK;
        },
        xLock: fine,
        xUnlock: fine,
        xCheckReservedLock: (_, held) => {
          wasm.poke(held, 0, "i32");
          return SQLITE_OK;
        },
        xFileControl: () => capi.SQLITE_NOTFOUND,
        xSectorSize: () => SECTOR_BYTES as Sqlite3Result,
        xDeviceCharacteristics: () => capi.SQLITE_IOCAP_IMMUTABLE as number as Sqlite3Result,
      },
    },
    vfs: {
      struct: own,
      name: NAME,
      methods: {
        xOpen: (_, name, file, flags, outFlags) => {
          const found = name === 0 ? undefined : names.get(wasm.cstrToJs(name) ?? "");
          if (!found || (flags & capi.SQLITE_OPEN_MAIN_DB) === 0) return SQLITE_CANTOPEN;
          const struct = new capi.sqlite3_file(file);
          Object.assign(struct, { $pMethods: io.pointer });
          struct.dispose();
          opened.set(file, found);
          if (outFlags) wasm.poke(outFlags, capi.SQLITE_OPEN_READONLY, "i32");
          return SQLITE_OK;
        },
        xDelete: refused,
        xAccess: (_, __, ___, exists) => {
          wasm.poke(exists, 0, "i32");
          return SQLITE_OK;
        },
        xFullPathname: (_, name, length, into) => {
          wasm.cstrncpy(into, name, length);
          return SQLITE_OK;
        },
        xGetLastError: fine,
      },
    },
  });
}

function fill(fd: number, bytes: Uint8Array, from: bigint): number {
  let done = 0;
  while (done < bytes.length) {
    const read = readSync(fd, bytes, done, bytes.length - done, from + BigInt(done));
    if (read === 0) break;
    done += read;
  }
  return done;
}

/** Gives SQLite a file to read under a name of its own; `forget` takes it back. */
export function lend(fd: number, size: number): { uri: string; vfs: string; forget: () => void } {
  const name = `/${++next}`;
  names.set(name, { fd, size });
  return { uri: `file:${name}?immutable=1`, vfs: NAME, forget: () => names.delete(name) };
}
