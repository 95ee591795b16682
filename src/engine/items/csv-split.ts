import { RECORD_LIMIT } from "./limits";

/** One record of a delimited text. */
export interface CsvRecord {
  /** Line of the text, from 1, at which the record starts. */
  line: number;
  cells: string[];
  /** "open quote": a cell's quote is never closed, so it was read as an ordinary character. "too long": cut at RECORD_LIMIT. */
  problem?: "open quote" | "too long";
}

const QUOTE = 34;
const LF = 10;
const CR = 13;

/**
 * Splits a delimited text that comes in pieces into records (RFC 4180: quoted cells may hold delimiters, line breaks and
 * doubled quotes; lines end at \n, \r\n or \r), with the line at which each record starts. Where texts differ from the RFC: a quote inside
 * an unquoted cell is an ordinary character, so is what follows a closing quote, and so is a quote that is never closed.
 * Blank lines are passed over. Memory is bounded by RECORD_LIMIT.
 */
export class CsvSplitter {
  /** Blank lines that were passed over. */
  blank = 0;
  private text = "";
  private line = 1;
  /** An unfinished record is looked at again when this much text is there: each character a few times at most. */
  private again = 0;
  /** Inside a record that is too long: what comes up to the next line end is passed over. */
  private passing = false;
  private readonly delimiter: number;

  constructor(delimiter: string) {
    this.delimiter = delimiter.charCodeAt(0);
  }

  /** The records that end in this piece. */
  push(piece: string): CsvRecord[] {
    this.text += piece;
    return this.text.length < this.again ? [] : this.split(false);
  }

  /** The records of what is left; a line end at the end of the text starts no record. */
  end(): CsvRecord[] {
    return this.split(true);
  }

  private split(final: boolean): CsvRecord[] {
    const { text } = this;
    const records: CsvRecord[] = [];
    let at = this.passing ? this.skipLine(0, final) : 0;
    while (at < text.length) {
      const found = this.read(at, final, true) ?? this.tooLong(at, final);
      if (found === null) break;
      const { cells, end, breaks, problem } = found;
      if (cells.length === 1 && cells[0]!.trim() === "" && text.charCodeAt(at) !== QUOTE) this.blank++;
      else records.push({ line: this.line, cells, ...(problem && { problem }) });
      this.line += breaks;
      at = end;
      if (problem === "too long") at = this.skipLine(at, final);
    }
    this.text = text.slice(at);
    this.again = this.text.length * 2;
    return records;
  }

  /** The record that starts at `at`; null when its end is not there yet. */
  private read(at: number, final: boolean, quotes: boolean): Found | null {
    const { text, delimiter } = this;
    const cells: string[] = [];
    let breaks = 0;
    let pos = at;
    for (;;) {
      let value = "";
      if (quotes && text.charCodeAt(pos) === QUOTE) {
        const closing = this.closingQuote(pos + 1, final);
        if (closing === null) return final || text.length - at > RECORD_LIMIT ? this.unquoted(at, final) : null;
        const raw = text.slice(pos + 1, closing);
        value = raw.includes('""') ? raw.replaceAll('""', '"') : raw;
        breaks += countBreaks(raw);
        pos = closing + 1;
      }
      const from = pos;
      let code = text.charCodeAt(pos);
      while (pos < text.length && code !== delimiter && code !== LF && code !== CR) code = text.charCodeAt(++pos);
      if (pos === text.length && !final) return null;
      cells.push(value === "" ? text.slice(from, pos) : value + text.slice(from, pos));
      if (pos < text.length && code === delimiter) {
        pos++;
        continue;
      }
      if (code === CR && pos + 1 === text.length && !final) return null;
      const end = pos + (code === CR && text.charCodeAt(pos + 1) === LF ? 2 : pos < text.length ? 1 : 0);
      return { cells, end, breaks: breaks + 1 };
    }
  }

  /** Position of the quote that closes a cell whose text starts at `from`; null when it is not there (yet). */
  private closingQuote(from: number, final: boolean): number | null {
    const { text } = this;
    for (let at = from; ; at += 2) {
      at = text.indexOf('"', at);
      if (at === -1) return null;
      if (at + 1 === text.length) return final ? at : null;
      if (text.charCodeAt(at + 1) !== QUOTE) return at;
    }
  }

  private unquoted(at: number, final: boolean): Found | null {
    const found = this.read(at, final, false);
    return found && { ...found, problem: "open quote" };
  }

  /** A record whose end is not within RECORD_LIMIT: what there is of it. */
  private tooLong(at: number, final: boolean): Found | null {
    if (this.text.length - at <= RECORD_LIMIT || final) return null;
    this.passing = true;
    const end = this.text.length;
    const cells = this.text.slice(at, at + RECORD_LIMIT).split(String.fromCharCode(this.delimiter));
    return { cells, end, breaks: 0, problem: "too long" };
  }

  /** The start of the next line; the end of the text when it is not there yet. */
  private skipLine(from: number, final: boolean): number {
    const { text } = this;
    let at = from;
    while (at < text.length && text.charCodeAt(at) !== LF && text.charCodeAt(at) !== CR) at++;
    if (at === text.length) return at;
    if (text.charCodeAt(at) === CR && at + 1 === text.length && !final) return at;
    this.passing = false;
    this.line++;
    return at + (text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF ? 2 : 1);
  }
}

interface Found {
  cells: string[];
  /** Where the next record starts. */
  end: number;
  /** Line breaks from the start of the record to `end`. */
  breaks: number;
  problem?: "open quote" | "too long";
}

/** Line breaks in a text: \r\n counts once. */
function countBreaks(text: string): number {
  let breaks = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === LF || (code === CR && text.charCodeAt(i + 1) !== LF)) breaks++;
  }
  return breaks;
}
