import { LINE_LIMIT } from "./limits";

export interface Line {
  /** From 1. */
  number: number;
  text: string;
  /** Whether the text was cut because the line is longer than the limit. */
  cut: boolean;
}

/**
 * Splits a text that comes in pieces into lines, as editors do: at \n, \r\n or \r. Of a line longer than the limit
 * (in characters) the rest is passed over, so that memory stays bounded.
 */
export class LineSplitter {
  private carry = "";
  private cut = false;
  private number = 0;
  private heldReturn = false;

  constructor(private readonly limit = LINE_LIMIT) {}

  /** The lines that end in this piece. */
  push(piece: string): Line[] {
    let text = this.heldReturn ? "\r" + piece : piece;
    this.heldReturn = text.endsWith("\r");
    if (this.heldReturn) text = text.slice(0, -1);
    const parts = text.includes("\r") ? text.split(/\r\n|\r|\n/) : text.split("\n");
    const last = parts.pop()!;
    const lines = parts.map((part) => {
      this.add(part);
      return this.take();
    });
    this.add(last);
    return lines;
  }

  /** The last line, when it has no line end; a line end at the end of the text starts no line. */
  end(): Line[] {
    return this.heldReturn || this.carry !== "" ? [this.take()] : [];
  }

  private add(part: string): void {
    const room = this.limit - this.carry.length;
    if (part.length > room) this.cut = true;
    this.carry += part.length > room ? part.slice(0, room) : part;
  }

  private take(): Line {
    const line = { number: ++this.number, text: this.carry, cut: this.cut };
    this.carry = "";
    this.cut = false;
    return line;
  }
}

/** The lines of a text, a batch for each piece. */
export async function* splitLines(pieces: AsyncIterable<string>, limit = LINE_LIMIT): AsyncGenerator<Line[]> {
  const splitter = new LineSplitter(limit);
  for await (const piece of pieces) yield splitter.push(piece);
  yield splitter.end();
}
