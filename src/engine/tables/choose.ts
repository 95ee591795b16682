import { LensError } from "../../protocol/errors";
import type { Source } from "../../protocol/recipe";
import { VectorBuilder } from "./column-builder";
import type { Dataset } from "./dataset";
import type { Column, ColumnData, VectorData } from "./table";

/** The columns of a run, by name. */
export interface TableColumns {
  text: string | null;
  label: string | null;
  id: string | null;
  vector: string | null;
  coordinates: string[] | null;
}

/**
 * The columns that a recipe names, the others as guessed.
 * @throws LensError "recipe" for a column that is not there or is no vector; "source" when there is nothing to show
 */
export function chooseTableColumns({ table, roles }: Dataset, wanted: Source["columns"], path: string): TableColumns {
  const { columns } = table;
  const find = (column: string | number): Column => findColumn(columns, column, path);
  const role = (name: "text" | "id"): string | null =>
    wanted?.[name] === undefined ? roles[name] : find(wanted[name]).name;
  const label = wanted?.label === null ? null : wanted?.label === undefined ? roles.label : find(wanted.label).name;
  const vector = wanted?.vector === undefined ? roles.vector : find(wanted.vector).name;
  if (vector !== null && columns.find(({ name }) => name === vector)?.type !== "vector") {
    throw new LensError("recipe", `The column “${vector}” of ${path} holds no vectors.`);
  }
  const text = role("text");
  const coordinates = wanted?.vector === undefined ? roles.coordinates : null;
  if (vector === null && coordinates === null && text === null) {
    throw new LensError("source", `No column of ${path} looks like text or vectors. Name one: ${list(columns)}.`);
  }
  return { text, label, id: role("id"), vector, coordinates };
}

/** A column by its name (exact, else ignoring case) or its number from 1. @throws LensError "recipe" */
function findColumn(columns: readonly Column[], wanted: string | number, path: string): Column {
  const name = String(wanted);
  const folded = columns.filter((column) => column.name.toLowerCase() === name.toLowerCase());
  const found =
    columns.find((column) => column.name === name) ??
    (/^\d+$/.test(name) ? columns[Number(name) - 1] : undefined) ??
    (folded.length === 1 ? folded[0] : undefined);
  if (found) return found;
  throw new LensError("recipe", `${path} has no column “${name}”. Its columns are ${list(columns)}.`);
}

function list(columns: readonly Column[]): string {
  const names = columns.slice(0, 20).map(({ name }) => `“${name}”`);
  return names.join(", ") + (columns.length > 20 ? ` and ${columns.length - 20} more` : "");
}

/** Number columns side by side, or the one vector column, as vectors of two or three values. */
export function asMatrix(columns: readonly ColumnData[], rows: number): VectorData {
  const [first] = columns;
  if (first?.type === "vector") return first;
  const builder = new VectorBuilder(columns.length, rows);
  for (let i = 0; i < rows; i++) builder.push(columns.map(({ values }) => (values as Float64Array)[i]));
  return builder.finish() as VectorData;
}
