import type { RecordFile } from "../records/record-table";
import { RecordStream } from "../records/record-stream";
import type { ByteSource } from "../source";
import type { ReadContext } from "../table";
import type { AddedColumn, Sink } from "./copy";

/** Bytes of the file between two looks at the user's wishes. */
const BATCH = 1 << 22;

/** Puts a text into a record. */
export interface Insertion {
  /** Byte of the buffer that the record is in. */
  at: number;
  text: string;
}

/** Where a value, or the column's name, goes into a record; null when the record stays as it is. */
export interface RecordInsert {
  value(bytes: Buffer, start: number, end: number, name: string, value: number | null): Insertion | null;
  /** Into the record that names the columns, which is before the first; absent when there is none. */
  header?: { offset: number; text: (name: string) => string };
}

/** Copies a text of records with a value put into each. */
export async function copyRecords(
  { source, scanner, start, insert }: RecordFile,
  { name, rows, values }: AddedColumn,
  sink: Sink,
  { signal, report }: ReadContext,
): Promise<void> {
  const splice = new Splice(source, sink);
  const { header } = insert!;
  if (header) splice.put(header.offset, header.text(name));
  const wanted = new Map(Array.from(rows, (row, i) => [row, values[i]!]));
  const stream = new RecordStream(source, scanner, start);
  while (await stream.next()) {
    const { bytes, bounds, record } = stream;
    const put =
      bounds.problem === null ? insert!.value(bytes, bounds.start, bounds.end, name, wanted.get(record) ?? null) : null;
    if (put) splice.put(stream.offset + put.at - bounds.start, put.text);
    if (!splice.isLong) continue;
    signal?.throwIfAborted();
    await splice.flush();
    report?.(stream.offset, source.size);
  }
  await splice.end();
  await source.check();
}

/** Copies a file piece by piece with texts put into it. */
class Splice {
  private from = 0;
  private puts: { offset: number; text: string }[] = [];

  constructor(
    private readonly source: ByteSource,
    private readonly sink: Sink,
  ) {}

  /** @param offset byte of the file; never before an earlier one */
  put(offset: number, text: string): void {
    this.puts.push({ offset, text });
  }

  get isLong(): boolean {
    return (this.puts.at(-1)?.offset ?? 0) - this.from > BATCH;
  }

  async flush(): Promise<void> {
    const last = this.puts.at(-1);
    if (!last) return;
    const bytes = Buffer.from(await this.source.read(this.from, last.offset - this.from));
    const pieces: Buffer[] = [];
    let at = this.from;
    for (const { offset, text } of this.puts) {
      pieces.push(bytes.subarray(at - this.from, offset - this.from), Buffer.from(text));
      at = offset;
    }
    this.from = at;
    this.puts = [];
    await this.sink(Buffer.concat(pieces));
  }

  async end(): Promise<void> {
    await this.flush();
    for (let length = 0; this.from < this.source.size; this.from += length) {
      length = Math.min(BATCH, this.source.size - this.from);
      await this.sink(await this.source.read(this.from, length));
    }
  }
}
