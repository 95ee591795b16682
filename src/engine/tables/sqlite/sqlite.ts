import { LensError } from "../../../protocol/errors";
import { type Cell, guessColumn } from "../cells";
import { columnBuilder } from "../column-builder";
import { checkRows, chosenColumns, firstRows } from "../columns";
import type { ByteSource } from "../source";
import type { Block, Column, ReadContext, Table, TableParts } from "../table";
import { type BlobFormat, blobFormat, decodeBlob } from "./blob-vectors";
import { partsOfFile } from "../several";
import { checkHeader } from "./header";
import { connect, type Connection } from "./library";
import { RowReader } from "./rows";
import { chosenTable, type SqliteSchema } from "./tables";

const LOOK_ROWS = 100;

/** How the cells of a column are meant. */
interface OwnColumn {
  column: Column;
  blob: BlobFormat | null;
  truth: boolean;
}

/**
 * A table of an SQLite database. Its blobs are vectors when they look like float32 or float64 numbers.
 * @param file absolute path
 * @param wanted the table, when there are several
 * @throws LensError "source"; when there are several tables and none is named it names them
 */
export async function openSqlite(source: ByteSource, file: string, wanted?: string): Promise<Table> {
  const log = await checkHeader(source, file);
  const db = await connect(file, source.size).catch((error: unknown) => {
    throw damaged(source.path, error);
  });
  try {
    const schema = chosenTable(db, wanted, source.path);
    const reader = new RowReader(db, schema);
    const looks = schema.columns.map((): Cell[] => []);
    reader.read(schema.columns, firstRows(LOOK_ROWS), (cells) => looks.forEach((look, i) => look.push(cells[i])));
    if (looks[0]?.length === 0)
      throw new LensError("source", `The table “${schema.name}” of ${source.path} has no rows.`);
    const columns = schema.columns.map(({ name, declared }, i): OwnColumn => {
      const blob = blobFormat(looks[i]!);
      const truth = declared.startsWith("BOOL");
      return {
        blob,
        truth,
        column: guessColumn(
          name,
          looks[i]!.map((cell) => meant(cell, blob, truth)),
          false,
        ),
      };
    });
    const notes = [
      ...(log === null ? [] : [log]),
      ...schema.left.map((name) => `${source.path}: the column “${name}” would have to be computed; it is left out.`),
    ];
    return new SqliteTable(source, db, schema, reader, columns, notes);
  } catch (error) {
    db.close();
    if (log !== null && error instanceof LensError) throw new LensError("source", log);
    throw damaged(source.path, error);
  }
}

function meant(cell: Cell, blob: BlobFormat | null, truth: boolean): Cell {
  if (blob !== null) return decodeBlob(cell, blob);
  return truth && (cell === 0 || cell === 1) ? cell === 1 : cell;
}

class SqliteTable implements Table {
  readonly format = "SQLite";
  readonly hasLines = false;
  rowCount: number | null = null;

  constructor(
    private readonly source: ByteSource,
    private readonly db: Connection,
    private readonly schema: SqliteSchema,
    private readonly reader: RowReader,
    private readonly all: readonly OwnColumn[],
    readonly notes: readonly string[],
  ) {}

  get parts(): TableParts | undefined {
    return partsOfFile(this.schema.filled, this.schema.name);
  }

  get columns(): Column[] {
    return this.all.map(({ column }) => column);
  }

  count(): Promise<number> {
    return this.asked(() => (this.rowCount ??= this.reader.count()));
  }

  async read(columns: readonly string[], rows: Int32Array, ctx: ReadContext = {}): Promise<Block> {
    checkRows(rows, await this.count());
    const block = await this.collect(columns, rows, ctx);
    await this.source.check();
    return block;
  }

  preview(columns: readonly string[], limit: number, ctx: ReadContext = {}): Promise<Block> {
    return this.collect(columns, firstRows(limit), ctx);
  }

  close(): Promise<void> {
    this.db.close();
    return this.source.close();
  }

  private collect(names: readonly string[], rows: Int32Array, ctx: ReadContext): Promise<Block> {
    const chosen = chosenColumns(this.all, names, ({ column }) => column.name, this.source.path);
    const builders = chosen.map(({ column }) => columnBuilder(column, rows.length));
    const wanted = chosen.map((one) => this.schema.columns[this.all.indexOf(one)]!);
    return this.asked(() => {
      let done = 0;
      this.reader.read(wanted, rows, (cells) => {
        chosen.forEach(({ blob, truth }, i) => builders[i]!.push(meant(cells[i], blob, truth)));
        if (++done % 1_000 === 0) {
          ctx.signal?.throwIfAborted();
          ctx.report?.(done, rows.length);
        }
      });
      return { columns: builders.map((builder) => builder.finish()), lines: null, broken: [] };
    });
  }

  private asked<T>(work: () => T): Promise<T> {
    return new Promise((resolve) => resolve(work())).catch((error: unknown) => {
      throw damaged(this.source.path, error);
    }) as Promise<T>;
  }
}

/** What SQLite says about a file that it cannot read, as a sentence. */
function damaged(path: string, error: unknown): unknown {
  if (error instanceof LensError || (error instanceof Error && error.name === "AbortError")) return error;
  const why = error instanceof Error ? error.message.replace(/^.*: (?=[^:]+$)/s, "") : String(error);
  return new LensError(
    "source",
    `${path} is an SQLite database that cannot be read (${why}). Copy it again, or repair it with “.recover” of the sqlite3 program.`,
    { cause: error },
  );
}
