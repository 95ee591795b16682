import init from "@sqlite.org/sqlite-wasm";

/** The bytes of an SQLite database that these statements make. */
export async function sqlite(
  ...statements: readonly (string | [sql: string, rows: readonly (readonly unknown[])[]])[]
): Promise<Uint8Array> {
  const { oo1, capi } = await init();
  const db = new oo1.DB(":memory:");
  try {
    for (const one of statements) {
      if (typeof one === "string") db.exec(one);
      else {
        const [sql, rows] = one;
        db.exec("BEGIN");
        for (const bind of rows) db.exec({ sql, bind: bind as never });
        db.exec("COMMIT");
      }
    }
    return capi.sqlite3_js_db_export(db);
  } finally {
    db.close();
  }
}
