// Reading speed of tables: counts the rows and reads a seeded sample of 20,000, beside pandas when it is there.
// node --import tsx bench/tables.ts FILE...   (without a file: a 1 GB CSV, a 1 GB JSONL and a 5-million-row Parquet are made)
import { execFileSync } from "node:child_process";
import { createWriteStream, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { parquetWriteFile } from "hyparquet-writer";
import type { openTable as OpenTable } from "../src/engine/tables/open";
import { createRandom, sampleIndices, type Random } from "../src/engine/random";

const WORDS = "the quick brown fox jumps over a lazy dog and runs away from big bad wolf in dark forest".split(" ");
const SAMPLE = 20_000;

function sentence(random: Random): string {
  const length = 5 + random.below(20);
  return Array.from({ length }, () => WORDS[random.below(WORDS.length)]!).join(" ");
}

async function writeLines(
  file: string,
  bytes: number,
  head: string,
  line: (i: number, random: Random) => string,
): Promise<void> {
  const random = createRandom(1);
  const out = createWriteStream(file);
  let written = 0;
  let buffer = head;
  for (let i = 0; written < bytes; i++) {
    buffer += line(i, random);
    if (buffer.length < 1 << 20) continue;
    written += buffer.length;
    if (!out.write(buffer)) await once(out, "drain");
    buffer = "";
  }
  out.end(buffer);
  await once(out, "finish");
}

async function made(folder: string): Promise<string[]> {
  const csv = join(folder, "rows.csv");
  await writeLines(csv, 1e9, "id,text,label,score\n", (i, random) => {
    const text = sentence(random);
    const cell =
      random.below(5) === 0 ? `"He said, ""${text}"""` : random.below(20) === 0 ? `"${text}\nand more"` : text;
    return `${i},${cell},class ${random.below(20)},${random.next().toFixed(5)}\n`;
  });
  const jsonl = join(folder, "vectors.jsonl");
  await writeLines(jsonl, 1e9, "", (i, random) => {
    const vector = Array.from({ length: 384 }, () => Number((random.next() - 0.5).toFixed(6)));
    return `${JSON.stringify({ id: i, text: sentence(random), vector })}\n`;
  });
  const parquet = join(folder, "rows.parquet");
  const random = createRandom(1);
  const rows = 5_000_000;
  parquetWriteFile({
    filename: parquet,
    rowGroupSize: 500_000,
    columnData: [
      { name: "text", data: Array.from({ length: rows }, () => sentence(random)), type: "STRING" },
      { name: "label", data: Array.from({ length: rows }, () => `class ${random.below(20)}`), type: "STRING" },
      { name: "score", data: Float64Array.from({ length: rows }, () => random.next()), type: "DOUBLE" },
    ],
  });
  return [csv, jsonl, parquet];
}

/** What the extension runs is a bundle: sources compiled on the fly are several times slower. */
async function bundled(folder: string): Promise<typeof OpenTable> {
  const outfile = join(folder, "open.js");
  await build({
    entryPoints: ["src/engine/tables/open.ts"],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    outfile,
    logLevel: "error",
    external: ["./hdf5-wasm"],
  });
  return ((await import(outfile)) as { openTable: typeof OpenTable }).openTable;
}

function pandas(file: string): string {
  const reader = file.endsWith(".csv")
    ? "read_csv(f)"
    : file.endsWith(".jsonl")
      ? "read_json(f,lines=True)"
      : file.endsWith(".h5")
        ? "read_hdf(f)"
        : null;
  if (reader === null) return "";
  const script = `import pandas,time,sys,resource\nf=sys.argv[1]\nt=time.process_time()\npandas.${reader}\nprint("%.1f s of processor, %d MB"%(time.process_time()-t,resource.getrusage(resource.RUSAGE_SELF).ru_maxrss/1e3))`;
  for (const python of ["/usr/bin/python3", "python3"]) {
    try {
      return `pandas, whole: ${execFileSync(python, ["-W", "ignore", "-c", script, file], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim()}`;
    } catch {
      continue;
    }
  }
  return "pandas is not here";
}

async function measure(openTable: typeof OpenTable, file: string): Promise<void> {
  const seconds = (from: NodeJS.CpuUsage): number => {
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1e6;
  };
  const megabytes = statSync(file).size / 1e6;
  const start = process.cpuUsage();
  const wall = performance.now();
  const table = await openTable(file);
  const opened = seconds(start);
  const rows = await table.count();
  const counted = seconds(start);
  const columns = table.columns.slice(0, 4).map(({ name }) => name);
  await table.read(columns, sampleIndices(rows, Math.min(rows, SAMPLE), createRandom(42)));
  const all = seconds(start);
  await table.close();
  const pass = Math.max(counted - opened, 1e-3);
  console.log(
    [
      file.split("/").at(-1)!,
      `${megabytes.toFixed(1)} MB`,
      `${rows.toLocaleString("en-US")} rows`,
      `opened ${opened.toFixed(2)} s`,
      `counted ${pass.toFixed(2)} s (${(megabytes / pass).toFixed(0)} MB/s, ${Math.round(rows / pass).toLocaleString("en-US")} rows/s)`,
      `sample of ${Math.min(rows, SAMPLE)} ${(all - counted).toFixed(2)} s`,
      `${all.toFixed(1)} s of processor, ${((performance.now() - wall) / 1e3).toFixed(1)} s of wall`,
      `peak ${Math.round(process.resourceUsage().maxRSS / 1e3)} MB`,
      pandas(file),
    ].join(" | "),
  );
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tables-bench-"));
  try {
    const given = process.argv.slice(2);
    // One process for each file, so that the peak of memory is its own.
    if (given.length === 1 && existsSync(given[0]!)) return await measure(await bundled(folder), given[0]!);
    for (const file of given.length > 0 ? given : await made(folder)) {
      process.stdout.write(
        execFileSync(process.execPath, ["--import", "tsx", "bench/tables.ts", file], { encoding: "utf8" }),
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
