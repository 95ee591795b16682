import { distinctNames } from "./columns";
import type { Block, Column, ColumnData, Place, ReadContext, Table, TableParts } from "./table";

/** How the rows of a table find those of another: the same place, or an equal key. `rows[i]` is the other's row of row i, -1 for none. */
export type RowMatch = { kind: "order" } | { kind: "key"; rows: Int32Array };

/** A table of vectors with the columns of a table beside it. Rows without a partner have empty cells there. */
export class JoinedTable implements Table {
  readonly columns: readonly Column[];
  readonly hasLines: boolean;
  private readonly otherNames = new Map<string, string>();

  /** @param leave columns of the other table that say what this table says already */
  constructor(
    private readonly table: Table,
    private readonly other: Table,
    private readonly match: RowMatch,
    leave: readonly string[],
  ) {
    const added = other.columns.filter(({ name }) => !leave.includes(name));
    const names = distinctNames([...table.columns, ...added].map(({ name }) => name));
    this.columns = [...table.columns, ...added].map((column, i) => ({ ...column, name: names[i]! }));
    added.forEach(({ name }, i) => this.otherNames.set(names[table.columns.length + i]!, name));
    this.hasLines = table.hasLines;
  }

  get format(): string {
    return this.table.format;
  }

  get parts(): TableParts | undefined {
    return this.table.parts;
  }

  get rowCount(): number | null {
    return this.table.rowCount;
  }

  get header(): boolean | undefined {
    return this.table.header;
  }

  know(place: Place): void {
    this.table.know?.(place);
  }

  get notes(): string[] {
    return [...this.table.notes, ...this.other.notes];
  }

  count(ctx?: ReadContext): Promise<number> {
    return this.table.count(ctx);
  }

  async read(columns: readonly string[], rows: Int32Array, ctx?: ReadContext): Promise<Block> {
    const mine = columns.filter((name) => !this.otherNames.has(name));
    const theirs = columns.flatMap((name) => this.otherNames.get(name) ?? []);
    const block = await this.table.read(mine, rows, ctx);
    if (theirs.length === 0) return block;
    const { match } = this;
    const partners = match.kind === "order" ? rows : rows.map((row) => match.rows[row] ?? -1);
    const wanted = Int32Array.from(new Set(partners))
      .filter((row) => row >= 0)
      .sort();
    const place = new Map(Array.from(wanted, (row, i) => [row, i]));
    const found = await this.other.read(theirs, wanted, ctx);
    const order = partners.map((row) => place.get(row) ?? -1);
    let my = 0;
    let their = 0;
    return {
      ...block,
      columns: columns.map((name) =>
        this.otherNames.has(name) ? reordered(found.columns[their++]!, order) : block.columns[my++]!,
      ),
    };
  }

  async preview(columns: readonly string[], limit: number, ctx?: ReadContext): Promise<Block> {
    const rows = Math.min(limit, await this.count(ctx));
    return this.read(
      columns,
      Int32Array.from({ length: rows }, (_, i) => i),
      ctx,
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.table.close(), this.other.close()]);
  }
}

/** Cells in another order; -1 is an empty cell. */
function reordered(data: ColumnData, order: Int32Array): ColumnData {
  switch (data.type) {
    case "text":
    case "list":
    case "other":
      return { type: data.type, values: Array.from(order, (i) => (i < 0 ? null : (data.values[i] ?? null))) };
    case "number":
    case "date":
    case "boolean":
      return { type: data.type, values: Float64Array.from(order, (i) => (i < 0 ? NaN : data.values[i]!)) };
    case "vector": {
      const { dims } = data;
      const values = new Float32Array(order.length * dims);
      const reasons = new Map(data.bad.map(({ at, reason }) => [at, reason]));
      const bad: { at: number; reason: string }[] = [];
      order.forEach((from, at) => {
        const reason = from < 0 ? "it has no vector" : reasons.get(from);
        if (reason !== undefined) bad.push({ at, reason });
        else values.set(data.values.subarray(from * dims, (from + 1) * dims), at * dims);
      });
      return { type: "vector", dims, values, bad };
    }
  }
}
