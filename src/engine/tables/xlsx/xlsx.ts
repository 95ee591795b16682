import { LensError } from "../../../protocol/errors";
import { type Cell, guessColumn, textOf } from "../cells";
import { columnBuilder } from "../column-builder";
import { checkRows, chosenColumns, distinctNames, firstRows } from "../columns";
import { guessHeader } from "../csv/dialect";
import { partsOfFile, SeveralTables } from "../several";
import type { ByteSource } from "../source";
import type { Block, Column, ReadContext, Table, TableParts } from "../table";
import { refuseOther } from "./other-kinds";
import { Filler, type Findings, type Merged, sheetRows, type SheetRow } from "./sheet";
import { openWorkbook, type Sheet, type Workbook } from "./workbook";

const LOOK_ROWS = 200;
const LISTED = 12;
/** A sheet that is passed over at once, so that also its first look knows the merged cells. */
const SMALL_BYTES = 1 << 24;

/** A column of the table, and where it is in the sheet. */
interface SheetColumn {
  column: Column;
  at: number;
}

/**
 * A sheet of an Excel workbook (Office Open XML, ECMA-376) as a table. It is read in pieces, also when it is large.
 * @param options `part` names the sheet when several have rows; `header` says whether its first row names the columns
 * @throws LensError "source"; when there are several sheets and none is named it names them
 */
export async function openXlsx(
  source: ByteSource,
  options: { part?: string | undefined; header?: boolean | undefined },
): Promise<Table> {
  await refuseOther(source);
  try {
    const workbook = await openWorkbook(source);
    const { sheet, filled } = await chosenSheet(workbook, options.part, source.path);
    return await openSheet(source, workbook, sheet, filled, options.header);
  } catch (error) {
    throw broken(source.path, error);
  }
}

/** The sheet that is meant, and the names of those with rows. */
async function chosenSheet(
  workbook: Workbook,
  wanted: string | undefined,
  path: string,
): Promise<{ sheet: Sheet; filled: string[] }> {
  const { sheets } = workbook;
  const listed = (all: readonly Sheet[]): string =>
    all
      .slice(0, LISTED)
      .map(({ name }) => `“${name}”`)
      .join(", ") + (all.length > LISTED ? ` and ${all.length - LISTED} more` : "");
  if (wanted !== undefined) {
    const found = sheets.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
    if (found) return { sheet: found, filled: (await filledSheets(workbook)).map(({ name }) => name) };
    throw new LensError("source", `${path} has no sheet “${wanted}”. Its sheets: ${listed(sheets)}.`);
  }
  const filled = await filledSheets(workbook);
  const [first, second] = filled;
  if (!first) throw new LensError("source", `${path} has no rows.`);
  if (second)
    throw new SeveralTables(
      `${path} holds several sheets: ${listed(filled)}. Name one of them.`,
      filled.map(({ name }) => name),
    );
  return { sheet: first, filled: [first.name] };
}

/** The sheets that have rows; hidden ones are none. */
async function filledSheets(workbook: Workbook): Promise<Sheet[]> {
  const filled: Sheet[] = [];
  for (const sheet of workbook.sheets.filter(({ hidden }) => !hidden)) {
    if ((await firstOf(workbook, sheet, 1)).length > 0) filled.push(sheet);
  }
  return filled;
}

/** The first rows of a sheet that have a value. */
async function firstOf(workbook: Workbook, sheet: Sheet, limit: number): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  for await (const some of sheetRows(workbook, sheet)) {
    rows.push(...some.slice(0, limit - rows.length));
    if (rows.length >= limit) break;
  }
  return rows;
}

async function openSheet(
  source: ByteSource,
  workbook: Workbook,
  sheet: Sheet,
  filled: readonly string[],
  wanted: boolean | undefined,
): Promise<Table> {
  const all = await firstOf(workbook, sheet, LOOK_ROWS);
  const above = titleRows(all);
  const look = all.slice(above);
  const width = Math.max(0, ...look.map(({ cells }) => cells.length));
  const used = Array.from({ length: width }, (_, at) => at).filter((at) =>
    look.some(({ cells }) => isFilled(cells[at])),
  );
  const texts = look.map(({ cells }) => used.map((at) => textOf(cells[at]) ?? ""));
  const header = wanted ?? guessHeader(texts);
  const rows = header ? look.slice(1) : look;
  if (rows.length === 0) {
    throw new LensError(
      "source",
      `The sheet “${sheet.name}” of ${source.path} has ${header && look.length > 0 ? "a header and no rows" : "no rows"}.`,
    );
  }
  const names = distinctNames(used.map((_, i) => (header ? texts[0]![i]! : "")));
  const columns = used.map((at, i) => ({
    at,
    column: guessColumn(
      names[i]!,
      rows.map(({ cells }) => cells[at]),
      true,
    ),
  }));
  const notes =
    above === 0
      ? []
      : [
          `${source.path}: ${above === 1 ? "a title" : `${above} rows with one cell`} above the table of “${sheet.name}” is left out.`,
        ];
  const table = new SheetTable(
    source,
    workbook,
    sheet,
    partsOfFile(filled, sheet.name),
    columns,
    above + (header ? 1 : 0),
    header,
    notes,
  );
  if (workbook.size(sheet) <= SMALL_BYTES) await table.count();
  return table;
}

