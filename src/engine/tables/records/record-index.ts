import { RecordStream } from "./record-stream";
import type { RecordScanner } from "./scanner";
import { type ByteSource, changed } from "../source";
import type { Place, ReadContext } from "../table";

/** A place is kept after this many records or bytes. */
const EVERY_RECORDS = 64;
const EVERY_BYTES = 1 << 15;
/** Records within this many bytes are reached by reading on rather than by a jump. */
const NEAR_BYTES = 1 << 14;

/**
 * Knows how many records a file has and, after one pass over it, where every few of them start, so that any record is reached
 * by reading a few kilobytes.
 */
export class RecordIndex {
  private offsets: number[] = [];
  private records: number[] = [];
  private lines: number[] = [];
  private total: number | null = null;

  constructor(
    private readonly source: ByteSource,
    private readonly scanner: RecordScanner,
    private readonly start: Place,
  ) {}

  /** Null before `build`. */
  get count(): number | null {
    return this.total;
  }

  stream(from = this.start): RecordStream {
    return new RecordStream(this.source, this.scanner, from);
  }

  /** Goes through the file once. @throws LensError "source" */
  async build({ signal, report }: ReadContext): Promise<number> {
    if (this.total !== null) return this.total;
    const stream = this.stream();
    const { offset, record, line } = this.start;
    const offsets = [offset];
    const records = [record];
    const lines = [line];
    let place = this.start;
    for (;;) {
      const found = stream.nextInMemory();
      if (found === null) {
        signal?.throwIfAborted();
        report?.(stream.place().offset, this.source.size);
        await stream.fill();
        continue;
      }
      if (!found) break;
      place = stream.place();
      if (place.record - records.at(-1)! >= EVERY_RECORDS || place.offset - offsets.at(-1)! >= EVERY_BYTES) {
        offsets.push(place.offset);
        records.push(place.record);
        lines.push(place.line);
      }
    }
    await this.source.check();
    Object.assign(this, { offsets, records, lines });
    this.total = place.record;
    report?.(this.source.size, this.source.size);
    return this.total;
  }

  /** Calls `use` at each of some records (from 0, ascending), with the stream on it. */
  async visit(
    wanted: Int32Array,
    { signal, report }: ReadContext,
    use: (stream: RecordStream, index: number) => void,
  ): Promise<void> {
    const stream = this.stream();
    for (let i = 0; i < wanted.length; i++) {
      const record = wanted[i]!;
      this.approach(stream, record);
      if ((i & 0xff) === 0) {
        signal?.throwIfAborted();
        report?.(i, wanted.length);
      }
      while (stream.record < record) {
        const found = stream.nextInMemory();
        if (found === true) continue;
        if (found === false) throw changed(this.source.path);
        signal?.throwIfAborted();
        await stream.fill();
      }
      use(stream, i);
    }
    report?.(wanted.length, wanted.length);
  }

  private approach(stream: RecordStream, record: number): void {
    const k = lastAtMost(this.records, record);
    if (k < 0) return;
    const offset = this.offsets[k]!;
    const here = stream.place();
    if (here.record <= record && offset - here.offset < NEAR_BYTES) return;
    stream.jump({ offset, record: this.records[k]!, line: this.lines[k]! });
  }
}

/** The last position whose value is at most `value`, -1 when there is none. */
function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
