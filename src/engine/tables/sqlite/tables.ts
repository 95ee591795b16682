import { LensError } from "../../../protocol/errors";
import { SeveralTables } from "../several";
import { type Connection, quoted } from "./library";

/** A table of a database. */
export interface SqliteSchema {
  name: string;
  columns: SqliteColumn[];
  /** A name by which rows have a number, null for a table without. */
  rowid: string | null;
  /** The tables with rows. */
  filled: string[];
  /** Columns that would have to be computed. */
  left: string[];
}

export interface SqliteColumn {
  name: string;
  /** As declared, in capital letters; empty when nothing was. */
  declared: string;
}

const [VISIBLE, STORED] = [0, 3];
const LISTED = 12;

/**
 * The table of a database that is meant: the named one, else the only one that has rows. Views and virtual tables are none, since
 * reading them would run what the file says.
 * @throws LensError "source"; when there are several and none is named it names them
 */
export function chosenTable(db: Connection, wanted: string | undefined, path: string): SqliteSchema {
  const names = tableNames(db);
  const listed = (all: readonly string[]): string =>
    all
      .slice(0, LISTED)
      .map((name) => `“${name}”`)
      .join(", ") + (all.length > LISTED ? ` and ${all.length - LISTED} more` : "");
  const isFilled = (name: string): boolean => db.rows(`SELECT 1 FROM ${quoted(name)} NOT INDEXED LIMIT 1`).length > 0;
  if (wanted !== undefined) {
    const found =
      names.find((name) => name === wanted) ?? names.find((name) => name.toLowerCase() === wanted.toLowerCase());
    if (found) return schemaOf(db, found, names.filter(isFilled));
    throw new LensError("source", `${path} has no table “${wanted}”. Its tables: ${listed(names)}.`);
  }
  if (names.length === 0)
    throw new LensError("source", `${path} is a database without tables (views and virtual tables are not read).`);
  const filled = names.filter(isFilled);
  const [first, second] = filled;
  if (!first) throw new LensError("source", `${path} has no rows in any table: ${listed(names)}.`);
  if (second) throw new SeveralTables(`${path} holds several tables: ${listed(filled)}. Name one of them.`, filled);
  return schemaOf(db, first, filled);
}

/** Ordinary tables, as they were made; those that keep the contents of a virtual table are its own affair. */
function tableNames(db: Connection): string[] {
  const all = db.rows("SELECT name, rootpage FROM sqlite_schema WHERE type = 'table' ORDER BY rowid") as [
    string,
    number,
  ][];
  const virtual = all.filter(([, page]) => !page).map(([name]) => `${name}_`);
  const isOwn = (name: string): boolean => !name.startsWith("sqlite_") && !virtual.some((one) => name.startsWith(one));
  return all.filter(([name, page]) => page && isOwn(name)).map(([name]) => name);
}

function schemaOf(db: Connection, name: string, filled: string[]): SqliteSchema {
  const all = db
    .rows("SELECT name, type, hidden FROM pragma_table_xinfo(?)", [name])
    .map(([column, declared, hidden]) => ({
      name: String(column),
      declared: typeof declared === "string" ? declared.toUpperCase() : "",
      hidden: Number(hidden),
    }));
  const taken = new Set(all.map((column) => column.name.toLowerCase()));
  return {
    name,
    filled,
    columns: all.filter(({ hidden }) => hidden === VISIBLE || hidden === STORED),
    rowid: ["rowid", "_rowid_", "oid"].find((one) => !taken.has(one) && isColumn(db, name, one)) ?? null,
    left: all.filter(({ hidden }) => hidden !== VISIBLE && hidden !== STORED).map((column) => column.name),
  };
}

function isColumn(db: Connection, table: string, column: string): boolean {
  try {
    db.rows(`SELECT ${column} FROM ${quoted(table)} LIMIT 0`);
    return true;
  } catch {
    return false;
  }
}
