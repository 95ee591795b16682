import type { Cell } from "../cells";
import { columnBuilder } from "../column-builder";
import { checkRows, chosenColumns } from "../columns";
import type { RecordInsert } from "../copy/copy-records";
import type { ByteSource } from "../source";
import type { Block, Column, Place, ReadContext, Table } from "../table";
import { RecordIndex } from "./record-index";
import type { RecordStream } from "./record-stream";
import type { RecordScanner } from "./scanner";

/** How one record becomes cells. */
export interface RecordReader {
  /**
   * The cells of some columns of the record that a stream is on.
   * @param columns positions of columns
   * @param into filled with a cell for each
   * @param line at which the record starts, from 1
   * @returns why the record cannot be read, or null
   */
  read(
    bytes: Buffer,
    start: number,
    end: number,
    columns: readonly number[],
    into: Cell[],
    line: number,
  ): string | null;
  /** What is odd about the record that was read last, although it could be read. */
  readonly odd?: string | null;
}

export interface RecordFile {
  format: string;
  source: ByteSource;
  scanner: RecordScanner;
  /** Where the first record is looked for. */
  start: Place;
  columns: readonly Column[];
  reader: RecordReader;
  hasLines: boolean;
  /** As in `Table`. */
  header?: boolean;
  notes: readonly string[];
  /** How a value is put into a record of a copy; absent: it cannot. */
  insert?: RecordInsert;
}

/** A text file of records as a table. */
export class RecordTable implements Table {
  readonly format: string;
  readonly columns: readonly Column[];
  readonly hasLines: boolean;
  readonly header: boolean | undefined;
  private readonly index: RecordIndex;
  private known: Place | null = null;

  constructor(readonly file: RecordFile) {
    this.format = file.format;
    this.header = file.header;
    this.columns = file.columns;
    this.hasLines = file.hasLines;
    this.index = new RecordIndex(file.source, file.scanner, file.start);
  }

  get rowCount(): number | null {
    return this.index.count;
  }

  get notes(): readonly string[] {
    return this.file.notes;
  }

  know(place: Place): void {
    this.known = place;
  }

  count(ctx: ReadContext = {}): Promise<number> {
    return this.index.build(ctx);
  }

  async read(columns: readonly string[], rows: Int32Array, ctx: ReadContext = {}): Promise<Block> {
    const known = await this.readKnown(columns, rows);
    if (known) return known;
    checkRows(rows, await this.count(ctx));
    const collect = this.collector(columns, rows.length);
    await this.index.visit(rows, ctx, (stream) => collect.add(stream));
    await this.file.source.check();
    return collect.finish();
  }

  async preview(columns: readonly string[], limit: number, { signal }: ReadContext = {}): Promise<Block> {
    const collect = this.collector(columns, limit);
    const stream = this.index.stream();
    for (let i = 0; i < limit && (await stream.next()); i++) {
      signal?.throwIfAborted();
      collect.add(stream);
    }
    return collect.finish();
  }

  /** The one row whose place is known, without a pass over the file. */
  private async readKnown(columns: readonly string[], rows: Int32Array): Promise<Block | null> {
    if (!this.known || rows.length !== 1 || rows[0] !== this.known.record) return null;
    const stream = this.index.stream(this.known);
    if (!(await stream.next())) return null;
    const collect = this.collector(columns, 1);
    collect.add(stream);
    return collect.finish();
  }

  close(): Promise<void> {
    return this.file.source.close();
  }

  private collector(names: readonly string[], rows: number): { add(stream: RecordStream): void; finish(): Block } {
    const { reader, source, hasLines } = this.file;
    const columns = chosenColumns(this.columns, names, ({ name }) => name, source.path);
    const positions = columns.map((column) => this.columns.indexOf(column));
    const builders = columns.map((column) => columnBuilder(column, rows));
    const cells = new Array<Cell>(columns.length).fill(null);
    const lines = new Int32Array(rows);
    const offsets = new Float64Array(rows);
    const broken: Block["broken"] = [];
    const odd: NonNullable<Block["odd"]> = [];
    let count = 0;
    return {
      add: ({ bytes, bounds, line, offset }) => {
        const where = hasLines ? ` (line ${line})` : "";
        const problem =
          bounds.problem === null
            ? reader.read(bytes, bounds.start, bounds.end, positions, cells, line)
            : `${bounds.problem}${where}`;
        if (problem !== null) {
          cells.fill(null);
          broken.push({ at: count, reason: problem });
        } else if (reader.odd) odd.push({ at: count, what: reader.odd });
        builders.forEach((builder, i) => builder.push(cells[i]));
        offsets[count] = offset;
        lines[count++] = line;
      },
      finish: () => ({
        columns: builders.map((builder) => builder.finish()),
        lines: hasLines ? lines.slice(0, count) : null,
        offsets: offsets.slice(0, count),
        broken,
        odd,
      }),
    };
  }
}
