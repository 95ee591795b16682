import type { Source } from "../../protocol/recipe";
import type { ColumnKind } from "../../protocol/table";

/** Columns by name, or by number from 1 where the name is not unique. */
export type ColumnRoles = Pick<NonNullable<Source["columns"]>, "text" | "label" | "id">;

const TEXT_NAMES = [
  ["text", "texts", "sentence", "sentences", "content", "review", "body", "document", "utterance", "message", "tweet"],
  ["comment", "question", "query", "description", "abstract", "summary", "plot", "post", "prompt", "answer", "title"],
  ["headline", "name", "overview", "caption", "word"],
];
const LABEL_NAMES = [
  ["label", "labels", "category", "categories", "class", "intent", "topic", "target", "sentiment", "genre", "genres"],
  ["species", "tag", "tags", "type", "kind", "group", "section", "department", "language", "lang", "source", "rating"],
];
/** A word in a column's name that says the column is about a text but isn't one: "text_id", "review length". */
const NOT_TEXT = new Set(["id", "ids", "uuid", "length", "count", "date", "time", "url", "lang", "language", "hash"]);
const ID_NAMES = new Set(["id", "ids", "uuid", "guid", "key"]);

interface Column {
  name: string;
  /** Lower-case words of the name. */
  nameWords: string[];
  values: string[];
  numeric: number;
  distinct: number;
  words: number;
  length: number;
}

const isNumber = (value: string): boolean => /^[-+]?(\d+([.,]\d+)*|\.\d+)(e[-+]?\d+)?%?$/i.test(value);
const isReference = (value: string): boolean => /^(https?:|data:|[\w.-]*[/\\])\S*$/i.test(value);
const isList = (value: string): boolean => /^\[\s*-?[\d.]/.test(value);
const isHash = (value: string): boolean => /^[0-9a-f-]{16,}$/i.test(value);
const isDate = (value: string): boolean => /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ][\d:.]+Z?)?$/.test(value);

/**
 * Guesses what the columns of a table are from the start of it: `text` is the column with the longest natural text, `label` one with few
 * distinct values, `id` one that is called so; names like "review" or "intent" help.
 * @param header names of the columns
 * @param rows the first rows, some hundred
 * @returns only the roles for which there is a reasonable guess
 */
export function guessColumns(header: readonly string[], rows: readonly (readonly string[])[]): ColumnRoles {
  const columns = header.map((name, i) =>
    describe(
      name,
      rows.map((row) => (row[i] ?? "").trim()),
    ),
  );
  const text = best(columns, textScore);
  const label = best(columns, (column, i) => (i === text ? 0 : labelScore(column)));
  const id = best(columns, (column, i) => (i === text || i === label ? 0 : idScore(column)));
  const reference = (i: number): string | number =>
    header.filter((name) => name === header[i]).length === 1 && header[i] !== "" ? header[i]! : i + 1;
  return {
    ...(text !== -1 && { text: reference(text) }),
    ...(label !== -1 && { label: reference(label) }),
    ...(id !== -1 && { id: reference(id) }),
  };
}

/** What the values of a column are: what nine of ten are; a column without values is text. */
export function kindOf(values: readonly string[]): ColumnKind {
  const filled = values.map((value) => value.trim()).filter((value) => value !== "");
  const kinds: readonly [ColumnKind, (value: string) => boolean][] = [
    ["number", isNumber],
    ["date", isDate],
    ["boolean", (value) => /^(true|false|yes|no)$/i.test(value)],
    ["vector", isList],
  ];
  const found = kinds.find(([, is]) => filled.filter(is).length >= 0.9 * filled.length);
  return filled.length === 0 || !found ? "text" : found[0];
}

