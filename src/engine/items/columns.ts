import { LensError } from "../../protocol/errors";
import type { Source } from "../../protocol/recipe";
import { guessColumns, type ColumnRoles } from "./guess";
import type { Table } from "./table";

/** Indices of the columns (from 0) that an item is made of. */
export interface ChosenColumns {
  text: number;
  label: number | null;
  id: number | null;
}

/** The guess for a table that is open. */
export const guessFor = (table: Table): ColumnRoles =>
  guessColumns(
    table.columns,
    table.head.map((record) => table.columns.map((_, i) => record.cell(i))),
  );

/**
 * The columns that the recipe names, the others guessed; a label of null means none.
 * @throws LensError "recipe" for a column that is not there; "source" when no column can be guessed to be text
 */
export function chooseColumns(table: Table, wanted: Source["columns"], path: string): ChosenColumns {
  const guess = guessFor(table);
  const find = (column: string | number | null | undefined): number | null =>
    column === undefined || column === null ? null : findColumn(table.columns, column, path);
  const text = find(wanted?.text ?? guess.text);
  if (text === null) {
    throw new LensError("source", `No column of ${path} looks like text. Name one: ${list(table.columns)}.`);
  }
  const other = (role: "label" | "id"): number | null => {
    const index = find(wanted?.[role] === undefined ? guess[role] : wanted[role]);
    return wanted?.[role] === undefined && index === text ? null : index;
  };
  return { text, label: other("label"), id: other("id") };
}

/**
 * The index (from 0) of a column by its name (exact, else ignoring case) or its number from 1.
 * @throws LensError "recipe" that names the columns there are
 */
export function findColumn(columns: readonly string[], column: string | number, path: string): number {
  const exact = columns.indexOf(String(column));
  if (typeof column === "string" && exact !== -1) return exact;
  const number = Number(column);
  if (Number.isInteger(number) && number >= 1 && number <= columns.length) return number - 1;
  const folded = columns.flatMap((name, i) => (name.toLowerCase() === String(column).toLowerCase() ? [i] : []));
  if (typeof column === "string" && folded.length === 1) return folded[0]!;
  const what = typeof column === "number" ? `column ${column}` : `column “${column}”`;
  throw new LensError("recipe", `${path} has no ${what}. Its columns are ${list(columns)}.`);
}

/** At most 20 names for a sentence. */
function list(columns: readonly string[]): string {
  const names = columns.slice(0, 20).map((name) => `“${name}”`);
  return names.join(", ") + (columns.length > 20 ? ` and ${columns.length - 20} more` : "");
}
