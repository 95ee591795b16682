import { LensError } from "../../../protocol/errors";
import type { Decode } from "../csv/csv-cells";
import { textSource } from "../csv/encoding";
import { lineScanner } from "../json/scanners";
import { type RecordReader, RecordTable } from "../records/record-table";
import type { ByteSource } from "../source";
import type { Table } from "../table";

const LOOK_BYTES = 1 << 16;
const COUNTS = /^\s*(\d+)\s+(\d+)\s*\r?\n/;

/**
 * Word vectors as text: a word and its numbers on each line, apart by blanks, as word2vec (with a first line of counts), fastText
 * and GloVe write them.
 * @returns null when the file is another kind of text
 */
export async function openWordVectors(file: ByteSource): Promise<Table | null> {
  const { source, decode, start, notes } = await textSource(file);
  const bytes = Buffer.alloc(Math.max(0, Math.min(LOOK_BYTES, source.size - start)));
  await source.readInto(bytes, start);
  const text = decode(bytes, 0, bytes.length);
  const counts = COUNTS.exec(text);
  const lines = (counts ? text.slice(counts[0].length) : text).split("\n").slice(0, 20);
  if (lines.length > 1) lines.pop();
  const dims = counts ? Number(counts[2]) : numbersAtEnd(lines[0] ?? "");
  if (dims < 3 || lines.length === 0 || !lines.every((line) => line.trim() === "" || numbersAtEnd(line) >= dims))
    return null;
  if (lines.every((line) => line.trim() === "")) throw new LensError("source", `${source.path} has no rows.`);
  return new RecordTable({
    format: counts ? "word2vec" : "GloVe",
    source,
    scanner: lineScanner,
    start: { offset: start + (counts ? Buffer.byteLength(counts[0]) : 0), record: 0, line: counts ? 2 : 1 },
    columns: [
      { name: "word", type: "text", dims: 0 },
      { name: "vector", type: "vector", dims },
    ],
    reader: lineReader(decode, dims),
    hasLines: true,
    notes,
  });
}

/** How many numbers a line ends with. */
function numbersAtEnd(line: string): number {
  const words = line.trim().split(/[ \t]+/);
  let count = 0;
  while (count < words.length - 1 && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(words[words.length - 1 - count]!))
    count++;
  return count;
}

function lineReader(decode: Decode, dims: number): RecordReader {
  return {
    read(bytes, start, end, columns, into) {
      const words = decode(bytes, start, end)
        .trimEnd()
        .split(/[ \t]+/);
      if (words.length < 2) return "it has no numbers";
      // A word may hold blanks: the last `dims` are the numbers.
      const split = Math.max(1, words.length - dims);
      columns.forEach(
        (column, i) => (into[i] = column === 0 ? words.slice(0, split).join(" ") : words.slice(split).map(Number)),
      );
      return null;
    },
  };
}
