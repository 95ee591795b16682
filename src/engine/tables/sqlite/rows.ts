import type { Cell } from "../cells";
import { type Connection, quoted, type Statement } from "./library";
import type { SqliteColumn, SqliteSchema } from "./tables";

const FIRST = -(2n ** 63n);
const LAST = 2n ** 63n - 1n;

/** Reads rows of a table by their place, in the order of their row numbers. */
export class RowReader {
  /** Row number of the first row, when they have no gaps. */
  private dense: bigint | null = null;

  constructor(
    private readonly db: Connection,
    private readonly schema: SqliteSchema,
  ) {}

  /** The number of rows: one pass over the table, without what lies on pages of its own (long texts, blobs). */
  count(): number {
    const { name, rowid } = this.schema;
    const table = `${quoted(name)} NOT INDEXED`;
    const count = Number(this.db.rows(`SELECT count(*) FROM ${table}`)[0]![0]);
    if (rowid !== null && count > 0) {
      const [min, max] = ["min", "max"].map((end) =>
        BigInt(this.db.rows(`SELECT ${end}(${rowid}) FROM ${table}`)[0]![0] as number),
      );
      this.dense = max! - min! + 1n === BigInt(count) ? min! : null;
    }
    return count;
  }

  /**
   * @param rows from 0, ascending; those beyond the end are not there
   * @param use called with the cells of each row
   */
  read(columns: readonly SqliteColumn[], rows: Int32Array, use: (cells: readonly Cell[]) => void): void {
    const { name, rowid } = this.schema;
    const names = columns.map((column) => quoted(column.name));
    if (rowid === null) {
      const statement = this.db.prepare(`SELECT ${names.join(", ") || "1"} FROM ${quoted(name)} NOT INDEXED`);
      return finalized(statement, () => stepped(statement, columns.length, rows, use));
    }
    const statement = this.db.prepare(
      `SELECT ${[rowid, ...names].join(", ")} FROM ${quoted(name)} NOT INDEXED WHERE ${rowid} >= ?1 ORDER BY ${rowid} LIMIT -1 OFFSET ?2`,
    );
    finalized(statement, () => this.jumped(statement, columns.length, rows, use));
  }

  /** To a row that does not follow on the last one SQLite goes by itself: by its number, or over the rows between. */
  private jumped(statement: Statement, columns: number, rows: Int32Array, use: (cells: readonly Cell[]) => void): void {
    let next = 0;
    let from = FIRST;
    let started = false;
    for (const row of rows) {
      if (!started || row !== next) {
        statement.reset();
        if (this.dense === null) statement.bind([from, row - next]);
        else statement.bind([this.dense + BigInt(row), 0]);
        started = true;
      }
      if (!statement.step()) return;
      const number = BigInt(statement.get(0) as number | bigint);
      use(Array.from({ length: columns }, (_, i) => statement.get(i + 1)));
      next = row + 1;
      if (number === LAST) return;
      from = number + 1n;
    }
  }
}

function stepped(statement: Statement, columns: number, rows: Int32Array, use: (cells: readonly Cell[]) => void): void {
  let at = 0;
  for (let row = 0; at < rows.length && statement.step(); row++) {
    if (row !== rows[at]) continue;
    at++;
    use(Array.from({ length: columns }, (_, i) => statement.get(i)));
  }
}

function finalized(statement: Statement, work: () => void): void {
  try {
    work();
  } finally {
    statement.finalize();
  }
}
