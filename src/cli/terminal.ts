import type { Progress, Stage } from "../protocol/engine";

/** Where messages go: stderr. */
export interface MessageStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

const STAGES: Record<Stage, string> = {
  items: "Reading",
  model: "Getting the model",
  answers: "Waiting for earlier answers of the server",
  embed: "Embedding",
  neighbors: "Finding neighbours",
  reduce: "Drawing the map",
  cluster: "Clustering",
  quality: "Judging the map",
  matrix: "Comparing",
};

const TTY_EVERY_MS = 80;
const FIRST_LINE_MS = 1_000;
const LINE_EVERY_MS = 5_000;

/** Writes messages and progress. On a terminal progress is one line that changes; elsewhere a line now and then. */
export class Terminal {
  private shown = false;
  private next: number;

  constructor(
    private readonly stream: MessageStream,
    private readonly quiet: boolean,
  ) {
    this.next = performance.now() + (stream.isTTY ? TTY_EVERY_MS : FIRST_LINE_MS);
  }

  progress({ stage, done, total }: Progress): void {
    const now = performance.now();
    if (this.quiet || now < this.next) return;
    this.next = now + (this.stream.isTTY ? TTY_EVERY_MS : LINE_EVERY_MS);
    const count =
      total > 0 ? ` ${amount(stage, done)} of ${amount(stage, total)}` : done > 0 ? ` ${amount(stage, done)}` : "";
    const text = `${STAGES[stage]}${count} …`;
    if (!this.stream.isTTY) this.stream.write(`${text}\n`);
    else {
      this.stream.write(`\r\u001b[K${text.slice(0, (this.stream.columns ?? 80) - 1)}`);
      this.shown = true;
    }
  }

  /** A line about a run that went well; not with --quiet. */
  note(text: string): void {
    if (!this.quiet) this.say(text);
  }

  /** A line that is always written. */
  say(text: string): void {
    this.clear();
    this.stream.write(`${plain(text)}\n`);
  }

  /** Takes the progress line away. */
  clear(): void {
    if (this.shown) this.stream.write("\r\u001b[K");
    this.shown = false;
  }
}

/** A file's bytes for "model", else a count. */
function amount(stage: Stage, n: number): string {
  return stage === "model" ? megabytes(n) : n.toLocaleString("en-US");
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Text from outside without control characters: a file's name must not steer the terminal. Line ends stay. */
export const plain = (text: string): string => text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, "\uFFFD");
