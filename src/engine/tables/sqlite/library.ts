import { closeSync, openSync } from "node:fs";
import type { Database, PreparedStatement, Sqlite3Static } from "@sqlite.org/sqlite-wasm";
import { installVfs, lend } from "./vfs";

let loading: Promise<Sqlite3Static> | null = null;

/** SQLite itself, compiled to WebAssembly; loaded when the first such file is opened. */
export function loadSqlite(): Promise<Sqlite3Static> {
  loading ??= import("./sqlite-wasm").then(async ({ sqliteWasm }) => {
    const { default: init } = await sqliteWasm();
    const library = await init();
    // What goes wrong is thrown; the library's own lines about it would end up on stderr.
    library.config.error = library.config.warn = () => undefined;
    installVfs(library);
    return library;
  });
  return loading;
}

export type Statement = PreparedStatement;

/** A database that is open for reading. */
export interface Connection {
  prepare(sql: string): Statement;
  /** The rows of a statement that answers few. */
  rows(sql: string, bind?: readonly string[]): unknown[][];
  close(): void;
}

/** The longest text or blob that is read. */
const LONGEST = 64 << 20;

/**
 * Opens a database for reading. Nothing in it is run: no view, no trigger, no function that a schema calls, no virtual table.
 * @param file absolute path
 * @param size bytes
 */
export async function connect(file: string, size: number): Promise<Connection> {
  const library = await loadSqlite();
  const { capi } = library;
  const fd = openSync(file, "r");
  const { uri, vfs, forget } = lend(fd, size);
  let db: Database | null = null;
  const close = (): void => {
    db?.close();
    forget();
    closeSync(fd);
  };
  try {
    db = new library.oo1.DB({ filename: uri, flags: "r", vfs });
    const config = (option: number, value: number): unknown =>
      capi.sqlite3_db_config(db as never, option as never, value, 0 as never);
    config(capi.SQLITE_DBCONFIG_DEFENSIVE, 1);
    config(capi.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);
    config(capi.SQLITE_DBCONFIG_ENABLE_VIEW, 0);
    config(capi.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0);
    capi.sqlite3_limit(db, capi.SQLITE_LIMIT_LENGTH, LONGEST);
    db.exec("PRAGMA cell_size_check = ON");
  } catch (error) {
    close();
    throw error;
  }
  const open = db;
  return {
    prepare: (sql) => open.prepare(sql),
    rows: (sql, bind) =>
      open.exec({ sql, ...(bind && { bind: [...bind] }), rowMode: "array", returnValue: "resultRows" }),
    close,
  };
}

/** A name as SQL quotes it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
