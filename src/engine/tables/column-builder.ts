import { largestAt } from "../linear/largest";
import { type Cell, isList, listText, textOf } from "./cells";
import { parseBoolean, parseDate, parseNumber } from "./numbers";
import type { BadVector, Column, ColumnData } from "./table";
import { parseVector } from "./vector-text";

/** Collects the cells of one column, row after row. */
export interface ColumnBuilder {
  push(cell: Cell): void;
  finish(): ColumnData;
}

/** @param rows how many cells will come */
export function columnBuilder(column: Column, rows: number): ColumnBuilder {
  switch (column.type) {
    case "vector":
      return new VectorBuilder(column.dims, rows);
    case "number":
      return new NumberBuilder("number", rows, numberOf);
    case "boolean":
      return new NumberBuilder("boolean", rows, booleanOf);
    case "date":
      return new NumberBuilder("date", rows, dateOf);
    case "list":
      return new TextBuilder("list", (cell) => (typeof cell === "string" ? listText(cell) : textOf(cell)));
    case "text":
    case "other":
      return new TextBuilder(column.type, textOf);
  }
}

class TextBuilder implements ColumnBuilder {
  private readonly values: (string | null)[] = [];

  constructor(
    private readonly type: "text" | "list" | "other",
    private readonly text: (cell: Cell) => string | null,
  ) {}

  push(cell: Cell): void {
    this.values.push(this.text(cell));
  }

  finish(): ColumnData {
    return { type: this.type, values: this.values };
  }
}

class NumberBuilder implements ColumnBuilder {
  private readonly values: Float64Array;
  private count = 0;

  constructor(
    private readonly type: "number" | "boolean" | "date",
    rows: number,
    private readonly number: (cell: Cell) => number,
  ) {
    this.values = new Float64Array(rows);
  }

  push(cell: Cell): void {
    this.values[this.count++] = this.number(cell);
  }

  finish(): ColumnData {
    return {
      type: this.type,
      values: this.count === this.values.length ? this.values : this.values.slice(0, this.count),
    };
  }
}

function numberOf(cell: Cell): number {
  if (typeof cell === "number") return cell;
  if (typeof cell === "bigint") return Number(cell);
  if (typeof cell === "string") return parseNumber(cell);
  return typeof cell === "boolean" ? Number(cell) : NaN;
}

function booleanOf(cell: Cell): number {
  if (typeof cell === "boolean") return Number(cell);
  return typeof cell === "string" ? parseBoolean(cell) : NaN;
}

function dateOf(cell: Cell): number {
  if (cell instanceof Date) return cell.getTime();
  return typeof cell === "string" ? parseDate(cell) : NaN;
}

/** Collects vectors; one that is missing, of another length or not finite is zeros and named. */
export class VectorBuilder implements ColumnBuilder {
  private readonly values: Float32Array;
  private readonly bad: BadVector[] = [];
  private count = 0;

  constructor(
    private readonly dims: number,
    rows: number,
  ) {
    this.values = new Float32Array(rows * dims);
  }

  push(cell: Cell): void {
    const at = this.count++;
    const reason = this.set(at, cell);
    if (reason === null) return;
    this.values.fill(0, at * this.dims, (at + 1) * this.dims);
    this.bad.push({ at, reason });
  }

  finish(): ColumnData {
    const { count, dims, bad } = this;
    return { type: "vector", dims, values: this.values.slice(0, count * dims), bad };
  }

  private set(at: number, cell: Cell): string | null {
    if (cell === null || cell === undefined || cell === "") return "it has no vector";
    if (typeof cell === "string") {
      const parsed = parseVector(cell);
      return "reason" in parsed ? parsed.reason : this.copy(at, parsed.values);
    }
    return isList(cell) ? this.copy(at, cell) : "its vector is not a list of numbers";
  }

  private copy(at: number, list: ArrayLike<unknown>): string | null {
    const { dims, values } = this;
    if (list.length !== dims) return `its vector has ${list.length} values, the others have ${dims}`;
    const start = at * dims;
    for (let i = 0; i < dims; i++) {
      const value = list[i];
      values[start + i] = typeof value === "number" ? value : typeof value === "bigint" ? Number(value) : NaN;
    }
    return notFinite(values, start, dims);
  }
}

/** Why a vector of `dims` values from `start` cannot be used, null when all are finite. */
export function notFinite(values: Float32Array, start: number, dims: number): string | null {
  const largest = largestAt(values, start, dims);
  if (largest < Infinity) return null;
  return Number.isNaN(largest)
    ? "its vector holds a value that is no number (NaN or null)"
    : "its vector holds an infinite value";
}
