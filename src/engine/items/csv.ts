import { CsvSplitter, type CsvRecord } from "./csv-split";
import { guessHeader } from "./guess";
import { HEAD_RECORDS } from "./limits";
import { numbered, peek, type Table, type TableRecord } from "./table";

const DELIMITERS = [",", "\t", ";", "|"] as const;
/** Stands for "one column": no text holds it. */
const NONE = "\0";
const SNIFF_LENGTH = 65_536;

/**
 * The delimiter of a text by its start: the one that cuts most records into as many cells as the first one has, two at least; of equals the
 * one with more cells, then the usual one of the extension. A zero character when there is none (one column).
 */
export function sniffDelimiter(start: string, extension: string): string {
  const sample = start.slice(0, SNIFF_LENGTH);
  let best: string = NONE;
  let bestScore = 0;
  for (const delimiter of DELIMITERS) {
    const splitter = new CsvSplitter(delimiter);
    const records = splitter.push(sample);
    if (sample.length === start.length || records.length === 0) records.push(...splitter.end());
    const width = records[0]?.cells.length ?? 1;
    const same = records.filter(({ cells }) => cells.length === width).length / records.length;
    const score = width < 2 ? 0 : same >= 0.5 ? same + Math.min(width, 100) / 1_000 : 0;
    const preferred = delimiter === (extension === ".tsv" ? "\t" : ",");
    if (score > bestScore || (score === bestScore && score > 0 && preferred)) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}

/** Opens a delimited text. @param header whether the first row names the columns; absent: guessed */
export async function openCsv(
  pieces: AsyncGenerator<string>,
  options: { extension: string; header?: boolean | undefined },
): Promise<Table> {
  const { head: start, all: text } = await peek(wrap(pieces), 1);
  const splitter = new CsvSplitter(sniffDelimiter(start[0] ?? "", options.extension));
  const { head, all, close } = await peek(split(text, splitter), HEAD_RECORDS + 1);
  const [first] = head;
  const rows = head.slice(1).map(({ cells }) => cells);
  const header = first !== undefined && (options.header ?? guessHeader(first.cells, rows));
  const columns = header ? named(first.cells) : numbered(first?.cells.length ?? 0);
  const skip = header ? 1 : 0;
  return {
    columns,
    header,
    head: head.slice(skip).map((record, i) => tableRecord(record, i + 1)),
    records: records(all, skip),
    blank: () => splitter.blank,
    close,
  };
}

async function* wrap(pieces: AsyncGenerator<string>): AsyncGenerator<string[]> {
  for await (const piece of pieces) yield [piece];
}

async function* split(pieces: AsyncGenerator<string[]>, splitter: CsvSplitter): AsyncGenerator<CsvRecord[]> {
  for await (const [piece] of pieces) yield splitter.push(piece!);
  yield splitter.end();
}

async function* records(batches: AsyncGenerator<CsvRecord[]>, skip: number): AsyncGenerator<TableRecord[]> {
  let row = -skip;
  for await (const batch of batches) {
    const numbers = batch.map((record) => tableRecord(record, ++row));
    yield numbers.filter((record) => record.row > 0);
  }
}

const ODD = {
  "open quote": "a quote is opened and never closed, so it was read as an ordinary character",
  "too long": "the record is too long and was cut",
} as const;

const tableRecord = ({ line, cells, problem }: CsvRecord, row: number): TableRecord => ({
  row,
  line,
  width: cells.length,
  cell: (column) => cells[column] ?? "",
  ...(problem && { odd: ODD[problem] }),
});

/** Names of a header row: an empty one gets its number. */
const named = (cells: readonly string[]): string[] => cells.map((name, i) => name.trim() || `column ${i + 1}`);
