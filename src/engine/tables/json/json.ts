import { LensError } from "../../../protocol/errors";
import { guessColumn } from "../cells";
import type { RecordInsert } from "../copy/copy-records";
import { jsonInsert } from "../copy/inserts";
import { textSource, type TextSource } from "../csv/encoding";
import { MemoryTable } from "../memory-table";
import { RecordStream } from "../records/record-stream";
import { type RecordReader, RecordTable } from "../records/record-table";
import { isBlank, type RecordScanner } from "../records/scanner";
import type { ByteSource } from "../source";
import type { Column, Place, Table } from "../table";
import { fieldsOf } from "./fields";
import { isNumbers, isRecord, parseJson } from "./parse";
import { arrayReader, entryReader, recordReader, valueReader } from "./record-readers";
import { lineScanner, valueScanner } from "./scanners";
import { wholeObject } from "./whole";

/** Records that columns are guessed from, and at most how many bytes of them. */
const LOOK_RECORDS = 1_000;
const LOOK_BYTES = 1 << 24;
/** An object of equal arrays of numbers with more keys than this holds a vector for each word. */
const MOST_COLUMNS = 1_000;
const WHOLE_LIMIT = 200_000_000;

/**
 * JSON as a table: JSON Lines, an array of records (also as the one list of an object), of rows or of values, an object of
 * columns, or a vector for each word. Arrays and lines are read in pieces.
 * @throws LensError "source"
 */
export async function openJson(file: ByteSource): Promise<Table> {
  const text = await textSource(file);
  const start = await firstPlace(text);
  switch (start.byte) {
    case "[":
      return openArray(text, { ...start.place, offset: start.place.offset + 1 });
    case "{":
      return (await isLines(text, start.place)) ? openLines(text, start.place) : openObject(text, start.place);
    default:
      throw new LensError("source", `${file.path} is not JSON: it starts with neither “{” nor “[”.`);
  }
}

/** JSON Lines, whatever its first line is. @throws LensError "source" */
export async function openJsonLines(file: ByteSource): Promise<Table> {
  const text = await textSource(file);
  const start = await firstPlace(text);
  return start.byte === "[" && !(await isLines(text, start.place)) ? openJson(file) : openLines(text, start.place);
}

async function openLines(text: TextSource, place: Place): Promise<Table> {
  return recordsTable(text, lineScanner, place, "JSON Lines");
}

function openArray(text: TextSource, place: Place): Promise<Table> {
  return recordsTable(text, valueScanner, place, "JSON");
}

/** Records, rows or values, whichever the first ones are. */
async function recordsTable(text: TextSource, scanner: RecordScanner, start: Place, format: string): Promise<Table> {
  const { source, decode, notes } = text;
  const { values, problem } = await look(text, scanner, start, (record) => parseJson(record));
  const file = { format, source, scanner, start, hasLines: true, notes };
  const first = values[0];
  if (first === undefined) {
    throw new LensError(
      "source",
      problem ? `${source.path} has no record that can be read: ${problem}.` : `${source.path} has no rows.`,
    );
  }
  const table = (columns: readonly Column[], reader: RecordReader, insert?: RecordInsert): Table =>
    new RecordTable({ ...file, columns, reader, ...(insert && { insert }) });
  if (isRecord(first)) {
    const fields = fieldsOf(values.filter(isRecord));
    if (fields.length === 0) throw new LensError("source", `The records of ${source.path} are empty.`);
    return table(
      fields.map(({ column }) => column),
      recordReader(fields, decode),
      jsonInsert,
    );
  }
  if (Array.isArray(first) && !isNumbers(first)) {
    const rows = values.filter((value) => Array.isArray(value));
    const width = Math.max(...rows.map((row) => row.length));
    const columns = Array.from({ length: width }, (_, i) =>
      guessColumn(
        `column_${i + 1}`,
        rows.map((row) => row[i] as unknown),
        true,
      ),
    );
    return table(columns, arrayReader(decode));
  }
  return table([guessColumn(isNumbers(first) ? "vector" : "value", values, true)], valueReader(decode));
}

