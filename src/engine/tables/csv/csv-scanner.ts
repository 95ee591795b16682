import { CR, type Cut, type Found, LF, QUOTE, type RecordBounds, type RecordScanner } from "../records/scanner";

export interface Dialect {
  /** The byte between cells. */
  delimiter: number;
  /** Whether a cell that starts with a quotation mark goes on, over line ends, to the next one that is not doubled (RFC 4180). */
  quotes: boolean;
}

/** Finds the records of CSV (RFC 4180) and its kin. Blank lines are passed over; records end at \n, \r\n or \r. */
export function csvScanner({ delimiter, quotes }: Dialect): RecordScanner {
  return {
    find(bytes, from, filled, final, into): Found {
      let i = from;
      let lines = 0;
      for (; i < filled; i++) {
        const byte = bytes[i]!;
        if (byte === LF) lines++;
        else if (byte === CR) {
          if (bytes[i + 1] !== LF || i + 1 >= filled) lines++;
        } else break;
      }
      if (i >= filled) return final ? "end" : "more";
      into.start = i;
      into.linesBefore = lines;
      into.problem = null;
      for (;;) {
        if (quotes && bytes[i] === QUOTE) {
          for (i++; ; i++) {
            const byte = bytes[i]!;
            if (i >= filled) return "more";
            if (byte === QUOTE) {
              if (i + 1 >= filled && !final) return "more";
              if (i + 1 >= filled || bytes[i + 1] !== QUOTE) break;
              i++;
            } else if (byte === LF) lines++;
            else if (byte === CR && bytes[i + 1] !== LF) lines++;
          }
          i++;
        }
        let byte = 0;
        while (i < filled) {
          byte = bytes[i]!;
          if (byte === delimiter || byte === LF || byte === CR) break;
          i++;
        }
        if (i >= filled) {
          if (!final) return "more";
          return bound(into, filled, filled, lines);
        }
        if (byte === delimiter) {
          i++;
          if (i >= filled) return final ? bound(into, filled, filled, lines) : "more";
          continue;
        }
        if (byte === LF) return bound(into, i, i + 1, lines + 1);
        if (i + 1 >= filled && !final) return "more";
        return bound(into, i, bytes[i + 1] === LF && i + 1 < filled ? i + 2 : i + 1, lines + 1);
      }
    },
    /** A quote is open: the record is given its first line; or a line is longer than the limit. */
    cut(bytes, from, filled, into): Cut {
      let start = from;
      let before = 0;
      for (; start < filled && (bytes[start] === LF || bytes[start] === CR); start++) {
        if (bytes[start] === LF || bytes[start + 1] !== LF) before++;
      }
      into.start = start;
      into.linesBefore = before;
      const end = bytes.subarray(0, filled).indexOf(LF, start);
      into.end = end < 0 ? filled : end;
      into.problem = end < 0 ? "its line is too long to be read" : "a quotation mark opens in it that never closes";
      if (end < 0) return "skip-line";
      into.next = end + 1;
      into.lines = before + 1;
      return "resume";
    },
  };
}

function bound(into: RecordBounds, end: number, next: number, lines: number): Found {
  into.end = end;
  into.next = next;
  into.lines = lines;
  return "record";
}
