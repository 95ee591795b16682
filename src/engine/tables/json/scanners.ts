import {
  CR,
  type Cut,
  type Found,
  isBlank,
  LF,
  QUOTE,
  type RecordBounds,
  type RecordScanner,
} from "../records/scanner";

const BACKSLASH = 92;
const COMMA = 44;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** JSON Lines: a record is a line. Blank lines are passed over. */
export const lineScanner: RecordScanner = {
  find(bytes, from, filled, final, into): Found {
    const start = skipBlanks(bytes, from, filled, into);
    if (start >= filled) return final ? "end" : "more";
    const at = bytes.indexOf(LF, start);
    const ended = at >= 0 && at < filled;
    if (!ended && !final) return "more";
    into.end = ended ? at : filled;
    into.next = ended ? at + 1 : filled;
    into.lines = into.linesBefore + (ended ? 1 : 0);
    return "record";
  },
  cut(bytes, from, filled, into): Cut {
    skipBlanks(bytes, from, filled, into);
    into.problem = "its line is too long to be read";
    return "skip-line";
  },
};

/** The values of a JSON array, or the entries of a JSON object ("key": value), after its opening bracket. */
export const valueScanner: RecordScanner = {
  find(bytes, from, filled, final, into): Found {
    const start = skipBlanks(bytes, from, filled, into, true);
    if (start >= filled) return final ? "end" : "more";
    if (bytes[start] === CLOSE_BRACKET || bytes[start] === CLOSE_BRACE) return "end";
    let depth = 0;
    let lines = into.linesBefore;
    let i = start;
    while (i < filled) {
      const byte = bytes[i]!;
      if (byte === QUOTE) {
        i = endOfString(bytes, i + 1, filled);
        if (i < 0) break;
      } else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) depth++;
      else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) {
        if (--depth < 0) break;
      } else if (byte === COMMA && depth === 0) break;
      else if (byte === LF || (byte === CR && bytes[i + 1] !== LF)) lines++;
      i++;
    }
    const ended = i >= 0 && i < filled;
    if (!ended && !final) return "more";
    into.end = ended ? i : filled;
    into.next = into.end;
    into.lines = lines;
    if (!ended) into.problem = "the file ends in the middle of it";
    return "record";
  },
  cut(bytes, from, filled, into): Cut {
    skipBlanks(bytes, from, filled, into, true);
    into.lines = into.linesBefore;
    into.problem = "it is too long to be read, and what follows cannot be told from it";
    return "stop";
  },
};

/** The position of the quote that ends a string, -1 when it is not among the bytes. */
function endOfString(bytes: Buffer, from: number, filled: number): number {
  for (let i = from; i < filled; i++) {
    const byte = bytes[i]!;
    if (byte === BACKSLASH) i++;
    else if (byte === QUOTE) return i;
  }
  return -1;
}

function skipBlanks(bytes: Buffer, from: number, filled: number, into: RecordBounds, commas = false): number {
  let i = from;
  let lines = 0;
  for (; i < filled; i++) {
    const byte = bytes[i]!;
    if (byte === LF || (byte === CR && i + 1 < filled && bytes[i + 1] !== LF)) lines++;
    else if (!isBlank(byte) && !(commas && byte === COMMA)) break;
  }
  into.start = i;
  into.linesBefore = lines;
  into.problem = null;
  return i;
}
