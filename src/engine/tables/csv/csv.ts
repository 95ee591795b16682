import { LensError } from "../../../protocol/errors";
import { extensionOf } from "../../items/paths";
import { type Cell, guessColumn } from "../cells";
import { distinctNames } from "../columns";
import type { RecordReader } from "../records/record-table";
import { RecordTable } from "../records/record-table";
import { RECORD_LIMIT } from "../records/record-stream";
import { LF, newBounds } from "../records/scanner";
import type { ByteSource } from "../source";
import type { Table } from "../table";
import { CellBounds, readCells } from "./csv-cells";
import { csvScanner, type Dialect } from "./csv-scanner";
import { csvInsert } from "../copy/inserts";
import type { RecordInsert } from "../copy/copy-records";
import { guessDialect, guessHeader, headRecords, NO_DELIMITER } from "./dialect";
import { textSource, type TextSource } from "./encoding";

export interface CsvOptions {
  /** Whether the first record names the columns; absent: guessed. */
  header?: boolean | undefined;
  /** One character of ASCII between cells; absent: guessed. */
  delimiter?: string | undefined;
}

/** Bytes that the dialect, the header and the types of columns are told from. */
const HEAD_BYTES = 1 << 20;
const DIALECT_BYTES = 1 << 17;
const HEAD_RECORDS = 1_000;
const HEADER_RECORDS = 50;

/**
 * A CSV or TSV file as a table, with the line of each record. Never holds more than a record and a megabyte of it.
 * @throws LensError "source"
 */
export async function openCsv(file: ByteSource, options: CsvOptions = {}): Promise<Table> {
  const text = await textSource(file);
  const { source, decode } = text;
  const start = text.start + (await separatorLine(text));
  let head = await headOf(source, start, HEAD_BYTES);
  // A first row that is longer than the head: vectors of ten thousands of numbers.
  if (!hasTwoLines(head)) head = await headOf(source, start, RECORD_LIMIT + HEAD_BYTES);
  const whole = start + head.length >= source.size;
  const bounds = new CellBounds();
  const dialect = dialectOf(source, head, whole, options, bounds, await declared(text));
  const records = headRecords(head, whole, dialect, bounds, decode, HEAD_RECORDS);
  const [first] = records;
  if (!first) throw new LensError("source", `${source.path} has no rows.`);
  const hasHeader = options.header ?? guessHeader(records.slice(0, HEADER_RECORDS));
  const rows = hasHeader ? records.slice(1) : records;
  if (rows.length === 0) {
    const why = whole ? "has a header and no rows" : "cannot be shown: its first row is too long to be read";
    throw new LensError("source", `${source.path} ${why}.`);
  }
  const names = distinctNames(hasHeader ? first.map((name) => name.trim()) : first.map((_, i) => `column_${i + 1}`));
  const columns = names.map((name, i) =>
    guessColumn(
      name,
      rows.map((cells) => cells[i]),
      false,
    ),
  );
  const place = { offset: start, record: 0, line: start > text.start ? 2 : 1 };
  const insert = csvInsert(dialect, columns.length, bounds, source.path, (byte) => byte !== NO_DELIMITER);
  let header: RecordInsert["header"];
  if (hasHeader) {
    const at = newBounds();
    csvScanner(dialect).find(head, 0, head.length, whole, at);
    header = { offset: start + at.end, text: insert.text };
    place.offset += at.next;
    place.line += at.lines;
  }
  return new RecordTable({
    format: dialect.delimiter === 9 ? "TSV" : "CSV",
    source,
    scanner: csvScanner(dialect),
    start: place,
    columns,
    reader: new CsvReader(dialect, columns.length, text, bounds),
    hasLines: true,
    header: hasHeader,
    notes: text.notes,
    insert: { value: insert.value, ...(header && { header }) },
  });
}

async function headOf(source: ByteSource, start: number, bytes: number): Promise<Buffer> {
  const head = Buffer.allocUnsafe(Math.max(0, Math.min(bytes, source.size - start)));
  await source.readInto(head, start);
  return head;
}

/** Whether there is a line end after the first line: enough for a header and a row. */
function hasTwoLines(head: Buffer): boolean {
  const first = head.indexOf(LF);
  return first >= 0 && head.indexOf(LF, first + 1) >= 0;
}

class CsvReader implements RecordReader {
  odd: string | null = null;

  constructor(
    private readonly dialect: Dialect,
    private readonly width: number,
    private readonly text: TextSource,
    private readonly bounds: CellBounds,
  ) {}

  read(bytes: Buffer, start: number, end: number, columns: readonly number[], into: Cell[], line: number): null {
    const count = readCells(bytes, start, end, this.dialect, this.bounds, this.text.decode, columns, into);
    this.odd = this.bounds.torn
      ? `a quotation mark that opens in it (line ${line}) closes lines later, amid a text: what is between is one cell`
      : count === this.width
        ? null
        : `${count < this.width ? "fewer" : "more"} cells than the ${this.width} columns (${count < this.width ? "the missing ones are empty" : "those beyond are left out"})`;
    return null;
  }
}

function dialectOf(
  { path }: ByteSource,
  head: Buffer,
  whole: boolean,
  options: CsvOptions,
  bounds: CellBounds,
  declaredDelimiter: string | undefined,
): Dialect {
  const given = options.delimiter ?? declaredDelimiter;
  if (given !== undefined) {
    if (!/^[\u0001-\u007f]$/.test(given) || /["\r\n]/.test(given)) {
      throw new LensError("recipe", `“${given}” cannot divide cells: name one ASCII character.`);
    }
    return { delimiter: given.charCodeAt(0), quotes: true };
  }
  const expected = extensionOf(path) === ".tsv" || extensionOf(path) === ".tab" ? "\t" : ",";
  const look = head.subarray(0, DIALECT_BYTES);
  return guessDialect(look, whole && look.length === head.length, expected.charCodeAt(0), bounds);
}

const SEPARATOR = /^sep=([^\r\n"])\r?\n/i;

/** Bytes of the line "sep=;" with which Excel names the delimiter, 0 when there is none. */
async function separatorLine(text: TextSource): Promise<number> {
  return SEPARATOR.exec(await firstBytes(text))?.[0].length ?? 0;
}

async function declared(text: TextSource): Promise<string | undefined> {
  return SEPARATOR.exec(await firstBytes(text))?.[1];
}

async function firstBytes({ source, start }: TextSource): Promise<string> {
  const bytes = Buffer.alloc(8);
  await source.readInto(bytes, start);
  return bytes.toString("latin1");
}