const isFilled = (cell: Cell): boolean => cell !== null && cell !== undefined;

/** Rows with one value above a table of several columns. */
function titleRows(rows: readonly SheetRow[]): number {
  const counts = rows.map(({ cells }) => cells.filter(isFilled).length);
  const first = counts.findIndex((count) => count > 1);
  const wide = counts.filter((count) => count > 1).length;
  return first > 0 && first < 10 && wide * 2 > counts.length ? first : 0;
}

class SheetTable implements Table {
  readonly format = "Excel";
  readonly hasLines = false;
  rowCount: number | null = null;
  private merged: Merged[] = [];

  /** @param above rows that are no data */
  constructor(
    private readonly source: ByteSource,
    private readonly workbook: Workbook,
    private readonly sheet: Sheet,
    readonly parts: TableParts | undefined,
    private readonly all: readonly SheetColumn[],
    private readonly above: number,
    readonly header: boolean,
    readonly notes: string[],
  ) {}

  get columns(): Column[] {
    return this.all.map(({ column }) => column);
  }

  async count({ signal, report }: ReadContext = {}): Promise<number> {
    if (this.rowCount !== null) return this.rowCount;
    const found: Findings = { merged: [], uncomputed: 0 };
    let rows = 0;
    try {
      for await (const some of sheetRows(this.workbook, this.sheet, found)) {
        signal?.throwIfAborted();
        rows += some.length;
        report?.(rows, 0);
      }
    } catch (error) {
      throw broken(this.source.path, error);
    }
    this.merged = found.merged;
    if (found.uncomputed > 0) this.notes.push(uncomputed(this.source.path, found.uncomputed));
    return (this.rowCount = Math.max(0, rows - this.above));
  }

  async read(columns: readonly string[], rows: Int32Array, ctx: ReadContext = {}): Promise<Block> {
    checkRows(rows, await this.count(ctx.signal && { signal: ctx.signal }));
    const block = await this.collect(columns, rows, ctx);
    await this.source.check();
    return block;
  }

  preview(columns: readonly string[], limit: number, ctx: ReadContext = {}): Promise<Block> {
    return this.collect(columns, firstRows(limit), ctx);
  }

  close(): Promise<void> {
    return this.source.close();
  }

  private async collect(names: readonly string[], rows: Int32Array, { signal, report }: ReadContext): Promise<Block> {
    const chosen = chosenColumns(this.all, names, ({ column }) => column.name, this.source.path);
    const builders = chosen.map(({ column }) => columnBuilder(column, rows.length));
    const filler = new Filler(this.merged);
    let row = -this.above;
    let next = 0;
    try {
      if (rows.length > 0) {
        for await (const some of sheetRows(this.workbook, this.sheet)) {
          signal?.throwIfAborted();
          for (const one of some) {
            filler.fill(one);
            if (row++ !== rows[next]) continue;
            chosen.forEach(({ at }, i) => builders[i]!.push(one.cells[at] ?? null));
            next++;
          }
          report?.(next, rows.length);
          if (next === rows.length) break;
        }
      }
    } catch (error) {
      throw broken(this.source.path, error);
    }
    return { columns: builders.map((builder) => builder.finish()), lines: null, broken: [] };
  }
}

const uncomputed = (path: string, count: number): string =>
  `${path}: ${count === 1 ? "1 formula has" : `${count.toLocaleString("en-US")} formulas have`} no value yet and ${count === 1 ? "is" : "are"} shown as empty: open the workbook in Excel or LibreOffice and save it.`;

function broken(path: string, error: unknown): unknown {
  if (error instanceof LensError || (error instanceof Error && error.name === "AbortError")) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new LensError("source", `${path} is not an Excel workbook that can be read (${why}). Copy or save it again.`, {
    cause: error,
  });
}
