/** Finds the records of a text, given as UTF-8 bytes, without decoding them. Has no memory: a record is found from its start alone. */
export interface RecordScanner {
  /**
   * Finds the record that starts at or after `from`.
   * @param bytes filled up to `filled`
   * @param final whether the file ends at `filled`
   * @param into where the record is put, when it was found
   */
  find(bytes: Buffer, from: number, filled: number, final: boolean, into: RecordBounds): Found;
  /** What to do about a record that does not end before the limit; `into` gets its bounds, as far as they are known, and the problem. */
  cut(bytes: Buffer, from: number, filled: number, into: RecordBounds): Cut;
}

export type Cut =
  /** `into.next` says where to go on. */
  | "resume"
  /** The rest of the line belongs to the record. */
  | "skip-line"
  /** What follows cannot be told from the record: it is the last one. */
  | "stop";

export type Found =
  | "record"
  /** The bytes end before the record does. */
  | "more"
  /** There are no more records. */
  | "end";

/** Where a record is, as positions in the bytes. */
export interface RecordBounds {
  start: number;
  /** Without its line end. */
  end: number;
  /** Where the next record is looked for. */
  next: number;
  /** Line ends between `from` and `start`. */
  linesBefore: number;
  /** Line ends between `from` and `next`. */
  lines: number;
  /** Why the record cannot be read, null when it can. */
  problem: string | null;
}

export const newBounds = (): RecordBounds => ({ start: 0, end: 0, next: 0, linesBefore: 0, lines: 0, problem: null });

export const LF = 10;
export const CR = 13;
export const QUOTE = 34;
const SPACE = 32;
const TAB = 9;

export const isBlank = (byte: number): boolean => byte === SPACE || byte === TAB || byte === LF || byte === CR;

/** Line ends (\n, \r\n or \r) in a range of bytes. */
export function countLines(bytes: Buffer, from: number, to: number): number {
  let lines = 0;
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!;
    if (byte === LF || (byte === CR && bytes[i + 1] !== LF)) lines++;
  }
  return lines;
}
