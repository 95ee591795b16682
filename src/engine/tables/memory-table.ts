import { type Cell, guessColumn } from "./cells";
import { columnBuilder } from "./column-builder";
import { checkRows, chosenColumns, distinctNames, firstRows } from "./columns";
import type { ByteSource } from "./source";
import type { Block, Column, Table, TableParts } from "./table";

/** Rows that columns are guessed from. */
const LOOK_ROWS = 1_000;

/** A column whose cells are all in memory. */
export interface MemoryColumn {
  name: string;
  cells: ArrayLike<Cell>;
}

/** A table that is in memory: what came of a file that cannot be read in pieces. */
export class MemoryTable implements Table {
  readonly hasLines = false;
  readonly parts?: TableParts | undefined;
  readonly columns: readonly Column[];

  /** @param rowCount of every column */
  constructor(
    readonly format: string,
    private readonly source: ByteSource,
    private readonly cells: readonly MemoryColumn[],
    readonly rowCount: number,
    readonly notes: readonly string[] = [],
  ) {
    const names = distinctNames(cells.map(({ name }) => name));
    this.columns = cells.map((column, i) =>
      guessColumn(names[i]!, Array.prototype.slice.call(column.cells, 0, LOOK_ROWS) as Cell[], true),
    );
  }

  count(): Promise<number> {
    return Promise.resolve(this.rowCount);
  }

  read(columns: readonly string[], rows: Int32Array): Promise<Block> {
    const chosen = chosenColumns(this.columns, columns, ({ name }) => name, this.source.path);
    checkRows(rows, this.rowCount);
    const data = chosen.map((column) => {
      const { cells } = this.cells[this.columns.indexOf(column)]!;
      const builder = columnBuilder(column, rows.length);
      for (const row of rows) builder.push(cells[row]);
      return builder.finish();
    });
    return Promise.resolve({ columns: data, lines: null, broken: [] });
  }

  preview(columns: readonly string[], limit: number): Promise<Block> {
    return this.read(columns, firstRows(Math.min(limit, this.rowCount)));
  }

  close(): Promise<void> {
    return this.source.close();
  }
}
