import type { Cell } from "../cells";
import { columnBuilder } from "../column-builder";
import { checkRows, chosenColumns } from "../columns";
import type { ByteSource } from "../source";
import type { Block, Column, ReadContext, Table } from "../table";
import { RecordIndex } from "./record-index";
import type { Place, RecordStream } from "./record-stream";
import type { RecordScanner } from "./scanner";

/** How one record becomes cells. */
export interface RecordReader {
  /**
   * The cells of some columns of the record that a stream is on.
   * @param columns positions of columns
   * @param into filled with a cell for each
   * @returns why the record cannot be read, or null
   */
  read(bytes: Buffer, start: number, end: number, columns: readonly number[], into: Cell[]): string | null;
  /** What was noticed while reading, as sentences. */
  notes?(): string[];
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
  notes: readonly string[];
}

/** A text file of records as a table. */
export class RecordTable implements Table {
  readonly format: string;
  readonly columns: readonly Column[];
  readonly hasLines: boolean;
  private readonly index: RecordIndex;

  constructor(private readonly file: RecordFile) {
    this.format = file.format;
    this.columns = file.columns;
    this.hasLines = file.hasLines;
    this.index = new RecordIndex(file.source, file.scanner, file.start);
  }

  get rowCount(): number | null {
    return this.index.count;
  }

  get notes(): string[] {
    return [...this.file.notes, ...(this.file.reader.notes?.() ?? [])];
  }

  count(ctx: ReadContext = {}): Promise<number> {
    return this.index.build(ctx);
  }

  async read(columns: readonly string[], rows: Int32Array, ctx: ReadContext = {}): Promise<Block> {
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
    const broken: Block["broken"] = [];
    let count = 0;
    return {
      add: ({ bytes, bounds, line }) => {
        const problem = bounds.problem ?? reader.read(bytes, bounds.start, bounds.end, positions, cells);
        if (problem !== null) {
          cells.fill(null);
          broken.push({ at: count, reason: problem });
        }
        builders.forEach((builder, i) => builder.push(cells[i]));
        lines[count++] = line;
      },
      finish: () => ({
        columns: builders.map((builder) => builder.finish()),
        lines: hasLines ? lines.slice(0, count) : null,
        broken,
      }),
    };
  }
}
