import { LensError } from "../../protocol/errors";
import { JSON_LIMIT_BYTES, RECORD_LIMIT } from "./limits";
import { splitLines, type Line } from "./split-lines";
import { numbered, peek, type Table, type TableRecord } from "./table";

type Fields = Readonly<Record<string, unknown>>;
/** A value of a JSON file and where it starts, or why it is none. */
interface Entry {
  line: number;
  fields: Fields;
  bad?: string;
}

/** Opens JSON Lines: one value a line. A line that is not JSON is a bad record; blank lines are passed over. */
export async function openJsonLines(pieces: AsyncIterable<string>): Promise<Table> {
  let blank = 0;
  async function* entries(): AsyncGenerator<Entry[]> {
    for await (const batch of splitLines(pieces, RECORD_LIMIT)) {
      const filled = batch.filter(({ text }) => text.trim() !== "");
      blank += batch.length - filled.length;
      yield filled.map(parseLine);
    }
  }
  return tableOf(entries(), () => blank);
}

/**
 * Opens a JSON array of records, which is parsed whole. A file with one record a line is read as JSON Lines.
 * @throws LensError "source" when it is too large, not JSON, or not an array
 */
export async function openJson(pieces: AsyncIterable<string>, path: string): Promise<Table> {
  const read: string[] = [];
  let length = 0;
  for await (const piece of pieces) {
    read.push(piece);
    length += piece.length;
    if (length > JSON_LIMIT_BYTES) {
      const limit = `${JSON_LIMIT_BYTES / 1e6} MB`;
      throw new LensError(
        "source",
        `${path} is larger than ${limit}: save it as JSON Lines (.jsonl), one record a line.`,
      );
    }
  }
  const text = read.join("");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (isJsonLines(text)) return openJsonLines(once(text));
    throw new LensError("source", `${path} is not valid JSON${nearLine(text, error)}.`, { cause: error });
  }
  if (!Array.isArray(value)) {
    throw new LensError("source", `${path} is not an array of records: it should start with “[{”, or be JSON Lines.`);
  }
  const lines = elementLines(text, value.length);
  const entries = value.map((element: unknown, i) => entryOf(element, lines[i]!));
  return tableOf(
    (async function* () {
      yield await Promise.resolve(entries);
    })(),
    () => 0,
  );
}

async function* once(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text);
}

/** Whether the first line of a text is a JSON value of its own and a second one follows. */
function isJsonLines(text: string): boolean {
  const [first, second] = text
    .trimStart()
    .slice(0, RECORD_LIMIT)
    .split(/\r\n|\r|\n/, 2);
  return second !== undefined && parseLine({ number: 1, text: first!, cut: false }).bad === undefined;
}

/** ", see line 12" where the parser says at which position it failed. */
function nearLine(text: string, error: unknown): string {
  if (text.trim() === "") return ": it is empty";
  const position = /position (\d+)/.exec(String(error))?.[1];
  if (position !== undefined) return `, see line ${text.slice(0, Number(position)).split(/\r\n|\r|\n/).length}`;
  return /end of JSON|Unterminated/.test(String(error)) ? ": it ends too early" : ": open it to see where";
}

function parseLine({ number, text, cut }: Line): Entry {
  if (cut) return { line: number, fields: {}, bad: "the line is too long" };
  try {
    return entryOf(JSON.parse(text), number);
  } catch {
    return { line: number, fields: {}, bad: `line ${number} is not valid JSON` };
  }
}

/** A record is an object; an array of cells and a bare text are also taken as one. */
function entryOf(value: unknown, line: number): Entry {
  if (typeof value === "string") return { line, fields: { text: value } };
  if (Array.isArray(value)) {
    const names = numbered(value.length);
    return { line, fields: Object.fromEntries(value.map((cell: unknown, i) => [names[i]!, cell])) };
  }
  if (typeof value === "object" && value !== null) return { line, fields: value as Fields };
  return { line, fields: {}, bad: "it is not a record (an object with named values)" };
}

async function tableOf(entries: AsyncGenerator<Entry[]>, blank: () => number): Promise<Table> {
  const { head, all, close } = await peek(entries);
  const columns = [...new Set(head.flatMap(({ fields }) => Object.keys(fields)))];
  async function* records(): AsyncGenerator<TableRecord[]> {
    let row = 0;
    for await (const batch of all) yield batch.map((entry) => tableRecord(entry, ++row, columns));
  }
  return {
    columns,
    header: true,
    head: head.map((entry, i) => tableRecord(entry, i + 1, columns)),
    records: records(),
    blank,
    close,
  };
}

const tableRecord = ({ line, fields, bad }: Entry, row: number, columns: readonly string[]): TableRecord => ({
  row,
  line,
  width: columns.length,
  cell: (column) => {
    const name = columns[column];
    return name !== undefined && Object.hasOwn(fields, name) ? asText(fields[name]) : "";
  },
  ...(bad !== undefined && { bad }),
});

/** What a JSON value is as a text: strings as they are, "" for null, all else as JSON. */
const asText = (value: unknown): string =>
  typeof value === "string" ? value : value === null ? "" : JSON.stringify(value);

/** The line, from 1, at which each element of the array that a valid JSON text holds starts. */
export function elementLines(text: string, count: number): Int32Array {
  const lines = new Int32Array(count);
  let line = 1;
  let depth = 0;
  let element = 0;
  let awaiting = false;
  for (let i = 0; i < text.length && element < count; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) line++;
    if (code === 10 || code === 13 || code === 32 || code === 9) continue;
    if (awaiting && code !== 93) {
      lines[element++] = line;
      awaiting = false;
    }
    if (code === 34) i = endOfString(text, i);
    else if (code === 91 || code === 123) awaiting = ++depth === 1;
    else if (code === 93 || code === 125) depth--;
    else if (code === 44 && depth === 1) awaiting = true;
  }
  return lines;
}

/** Position of the quote that ends the JSON string starting at `start`. */
function endOfString(text: string, start: number): number {
  let i = start + 1;
  for (; text.charCodeAt(i) !== 34; i++) if (text.charCodeAt(i) === 92) i++;
  return i;
}
