import { LensError } from "../../../protocol/errors";
import { type Cell, guessColumn } from "../cells";
import { columnBuilder } from "../column-builder";
import { checkRows, chosenColumns, distinctNames, firstRows } from "../columns";
import type { ByteSource } from "../source";
import type { Block, Column, ReadContext, Table } from "../table";
import { type Batches, openBatches } from "./batches";
import { type DataType, DataType as Type, type Field, type RecordBatch, Vector } from "./arrow-library";

const LOOK_ROWS = 100;
const EXACT = 2n ** 53n;

interface ArrowColumn {
  column: Column;
  path: readonly string[];
}

/**
 * An Arrow IPC file or stream, or a Feather file of version 2 (also compressed), as a table. One record batch is in memory at a time.
 * @throws LensError "source"
 */
export async function openArrow(source: ByteSource): Promise<Table> {
  let batches: Batches;
  try {
    batches = await openBatches(source);
  } catch (error) {
    throw broken(source.path, error);
  }
  const paths = batches.schema.fields.flatMap((field) => pathsOf(field, []));
  const names = distinctNames(paths.map((path) => path.join(".")));
  const looks = paths.map((): Cell[] => []);
  try {
    for await (const batch of batches.each((i) => i === 0)) {
      if (!batch) break;
      for (let row = 0; row < Math.min(LOOK_ROWS, batch.numRows); row++) {
        paths.forEach((path, i) => looks[i]!.push(cellAt(vectorAt(batch, path), row)));
      }
      if (looks[0] && looks[0].length > 0) break;
    }
  } catch (error) {
    throw broken(source.path, error);
  }
  if (paths.length === 0 || looks[0]!.length === 0) throw new LensError("source", `${source.path} has no rows.`);
  return new ArrowTable(
    source,
    batches,
    paths.map((path, i) => ({ path, column: columnOf(names[i]!, looks[i]!) })),
  );
}

function columnOf(name: string, cells: readonly Cell[]): Column {
  const huge = cells.some((cell) => typeof cell === "bigint" && (cell > EXACT || cell < -EXACT));
  return huge ? { name, type: "text", dims: 0 } : guessColumn(name, cells, true);
}

const pathsOf = (field: Field, outer: readonly string[]): string[][] => {
  const path = [...outer, field.name];
  const { type } = field as { type: DataType };
  return Type.isStruct(type) ? type.children.flatMap((child: Field) => pathsOf(child, path)) : [path];
};

class ArrowTable implements Table {
  readonly format = "Arrow";
  readonly hasLines = false;
  readonly notes: readonly string[] = [];
  /** First row of each batch, and the number of rows at the end; null before they were counted. */
  private starts: number[] | null = null;

  constructor(
    private readonly source: ByteSource,
    private readonly batches: Batches,
    private readonly all: readonly ArrowColumn[],
  ) {}

  get columns(): Column[] {
    return this.all.map(({ column }) => column);
  }

  get rowCount(): number | null {
    return this.starts?.at(-1) ?? null;
  }

  async count(ctx: ReadContext = {}): Promise<number> {
    if (this.starts) return this.starts.at(-1)!;
    const starts = [0];
    await this.visit(
      () => true,
      ctx,
      (batch) => void starts.push(starts.at(-1)! + batch.numRows),
    );
    this.starts = starts;
    return starts.at(-1)!;
  }

  async read(columns: readonly string[], rows: Int32Array, ctx: ReadContext = {}): Promise<Block> {
    checkRows(rows, await this.count({ ...(ctx.signal ? { signal: ctx.signal } : {}) }));
    return this.collect(columns, rows, ctx);
  }

  preview(columns: readonly string[], limit: number, ctx: ReadContext = {}): Promise<Block> {
    return this.collect(columns, firstRows(limit), ctx);
  }

  close(): Promise<void> {
    return this.source.close();
  }

  private async collect(names: readonly string[], rows: Int32Array, ctx: ReadContext): Promise<Block> {
    const chosen = chosenColumns(this.all, names, ({ column }) => column.name, this.source.path);
    const builders = chosen.map(({ column }) => columnBuilder(column, rows.length));
    const { starts } = this;
    let start = 0;
    let next = 0;
    const holdsWanted = (i: number): boolean => {
      if (starts === null) return next < rows.length;
      start = starts[i]!;
      return next < rows.length && rows[next]! < starts[i + 1]!;
    };
    await this.visit(holdsWanted, ctx, (batch) => {
      const vectors = chosen.map(({ path }) => vectorAt(batch, path));
      const from = next;
      for (next = from; next < rows.length && rows[next]! < start + batch.numRows; next++) {
        builders.forEach((builder, c) => builder.push(cellAt(vectors[c]!, rows[next]! - start)));
      }
      start += batch.numRows;
      return next < rows.length;
    });
    await this.source.check();
    return { columns: builders.map((builder) => builder.finish()), lines: null, broken: [] };
  }

  /** Calls `use` with the batches that are wanted until it answers false. */
  private async visit(
    wanted: (index: number) => boolean,
    { signal, report }: ReadContext,
    use: (batch: RecordBatch) => unknown,
  ): Promise<void> {
    try {
      let done = 0;
      for await (const batch of this.batches.each(wanted)) {
        signal?.throwIfAborted();
        if (batch && use(batch) === false) break;
        report?.(++done, this.batches.count ?? 0);
      }
    } catch (error) {
      if (signal?.aborted) throw error;
      throw broken(this.source.path, error);
    }
  }
}

function vectorAt(batch: RecordBatch, path: readonly string[]): Vector {
  let vector = batch.getChild(path[0]!) as Vector;
  for (const name of path.slice(1)) vector = (vector as unknown as StructVector).getChild(name) as Vector;
  return vector;
}

type StructVector = { getChild(name: string): Vector | null };

function cellAt(vector: Vector, row: number): Cell {
  const value: unknown = vector.get(row);
  if (value === null || value === undefined) return null;
  const type = vector.type as DataType;
  if ((Type.isTimestamp(type) || Type.isDate(type)) && typeof value === "number") return new Date(value);
  if (value instanceof Vector) return listOf(value);
  return value;
}

function listOf(vector: Vector): Cell {
  if (vector.nullCount === 0 && (Type.isFloat(vector.type) || Type.isInt(vector.type))) {
    const values: unknown = vector.toArray();
    if (values instanceof Float32Array || values instanceof Float64Array) return values;
  }
  return Array.from({ length: vector.length }, (_, i) => cellAt(vector, i));
}

const broken = (path: string, error: unknown): LensError =>
  error instanceof LensError
    ? error
    : new LensError(
        "source",
        `${path} is not an Arrow file that can be read (${error instanceof Error ? error.message : String(error)}). It may be cut off: copy or download it again.`,
        { cause: error },
      );
