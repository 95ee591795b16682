import { isMissing, parseBoolean, parseDate, parseNumber } from "./numbers";
import type { Column, ColumnType } from "./table";
import { looksLikeVector, parseVector } from "./vector-text";

/**
 * A cell as a format's reader gives it: null or undefined when there is none; a text; a number; a list (an array, also a typed
 * one); a record (a plain object); bytes.
 */
export type Cell = unknown;

const ENOUGH = 0.9;
const MOST = 0.5;
/** A list of numbers shorter than this is no vector. */
const LEAST_DIMS = 2;
/** Bytes beyond this are not looked at as text. */
const UTF8_LIMIT = 1 << 20;

/**
 * What a column holds, by some of its cells.
 * @param typed whether the format tells numbers from texts (JSON does, CSV does not)
 */
export function guessColumn(name: string, cells: readonly Cell[], typed: boolean): Column {
  const known = cells.filter((cell) => !isEmpty(cell, typed));
  const dims = vectorDims(known);
  if (dims > 0) return { name, type: "vector", dims };
  return { name, type: plainType(known, typed), dims: 0 };
}

const isEmpty = (cell: Cell, typed: boolean): boolean =>
  cell === null || cell === undefined || (typeof cell === "string" && (typed ? cell === "" : isMissing(cell)));

function plainType(cells: readonly Cell[], typed: boolean): ColumnType {
  if (cells.length === 0) return "text";
  const all = (test: (cell: Cell) => boolean): boolean => cells.every(test);
  if (all((cell) => typeof cell === "number" || typeof cell === "bigint")) return "number";
  if (all((cell) => typeof cell === "boolean")) return "boolean";
  if (all((cell) => cell instanceof Date)) return "date";
  if (all(isList)) return "list";
  if (!all((cell) => typeof cell === "string"))
    return cells.some((cell) => typeof cell === "string") ? "text" : "other";
  const texts = cells as readonly string[];
  const every = (parse: (text: string) => number): boolean => texts.every((text) => !Number.isNaN(parse(text)));
  if (!typed && every(parseNumber)) return "number";
  if (!typed && every(parseBoolean)) return "boolean";
  if (every(parseDate)) return "date";
  if (texts.every((text) => /^\s*\[[\s\S]*\]\s*$/.test(text))) return "list";
  return "text";
}

/** The usual length of the vectors among the cells, 0 when this is no column of vectors. */
function vectorDims(cells: readonly Cell[]): number {
  const lengths = new Map<number, number>();
  let vectors = 0;
  for (const cell of cells) {
    const length = vectorLength(cell);
    if (length === 0) continue;
    vectors++;
    lengths.set(length, (lengths.get(length) ?? 0) + 1);
  }
  if (vectors === 0 || vectors < cells.length * ENOUGH) return 0;
  const [dims, count] = [...lengths].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]!;
  return dims >= LEAST_DIMS && count >= vectors * MOST ? dims : 0;
}

function vectorLength(cell: Cell): number {
  if (typeof cell === "string") {
    if (!looksLikeVector(cell)) return 0;
    const parsed = parseVector(cell);
    return "values" in parsed ? parsed.values.length : 0;
  }
  if (!isList(cell) || cell instanceof Uint8Array) return 0;
  if (ArrayBuffer.isView(cell)) return (cell as Float32Array).length;
  const list = cell as readonly unknown[];
  const numbers = list.filter((value) => value === null || typeof value === "number" || typeof value === "bigint");
  return numbers.length === list.length && numbers.some((value) => value !== null) ? list.length : 0;
}

export const isList = (cell: Cell): cell is ArrayLike<unknown> =>
  Array.isArray(cell) || (ArrayBuffer.isView(cell) && !(cell instanceof DataView) && !(cell instanceof Uint8Array));

/** A cell as a person reads it; null when there is none. */
export function textOf(cell: Cell): string | null {
  if (cell === null || cell === undefined || cell === "") return null;
  switch (typeof cell) {
    case "string":
      return cell;
    case "number":
    case "bigint":
    case "boolean":
      return String(cell);
    default:
      if (cell instanceof Date) return cell.toISOString();
      if (cell instanceof Uint8Array) return utf8OrSize(cell);
      if (isList(cell)) return Array.from(cell, (value) => textOf(value) ?? "").join(", ");
      return JSON.stringify(cell, (_, value: unknown) => (typeof value === "bigint" ? Number(value) : value));
  }
}

const strict = new TextDecoder("utf-8", { fatal: true });
const CONTROL = /[\0-\x08\x0e-\x1f]/;

function utf8OrSize(bytes: Uint8Array): string {
  const size = `(${bytes.length.toLocaleString("en-US")} bytes)`;
  if (bytes.length > UTF8_LIMIT) return size;
  try {
    const text = strict.decode(bytes);
    return CONTROL.test(text) ? size : text;
  } catch {
    return size;
  }
}

/** The items of a list that was written as text ("['a', 'b']"), joined; the text itself when it is none. */
export function listText(text: string): string {
  const inside = /^\s*\[([\s\S]*)\]\s*$/.exec(text)?.[1];
  if (inside === undefined) return text;
  const items = inside.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^,\s][^,]*/g) ?? [];
  return items.map((item) => item.trim().replace(/^(['"])([\s\S]*)\1$/, "$2")).join(", ");
}
