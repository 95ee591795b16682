import { LF, newBounds, type RecordBounds, type RecordScanner } from "./scanner";
import type { ByteSource } from "../source";
import type { Place } from "../table";

/** The longest record that is read, in bytes; of a longer one only the beginning is looked at. */
export const RECORD_LIMIT = 1 << 24;
/** Bytes that are read at once when records follow each other. */
const RUN_BYTES = 1 << 20;
/** Bytes that are read after a jump. */
const JUMP_BYTES = 1 << 14;

/** Reads the records of a file one after the other, from any known place. Holds one record and the bytes read ahead. */
export class RecordStream {
  /** Bytes of the current record lie at `bounds.start` to `bounds.end`. */
  bytes = Buffer.allocUnsafe(RUN_BYTES);
  readonly bounds: RecordBounds = newBounds();
  /** Number of the current record, from 0. */
  record = -1;
  /** Line at which the current record starts, from 1. */
  line = 1;
  private base = 0;
  private filled = 0;
  private at = 0;
  private nextRecord = 0;
  private nextLine = 1;
  private step = RUN_BYTES;
  private skippingLine = false;
  private stopped = false;

  constructor(
    private readonly source: ByteSource,
    private readonly scanner: RecordScanner,
    start: Place,
  ) {
    this.jump(start);
    this.step = RUN_BYTES;
  }

  /** The byte at which the current record starts. */
  get offset(): number {
    return this.base + this.bounds.start;
  }

  /** The place after the current record. */
  place(): Place {
    return { offset: this.base + this.at, record: this.nextRecord, line: this.nextLine };
  }

  jump({ offset, record, line }: Place): void {
    if (offset >= this.base && offset <= this.base + this.filled) this.at = offset - this.base;
    else {
      this.base = offset;
      this.filled = 0;
      this.at = 0;
      this.step = JUMP_BYTES;
    }
    this.record = record - 1;
    this.nextRecord = record;
    this.nextLine = line;
    this.skippingLine = false;
    this.stopped = false;
  }

  /**
   * Finds the next record among the bytes in memory.
   * @returns null when bytes have to be read first: call `fill`
   */
  nextInMemory(): boolean | null {
    const { bounds } = this;
    if (this.stopped) return false;
    if (this.skippingLine) return this.skipLine();
    const found = this.scanner.find(
      this.bytes,
      this.at,
      this.filled,
      this.base + this.filled >= this.source.size,
      bounds,
    );
    if (found === "more") {
      if (this.filled - this.at < RECORD_LIMIT && this.base + this.filled < this.source.size) return null;
      const cut = this.scanner.cut(this.bytes, this.at, this.filled, bounds);
      if (cut === "skip-line") return this.skipLine();
      if (cut === "stop") {
        this.stopped = true;
        bounds.next = this.filled;
      }
    }
    if (found === "end") return false;
    this.accept(bounds.next);
    return true;
  }

  private accept(next: number): void {
    const { bounds } = this;
    this.record = this.nextRecord++;
    this.line = this.nextLine + bounds.linesBefore;
    this.nextLine += bounds.lines;
    this.at = next;
  }

  /** Passes over the rest of a line that is too long to be held. */
  private skipLine(): boolean | null {
    const end = this.bytes.subarray(0, this.filled).indexOf(LF, this.at);
    this.skippingLine = end < 0 && this.base + this.filled < this.source.size;
    if (this.skippingLine) {
      this.at = this.filled;
      return null;
    }
    this.bounds.lines = this.bounds.linesBefore + (end < 0 ? 0 : 1);
    this.accept(end < 0 ? this.filled : end + 1);
    return true;
  }

  /** Moves to the next record; false when there is none. */
  async next(): Promise<boolean> {
    for (;;) {
      const found = this.nextInMemory();
      if (found !== null) return found;
      await this.fill();
    }
  }

  /** Reads on, keeping what belongs to the next record. */
  async fill(): Promise<void> {
    const kept = this.filled - this.at;
    if (kept + this.step > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, kept + this.step));
      this.bytes.copy(larger, 0, this.at, this.filled);
      this.bytes = larger;
    } else this.bytes.copyWithin(0, this.at, this.filled);
    this.base += this.at;
    this.at = 0;
    this.filled = kept;
    this.filled += await this.source.readInto(this.bytes.subarray(kept, kept + this.step), this.base + kept);
    // A record that is longer than a step is looked through again after each step: let the steps grow.
    const room = Math.max(RUN_BYTES, RECORD_LIMIT - this.filled);
    this.step = Math.min(Math.max(this.step * 2, kept), room);
    if (kept < this.step / 4) this.step = Math.min(this.step, RUN_BYTES);
  }
}
