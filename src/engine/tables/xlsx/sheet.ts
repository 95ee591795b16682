import type { Cell } from "../cells";
import { dateOf, placeOf, unescaped } from "./formats";
import type { Sheet, Workbook } from "./workbook";
import { readXml } from "./xml";

const MOST_COLUMNS = 16_384;
const MOST_ROWS = 1_048_576;
/** Excel's own limit of a cell, with room for what other programs write. */
const CELL_LIMIT = 1 << 20;
const MOST_MERGED = 100_000;

/** A row with at least one value. */
export interface SheetRow {
  /** From 0, as in the sheet. */
  row: number;
  /** By column; null where there is nothing. */
  cells: Cell[];
}

/** Cells that are merged over several rows: the first has the value. */
export interface Merged {
  column: number;
  from: number;
  to: number;
}

/** What a pass over a sheet finds besides its rows. */
export interface Findings {
  merged: Merged[];
  /** Formulas that no program has computed. */
  uncomputed: number;
}

/**
 * The rows of a sheet that have a value, some at a time. Formulas are what the program that saved them made of them; errors are no value.
 * @param findings filled by the end of the pass
 */
export async function* sheetRows(
  workbook: Workbook,
  sheet: Sheet,
  findings?: Findings,
): AsyncGenerator<SheetRow[], void> {
  const { texts, dates, from1904 } = workbook;
  let found: SheetRow[] = [];
  let row: SheetRow | null = null;
  let nextRow = 0;
  let column = 0;
  let type = "n";
  let style = 0;
  let value = "";
  let isValue = false;
  let isFormula = false;
  let spoken = false;

  const cellOf = (): Cell => {
    if (value === "") return null;
    switch (type) {
      case "s":
        return texts[Number(value)] ?? null;
      case "str":
      case "inlineStr":
        return unescaped(value);
      case "b":
        return value === "1" || value === "true";
      case "e":
        return null;
      case "d": {
        const date = new Date(/Z|[+-]\d\d:?\d\d$/.test(value) ? value : `${value}${value.includes("T") ? "Z" : ""}`);
        return Number.isNaN(date.getTime()) ? value : date;
      }
      default: {
        const number = Number(value);
        if (Number.isNaN(number)) return null;
        const date = dates[style] ? dateOf(number, from1904) : null;
        return date && !Number.isNaN(date.getTime()) ? date : number;
      }
    }
  };

  const xml = readXml(await workbook.open(sheet), {
    open: (name, attributes) => {
      switch (name) {
        case "row":
          nextRow = attributes["r"] === undefined ? nextRow : Number(attributes["r"]) - 1;
          row = { row: nextRow++, cells: [] };
          column = 0;
          break;
        case "c":
          column = placeOf(attributes["r"] ?? "")?.column ?? column;
          type = attributes["t"] ?? "n";
          style = Number(attributes["s"] ?? 0);
          value = "";
          isFormula = false;
          break;
        case "f":
          isFormula = true;
          break;
        case "rPh":
          spoken = true;
          break;
        case "v":
        case "t":
          isValue = !spoken;
          break;
        case "mergeCell":
          addMerged(findings?.merged, attributes["ref"] ?? "");
      }
    },
    text: (text) => {
      if (isValue && value.length < CELL_LIMIT) value += text;
    },
    close: (name) => {
      switch (name) {
        case "v":
        case "t":
          isValue = false;
          break;
        case "rPh":
          spoken = false;
          break;
        case "c": {
          const cell = cellOf();
          if (findings && isFormula && value === "" && type !== "str") findings.uncomputed++;
          if (row && column < MOST_COLUMNS && cell !== null && cell !== "") {
            while (row.cells.length < column) row.cells.push(null);
            row.cells[column] = cell;
          }
          column++;
          break;
        }
        case "row":
          if (row && row.cells.length > 0 && row.row < MOST_ROWS) found.push(row);
          row = null;
      }
    },
  });
  for await (const _ of xml) {
    if (found.length === 0) continue;
    yield found;
    found = [];
  }
}

function addMerged(merged: Merged[] | undefined, reference: string): void {
  const [from, to] = reference.split(":").map(placeOf);
  if (!merged || !from || !to || to.row <= from.row || merged.length >= MOST_MERGED) return;
  merged.push({ column: from.column, from: from.row, to: to.row });
}

/** Puts the value of cells that are merged over several rows into each of them, row by row. */
export class Filler {
  private readonly ends = new Map<number, number>();
  private readonly active = new Map<number, { to: number; cell: Cell }>();

  constructor(merged: readonly Merged[]) {
    for (const { column, from, to } of merged) this.ends.set(from * MOST_COLUMNS + column, to);
  }

  fill({ row, cells }: SheetRow): void {
    if (this.ends.size === 0) return;
    for (const [column, { to, cell }] of this.active) {
      if (row > to) this.active.delete(column);
      else if (cells[column] === null || cells[column] === undefined) {
        while (cells.length < column) cells.push(null);
        cells[column] = cell;
      }
    }
    cells.forEach((cell, column) => {
      const to = this.ends.get(row * MOST_COLUMNS + column);
      if (to !== undefined) this.active.set(column, { to, cell });
    });
  }
}
