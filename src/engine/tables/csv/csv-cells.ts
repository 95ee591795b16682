import { CR, LF, QUOTE } from "../records/scanner";
import type { Dialect } from "./csv-scanner";

/** Turns a range of bytes into text. */
export type Decode = (bytes: Buffer, start: number, end: number) => string;

/**
 * The cells of one record that are wanted.
 * @param columns positions of the cells wanted
 * @param into the text of each, null where the record has no such cell; at least as long as `columns`
 * @returns how many cells the record has
 */
export function readCells(
  bytes: Buffer,
  start: number,
  end: number,
  { delimiter, quotes }: Dialect,
  bounds: CellBounds,
  decode: Decode,
  columns: readonly number[],
  into: unknown[],
): number {
  const count = bounds.find(bytes, start, end, delimiter, quotes);
  for (let k = 0; k < columns.length; k++) {
    const column = columns[k]!;
    into[k] = column < count ? bounds.text(bytes, column, decode) : null;
  }
  return count;
}

/** Where the cells of a record are. Kept between records, so that no memory is taken for each. */
export class CellBounds {
  private starts = new Uint32Array(64);
  private ends = new Uint32Array(64);
  /** 0 plain, 1 in quotes, 2 in quotes with doubled quotes inside or text after them. */
  private forms = new Uint8Array(64);
  /** A quotation mark of the record closes on a later line with text after it: it is seldom meant, and lines are swallowed. */
  torn = false;

  find(bytes: Buffer, start: number, end: number, delimiter: number, quotes: boolean): number {
    let count = 0;
    this.torn = false;
    let i = start;
    for (;;) {
      if (count === this.starts.length) this.grow();
      this.starts[count] = i;
      let form = 0;
      if (quotes && bytes[i] === QUOTE && i < end) {
        form = 1;
        for (i++; i < end; i++) {
          if (bytes[i] !== QUOTE) continue;
          if (bytes[i + 1] !== QUOTE || i + 1 >= end) break;
          form = 2;
          i++;
        }
        i++;
        if (i < end && bytes[i] !== delimiter) {
          form = 2;
          const quoted = bytes.subarray(this.starts[count], i);
          if (quoted.includes(LF) || quoted.includes(CR)) this.torn = true;
        }
      }
      while (i < end && bytes[i] !== delimiter) i++;
      this.ends[count] = Math.min(i, end);
      this.forms[count++] = form;
      if (i >= end) return count;
      i++;
    }
  }

  /** The byte after a cell. */
  end(cell: number): number {
    return this.ends[cell]!;
  }

  isQuoted(cell: number): boolean {
    return this.forms[cell]! > 0;
  }

  text(bytes: Buffer, cell: number, decode: Decode): string {
    const start = this.starts[cell]!;
    const end = this.ends[cell]!;
    switch (this.forms[cell]) {
      case 0:
        return decode(bytes, start, end);
      case 1:
        return decode(bytes, start + 1, end - 1);
      default:
        return decode(bytes, start + 1, end)
          .replace(/"(?!")([^"]*)$/, "$1")
          .replaceAll('""', '"');
    }
  }

  private grow(): void {
    const longer = <T extends Uint32Array | Uint8Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    const length = this.starts.length * 4;
    this.starts = longer(this.starts, new Uint32Array(length));
    this.ends = longer(this.ends, new Uint32Array(length));
    this.forms = longer(this.forms, new Uint8Array(length));
  }
}
