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
  /** Paths or URLs of pictures. */
  image: string | null;
  vector: string | null;
  /** Two or three columns of numbers, or one of vectors with two or three values. */
  map: string[] | null;
}

type Wanted = NonNullable<Source["columns"]>;

/**
 * The columns that a recipe names, the others as guessed. A column that the recipe gives to one role is not guessed for another.
 * @throws LensError "recipe" for a column that is not there, is no vector or no number; "source" when there is nothing to show
 */
export function chooseTableColumns({ table, roles }: Dataset, wanted: Wanted = {}, path: string): TableColumns {
  const { columns } = table;
  const find = (column: string | number): Column => findColumn(columns, column, path);
  const named = (column: string | number | null | undefined): string | null =>
    column === undefined || column === null ? null : find(column).name;
  const given = {
    text: named(wanted.text),
    label: named(wanted.label),
    id: named(wanted.id),
    image: named(wanted.image),
    vector: named(wanted.vector),
  };
  const map = wanted.map ? wanted.map.map((column) => find(column).name) : null;
  const taken = new Set([...Object.values(given), ...(map ?? [])].filter((name) => name !== null));
  const role = (name: keyof typeof given): string | null => {
    if (wanted[name] !== undefined) return given[name];
    const guess = roles[name];
    return guess !== null && taken.has(guess) ? null : guess;
  };
  const guessedMap = roles.coordinates?.some((name) => taken.has(name)) ? null : roles.coordinates;
  const chosen: TableColumns = {
    text: role("text"),
    label: role("label"),
    id: role("id"),
    image: role("image"),
    vector: role("vector"),
    map: wanted.map === undefined ? guessedMap : map,
  };
  const ready = readyPlaces(chosen, wanted, roles.coordinates);
  const whole = ready === null ? chosen : { ...chosen, vector: ready };
  check(whole, columns, path);
  return whole;
}

/** Vectors of two or three values that are no map by the recipe are vectors, where there is nothing else to show. */
function readyPlaces({ text, image, vector }: TableColumns, wanted: Wanted, guess: string[] | null): string | null {
  const other = text !== null || image !== null || vector !== null;
  if (other || wanted.map !== null || wanted.vector !== undefined || guess?.length !== 1) return null;
  return guess[0]!;
}

const TWO_OR_MORE = "a vector needs two or more";

function check({ text, image, vector, map }: TableColumns, columns: readonly Column[], path: string): void {
  const typeOf = (name: string): Column => columns.find((column) => column.name === name)!;
  if (vector !== null && typeOf(vector).type !== "vector") {
    const what = typeOf(vector).type === "number" ? `one number a row: ${TWO_OR_MORE}` : "no vectors";
    throw new LensError("recipe", `The column “${vector}” of ${path} holds ${what}.`);
  }
  if (map) {
    const flat = map.length === 1 && typeOf(map[0]!).type === "vector" && [2, 3].includes(typeOf(map[0]!).dims);
    if (!flat && (map.length < 2 || map.some((name) => typeOf(name).type !== "number"))) {
      const names = map.map((name) => `“${name}”`).join(", ");
      throw new LensError("recipe", `${names} of ${path} cannot be coordinates: name two or three columns of numbers.`);
    }
  }
  if (vector === null && map === null && text === null && image === null) {
    if (columns.length === 1 && columns[0]!.type === "number") {
      throw new LensError("source", `${path} holds one number a row: ${TWO_OR_MORE}.`);
    }
    throw new LensError("source", `No column of ${path} looks like text or vectors. Name one: ${list(columns)}.`);
  }
}

/** A column by its name (exact, else ignoring case) or its number from 1. @throws LensError "recipe" */
export function findColumn(columns: readonly Column[], wanted: string | number, path: string): Column {
  const name = String(wanted);
  const folded = columns.filter((column) => column.name.toLowerCase() === name.toLowerCase());
  const found =
    columns.find((column) => column.name === name) ??
    (/^\d+$/.test(name) ? columns[Number(name) - 1] : undefined) ??
    (folded.length === 1 ? folded[0] : undefined);
  if (found) return found;
  const what = typeof wanted === "number" ? `column ${wanted}` : `column “${wanted}”`;
  throw new LensError("recipe", `${path} has no ${what}. Its columns are ${list(columns)}.`);
}

function list(columns: readonly Column[]): string {
  const names = columns.slice(0, 20).map(({ name }) => `“${name}”`);
  return names.join(", ") + (columns.length > 20 ? ` and ${columns.length - 20} more` : "");
}

/** What the axes of ready coordinates are called. */
export function axisNames(map: readonly string[], { dims }: VectorData): string[] {
  return map.length > 1 ? [...map] : Array.from({ length: dims }, (_, i) => `${map[0]!} ${i + 1}`);
}

/** Number columns side by side, or the one vector column, as vectors of two or three values. */
export function asMatrix(columns: readonly ColumnData[], rows: number): VectorData {
  const [first] = columns;
  if (first?.type === "vector") return first;
  const builder = new VectorBuilder(columns.length, rows);
  for (let i = 0; i < rows; i++) builder.push(columns.map(({ values }) => (values as Float64Array)[i]));
  const { bad, ...matrix } = builder.finish() as VectorData;
  return { ...matrix, bad: bad.map(({ at }) => ({ at, reason: "it has no coordinates" })) };
}
