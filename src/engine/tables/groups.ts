import { VectorBuilder } from "./column-builder";
import type { Block, Column, NumberData, Place, ReadContext, Table, TableParts, VectorData } from "./table";

/** Fewer numbered columns than this are coordinates or measures, not a vector. */
const LEAST_COLUMNS = 4;

/**
 * Groups of number columns that make up a vector: numbered in a row after a common name ("e0" … "e15", "dim_1" …, "0" … "383").
 * The group's name is that of its first and last column: "e0…e15".
 */
export function vectorGroups(columns: readonly Column[]): Column[] {
  const families = new Map<string, { number: number; name: string }[]>();
  for (const { name, type } of columns) {
    const match = type === "number" ? /^(.*?)(\d+)$/.exec(name) : null;
    if (!match) continue;
    const prefix = match[1]!;
    const members = families.get(prefix);
    const member = { number: Number(match[2]), name };
    if (members) members.push(member);
    else families.set(prefix, [member]);
  }
  return [...families.values()].flatMap((members) => {
    const sorted = members.sort((a, b) => a.number - b.number);
    const first = sorted[0]!;
    const isRow = first.number <= 1 && sorted.every(({ number }, i) => number === first.number + i);
    if (!isRow || sorted.length < LEAST_COLUMNS) return [];
    return [groupOf(sorted.map(({ name }) => name))];
  });
}

/** One vector column of several number columns. */
export const groupOf = (names: readonly string[]): Column => ({
  name: `${names[0]!}…${names.at(-1)!}`,
  type: "vector",
  dims: names.length,
  of: [...names],
});

/** A table with vector columns added that are made of its number columns. */
export class GroupedTable implements Table {
  readonly columns: readonly Column[];

  constructor(
    private readonly table: Table,
    private readonly groups: readonly Column[],
  ) {
    this.columns = [...table.columns, ...groups];
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

  get hasLines(): boolean {
    return this.table.hasLines;
  }

  get header(): boolean | undefined {
    return this.table.header;
  }

  know(place: Place): void {
    this.table.know?.(place);
  }

  get notes(): readonly string[] {
    return this.table.notes;
  }

  count(ctx?: ReadContext): Promise<number> {
    return this.table.count(ctx);
  }

  async read(columns: readonly string[], rows: Int32Array, ctx?: ReadContext): Promise<Block> {
    return this.gather(columns, await this.table.read(this.needed(columns), rows, ctx), rows.length);
  }

  async preview(columns: readonly string[], limit: number, ctx?: ReadContext): Promise<Block> {
    const block = await this.table.preview(this.needed(columns), limit, ctx);
    return this.gather(columns, block, block.columns[0] ? rowsOf(block) : 0);
  }

  close(): Promise<void> {
    return this.table.close();
  }

  private needed(columns: readonly string[]): string[] {
    return [...new Set(columns.flatMap((name) => this.group(name)?.of ?? [name]))];
  }

  private gather(columns: readonly string[], block: Block, rows: number): Block {
    const needed = this.needed(columns);
    const data = (name: string) => block.columns[needed.indexOf(name)]!;
    return {
      ...block,
      columns: columns.map((name) => {
        const group = this.group(name);
        return group
          ? vectorOf(
              group.of!.map((member) => (data(member) as NumberData).values),
              rows,
            )
          : data(name);
      }),
    };
  }

  private group(name: string): Column | undefined {
    return this.groups.find((group) => group.name === name);
  }
}

/** Rows of a block. */
export function rowsOf({ columns: [first] }: Block): number {
  if (!first) return 0;
  return first.type === "vector" ? first.values.length / first.dims : first.values.length;
}

function vectorOf(columns: readonly Float64Array[], rows: number): VectorData {
  const builder = new VectorBuilder(columns.length, rows);
  const row = new Float64Array(columns.length);
  for (let i = 0; i < rows; i++) {
    columns.forEach((column, c) => (row[c] = column[i]!));
    builder.push(row);
  }
  return builder.finish() as VectorData;
}
