import { HEAD_RECORDS } from "./limits";

/** A record of a table, or what stands in the place of one. */
export interface TableRecord {
  /** From 1, without the header and blank lines. */
  row: number;
  /** The line of the file, from 1, at which it starts. */
  line: number;
  /** The text in a column (from 0); "" where there is none. */
  cell(column: number): string;
  /** How many cells it has. */
  width: number;
  /** Why it can't be read; its cells are then empty. */
  bad?: string;
  /** What is odd about it although it can be read. */
  odd?: string;
}

/** A table that is open: its start is known, the rest is read as `records` are asked for. */
export interface Table {
  /** Names of the columns: of the file, or "column 1", … */
  columns: string[];
  /** Whether the first row named them. */
  header: boolean;
  /** The first records, for guesses and previews. */
  head: TableRecord[];
  /** All records, those of `head` included, in batches. Can be read once. */
  records: AsyncIterable<TableRecord[]>;
  /** Blank lines so far. */
  blank(): number;
  /** Closes the file, whether or not all records were read. */
  close(): Promise<void>;
}

/** Takes the first batches, at least `count` values if there are so many, and gives all batches again as `all`; `close` ends them early. */
export async function peek<T>(
  batches: AsyncGenerator<T[]>,
  count = HEAD_RECORDS,
): Promise<{ head: T[]; all: AsyncGenerator<T[]>; close: () => Promise<void> }> {
  const first: T[][] = [];
  let seen = 0;
  while (seen < count) {
    const next = await batches.next();
    if (next.done) break;
    first.push(next.value);
    seen += next.value.length;
  }
  const close = async (): Promise<void> => {
    await batches.return(undefined);
  };
  async function* all(): AsyncGenerator<T[]> {
    try {
      yield* first;
      yield* batches;
    } finally {
      await close();
    }
  }
  return { head: first.flat().slice(0, count), all: all(), close };
}

export const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `column ${i + 1}`);
