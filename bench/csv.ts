// Reading of CSV beside csv-parse: `node --import tsx bench/csv.ts [MB]` prints the figure of docs/figures.md.
import { parse } from "csv-parse";
import { CsvSplitter } from "../src/engine/items/csv-split";

const PIECE = 1 << 18;
const row = (i: number): string =>
  `${i},"Where is my card, the ""new"" one?\nIt has not arrived.",card_arrival,2024-01-01,0.${i}\n`;
const megabytes = Number(process.argv[2] ?? 50);
const pieces: Buffer[] = [];
for (let i = 0, at = 0; at < megabytes * 1e6; at += PIECE) {
  let text = "";
  while (text.length < PIECE) text += row(i++);
  pieces.push(Buffer.from(text));
}
const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);

async function main(): Promise<void> {
  const report = (name: string, records: number, started: NodeJS.CpuUsage): void => {
    const seconds = process.cpuUsage(started).user / 1e6;
    console.log(
      `${name}: ${(bytes / 1e6 / seconds).toFixed(0)} MB/s of CPU time, ${records.toLocaleString("en-US")} records`,
    );
  };
  let started = process.cpuUsage();
  const splitter = new CsvSplitter(",");
  let records = 0;
  for (const piece of pieces) records += splitter.push(piece.toString()).length;
  report("embedding-lens", records + splitter.end().length, started);

  started = process.cpuUsage();
  records = 0;
  const parser = parse({ info: true, relax_column_count: true, relax_quotes: true });
  parser.on("data", () => records++);
  const done = new Promise((resolve) => parser.once("end", resolve));
  for (const piece of pieces) if (!parser.write(piece)) await new Promise((resolve) => parser.once("drain", resolve));
  parser.end();
  await done;
  report("csv-parse", records, started);
}

void main();