async function openObject(text: TextSource, place: Place): Promise<Table> {
  const { source, decode, notes } = text;
  const start = { ...place, offset: place.offset + 1 };
  const list = await recordList(text, start);
  if (list) return recordsTable(text, valueScanner, list, "JSON");
  const { values } = await look(text, valueScanner, start, (entry) => entryOf(entry), MOST_COLUMNS + 1);
  const vectors = values.filter((pair) => isNumbers(pair?.[1]));
  const lengths = new Set(vectors.map((pair) => (pair![1] as unknown[]).length));
  if (values.length > MOST_COLUMNS && vectors.length === values.length && lengths.size === 1) {
    return new RecordTable({
      format: "JSON",
      source,
      scanner: valueScanner,
      start,
      columns: [
        { name: "word", type: "text", dims: 0 },
        { name: "vector", type: "vector", dims: [...lengths][0]! },
      ],
      reader: entryReader(decode),
      hasLines: true,
      notes,
    });
  }
  if (source.size > WHOLE_LIMIT) {
    throw new LensError(
      "source",
      `${source.path} is one JSON object of ${Math.round(source.size / 1e6)} MB, too large to be read whole. Save it as JSON Lines.`,
    );
  }
  const bytes = Buffer.from(await source.read(0, source.size));
  let value: unknown;
  try {
    value = parseJson(decode(bytes, place.offset, bytes.length));
  } catch (error) {
    throw new LensError("source", `${source.path} is not valid JSON: it may be cut off. Copy or save it again.`, {
      cause: error,
    });
  }
  const { columns, rows } = wholeObject(value as Record<string, unknown>, source.path);
  return new MemoryTable("JSON", source, columns, rows, notes);
}

/** Where the records start, when the object is a wrapper: one of its first entries is a list of records. */
async function recordList(text: TextSource, start: Place): Promise<Place | null> {
  const bytes = Buffer.alloc(Math.min(1 << 16, text.source.size - start.offset));
  await text.source.readInto(bytes, start.offset);
  const match =
    /^(?:\s*"(?:[^"\\]|\\.)*"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[-\w.+]+|\{[^{}[\]"]*\})\s*,)*\s*"(?:[^"\\]|\\.)*"\s*:\s*\[(?=\s*\{)/.exec(
      bytes.toString("latin1"),
    );
  if (!match) return null;
  const lines = match[0].match(/\r\n|\r|\n/g)?.length ?? 0;
  return { offset: start.offset + match[0].length, record: 0, line: start.line + lines };
}

function entryOf(entry: string): [string, unknown] | undefined {
  const value = parseJson(`{${entry}}`);
  return isRecord(value) ? Object.entries(value)[0] : undefined;
}

/** The first records that can be read, and what was wrong with the first that cannot. */
async function look<T>(
  { source, decode }: TextSource,
  scanner: RecordScanner,
  start: Place,
  parse: (record: string) => T,
  limit = LOOK_RECORDS,
): Promise<{ values: T[]; problem: string | null }> {
  const stream = new RecordStream(source, scanner, start);
  const values: T[] = [];
  let problem: string | null = null;
  while (values.length < limit && stream.place().offset - start.offset < LOOK_BYTES && (await stream.next())) {
    const { bytes, bounds } = stream;
    if (bounds.problem !== null) problem ??= bounds.problem;
    else {
      try {
        values.push(parse(decode(bytes, bounds.start, bounds.end)));
      } catch {
        problem ??= "it is not valid JSON";
      }
    }
  }
  return { values, problem };
}

/** Whether a text is JSON Lines: its first line is a whole value, and another line follows. */
async function isLines(text: TextSource, start: Place): Promise<boolean> {
  const stream = new RecordStream(text.source, lineScanner, start);
  if (!(await stream.next()) || stream.bounds.problem !== null) return false;
  try {
    parseJson(text.decode(stream.bytes, stream.bounds.start, stream.bounds.end));
  } catch {
    return false;
  }
  return stream.next();
}

/** The first byte that is not blank, and where it is. */
async function firstPlace({ source, start }: TextSource): Promise<{ byte: string; place: Place }> {
  const bytes = Buffer.alloc(Math.min(1 << 16, source.size));
  const filled = await source.readInto(bytes, start);
  let line = 1;
  for (let i = 0; i < filled; i++) {
    const byte = bytes[i]!;
    if (byte === 10) line++;
    if (!isBlank(byte)) return { byte: String.fromCharCode(byte), place: { offset: start + i, record: 0, line } };
  }
  throw new LensError("source", `${source.path} is empty.`);
}
