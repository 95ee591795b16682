import { chosenColumns, firstRows, checkRows } from "../columns";
import type { ByteSource } from "../source";
import type { Block, ReadContext, Table } from "../table";
import { readStrided, type StridedColumn } from "./strided";

/** A table whose columns are arrays with the same number of rows. */
export class ArrayTable implements Table {
  readonly hasLines = false;

  constructor(
    readonly format: string,
    private readonly source: ByteSource,
    private readonly arrays: readonly StridedColumn[],
    readonly rowCount: number,
    readonly notes: readonly string[],
  ) {}

  get columns() {
    return this.arrays.map(({ column }) => column);
  }

  count(): Promise<number> {
    return Promise.resolve(this.rowCount);
  }

  async read(columns: readonly string[], rows: Int32Array, ctx: ReadContext = {}): Promise<Block> {
    const chosen = chosenColumns(this.arrays, columns, ({ column }) => column.name, this.source.path);
    checkRows(rows, this.rowCount);
    const data = [];
    for (const array of chosen) data.push(await readStrided(array, rows, ctx));
    await this.source.check();
    return { columns: data, lines: null, broken: [] };
  }

  preview(columns: readonly string[], limit: number, ctx?: ReadContext): Promise<Block> {
    return this.read(columns, firstRows(Math.min(limit, this.rowCount)), ctx);
  }

  close(): Promise<void> {
    return this.source.close();
  }
}