function describe(name: string, all: string[]): Column {
  const values = all.filter((value) => value !== "");
  const count = Math.max(values.length, 1);
  const mean = (of: (value: string) => number): number => values.reduce((sum, value) => sum + of(value), 0) / count;
  return {
    name,
    nameWords: name
      .replace(/([a-z])([A-Z])/g, "$1 $2")
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter(Boolean),
    values,
    numeric: mean((value) =>
      isNumber(value) || isReference(value) || isList(value) || isDate(value) || isHash(value) ? 1 : 0,
    ),
    distinct: new Set(values).size,
    words: mean((value) => Math.min(value.split(/\s+/, 200).length, 200)),
    length: mean((value) => Math.min(value.length, 1_000)),
  };
}

/** Index of the column with the highest score above 0 (the first of equals); -1 when there is none. */
function best(columns: readonly Column[], score: (column: Column, i: number) => number): number {
  let at = -1;
  let most = 0;
  columns.forEach((column, i) => {
    const value = score(column, i);
    if (value > most) [at, most] = [i, value];
  });
  return at;
}

/** 3, 2, 1 for names of the first, second, third list, else 0. */
const nameScore = ({ nameWords }: Column, lists: readonly (readonly string[])[]): number => {
  const found = lists.findIndex((list) => nameWords.some((word) => list.includes(word)));
  return found === -1 ? 0 : 3 - found;
};

function textScore(column: Column): number {
  if (column.values.length === 0 || column.numeric > 0.5) return 0;
  const repeated = column.values.length >= 10 && column.distinct < column.values.length / 2 ? 1.5 : 0;
  const called = column.nameWords.some((word) => NOT_TEXT.has(word)) ? -1.5 : nameScore(column, TEXT_NAMES) * 0.6;
  const isId = column.nameWords.some((word) => ID_NAMES.has(word)) ? 1 : 0;
  // Each doubling of the words counts as much as a good name; 0.01 keeps the last resort above "none".
  return Math.max(0.01, Math.log2(1 + column.words) + called - repeated - isId);
}

function labelScore(column: Column): number {
  const { values, distinct, length } = column;
  const called = nameScore(column, LABEL_NAMES);
  if (values.length === 0 || length > 60) return 0;
  const most = called > 0 ? Math.max(20, values.length / 2) : Math.min(50, Math.max(2, values.length / 5));
  if (distinct > most || (distinct < 2 && called === 0)) return 0;
  if (called === 0 && (distinct === values.length || column.numeric > 0.5)) return 0;
  if (called > 0 && column.numeric > 0.5 && !values.every((value) => /^-?\d{1,3}$/.test(value))) return 0;
  return called + 1 / (1 + distinct);
}

function idScore({ nameWords, values, distinct }: Column): number {
  const called = nameWords.some((word) => ID_NAMES.has(word));
  return called && values.length > 0 && distinct === values.length ? 1 / nameWords.length : 0;
}

/**
 * Whether the first row of a table names its columns: its cells are names (short, distinct, not numbers) and the rows below differ
 * from it in kind, or one of the names is a usual one.
 */
export function guessHeader(first: readonly string[], rows: readonly (readonly string[])[]): boolean {
  const cells = first.map((cell) => cell.trim());
  const filled = cells.filter((cell) => cell !== "");
  if (filled.length === 0 || new Set(filled).size < filled.length) return false;
  if (filled.some((cell) => isNumber(cell) || isDate(cell) || isList(cell) || cell.length > 80)) return false;
  const usual = new Set([...TEXT_NAMES.flat(), ...LABEL_NAMES.flat(), ...ID_NAMES]);
  const isUsual = (cell: string): boolean => {
    const words = cell.toLowerCase().split(/[^\p{L}\p{N}]+/u);
    return words.length <= 3 && words.some((word) => usual.has(word));
  };
  if (cells.some(isUsual) || rows.length === 0) return cells.some(isUsual);
  const below = (i: number): string[] => rows.map((row) => (row[i] ?? "").trim()).filter((cell) => cell !== "");
  let names = true;
  for (const [i, cell] of cells.entries()) {
    const column = below(i);
    if (column.length > 0 && column.every(isNumber)) return true;
    if (cell !== "" && column.includes(cell)) return false;
    names &&= cell.split(/\s+/).length <= 4 && !/[.!?]$/.test(cell);
  }
  return names;
}
