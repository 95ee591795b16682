import { type CellBounds, type Decode, readCells } from "./csv-cells";
import { csvScanner, type Dialect } from "./csv-scanner";
import { newBounds } from "../records/scanner";
import { parseDate, parseNumber } from "../numbers";
import { looksLikeVector } from "../vector-text";

const DELIMITERS = [",", "\t", ";", "|", "\u0001"].map((character) => character.charCodeAt(0));
/** Divides nothing: a text of one column. */
export const NO_DELIMITER = 31;
/** How much more even records must be for quotation marks to be ordinary characters. */
const QUOTES_FIRST = 0.2;
const LOOK_RECORDS = 100;
/** A name that people give a column of texts: enough for a header when there is only one column. */
const USUAL_NAME =
  /^(text|sentence|document|content|title|label|category|word|name|id|url|path|image|embedding|vector)s?$/i;

/**
 * The delimiter of a text, and whether quotation marks hold cells together: what gives records of the most even width.
 * @param expected the delimiter that the file's name promises; it wins when records are as even
 */
export function guessDialect(bytes: Buffer, whole: boolean, expected: number, bounds: CellBounds): Dialect {
  let best: Dialect = { delimiter: NO_DELIMITER, quotes: true };
  let bestScore = 0;
  for (const delimiter of [expected, ...DELIMITERS.filter((other) => other !== expected)]) {
    for (const quotes of [true, false]) {
      const dialect = { delimiter, quotes };
      const records = headRecords(bytes, whole, dialect, bounds, utf8, LOOK_RECORDS);
      const score = evenness(records.map((cells) => cells.length)) - (quotes ? 0 : QUOTES_FIRST);
      if (score > bestScore + 1e-9) {
        best = dialect;
        bestScore = score;
      }
    }
  }
  return best;
}

/** 0 when nothing is divided evenly, the first record least of all; else the share of records with the usual number of cells, a little more for more cells. */
function evenness(widths: readonly number[]): number {
  const votes = new Map<number, number>();
  for (const width of widths) votes.set(width, (votes.get(width) ?? 0) + 1);
  const [width, count] = [...votes].sort((a, b) => b[1] - a[1])[0] ?? [1, 0];
  return width < 2 || widths[0] === 1 || count < widths.length / 2 ? 0 : count / widths.length - 0.1 / width;
}

const utf8: Decode = (bytes, start, end) => bytes.toString("utf8", start, end);

/** The cells of the first records of a text. */
export function headRecords(
  bytes: Buffer,
  whole: boolean,
  dialect: Dialect,
  bounds: CellBounds,
  decode: Decode,
  limit: number,
): string[][] {
  const scanner = csvScanner(dialect);
  const at = newBounds();
  const records: string[][] = [];
  for (let from = 0; records.length < limit; from = at.next) {
    const found = scanner.find(bytes, from, bytes.length, whole, at);
    if (found === "end" || (found === "more" && records.length > 0 && !whole)) break;
    if (found === "more" && scanner.cut(bytes, from, bytes.length, at) !== "resume") break;
    const count = bounds.find(bytes, at.start, at.end, dialect.delimiter, dialect.quotes);
    const cells = new Array<string>(count);
    readCells(bytes, at.start, at.end, dialect, bounds, decode, Array.from(cells.keys()), cells);
    records.push(cells);
  }
  return records;
}

/** Whether the first of some records names the columns. */
export function guessHeader(records: readonly (readonly string[])[]): boolean {
  const [first, ...rest] = records;
  if (!first) return false;
  const names = first.map((cell) => cell.trim());
  if (names.slice(1).includes("") || new Set(names).size < names.length) return false;
  if (names.some((name) => isValue(name) && !/^\d{1,5}$/.test(name))) return false;
  // Numbers as names: only when they count up, as pandas writes them.
  const counted = names.filter((name) => /^\d+$/.test(name));
  if (counted.length > 0 && !counted.every((name, i) => Number(name) === Number(counted[0]) + i)) return false;
  if (counted.length === names.length && counted.length > 1)
    return rest.some((cells) => cells.some((cell) => !/^\d*$/.test(cell.trim())));
  if (rest.length === 0) return names.length > 1 || USUAL_NAME.test(names[0] ?? "");
  const columns = names.map((_, i) => rest.map((cells) => cells[i]?.trim() ?? "").filter((cell) => cell !== ""));
  if (columns.some((cells, i) => cells.length > 0 && cells.every(isValue) && !isValue(names[i]!))) return true;
  if (names.some((name) => USUAL_NAME.test(name))) return true;
  if (names.length === 1) return false;
  const recurs = names.some((name, i) => columns[i]!.includes(name));
  return !recurs && names.every((name) => name.length <= 40 && !/[.!?]\s|[.!?]$/.test(name));
}

const isValue = (cell: string): boolean =>
  !Number.isNaN(parseNumber(cell)) || !Number.isNaN(parseDate(cell)) || looksLikeVector(cell);
