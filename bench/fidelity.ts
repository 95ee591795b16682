// The table of fidelity in docs/performance.md: `node --import tsx bench/fidelity.ts [set...]`, or with more seeds
// `SEEDS=10 node --import tsx bench/fidelity.ts [set...]`.
//
// Maps of real vectors, ours and those of umap-learn and scikit-learn, judged by the same scikit-learn: trustworthiness
// (10 neighbours, cosine) and the share of items whose label a vote of their ten nearest on the map gives; each the mean
// and the standard deviation of one of three seeds. Needs the data (EMBEDDING_LENS_DATA, ../shared) and the peers of bench/performance.ts.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join, resolve } from "node:path";
import card from "../models/glove-100d/card.json";
import { nearestNeighbors } from "../src/engine/analyze/neighbors";
import { openWords } from "../src/engine/embed/words";
import { loadItems } from "../src/engine/items/load";
import { neighborsNeeded, reduce } from "../src/engine/reduce/reduce";
import type { ItemSet, Matrix, StageContext } from "../src/engine/types";
import type { ModelCard } from "../src/protocol/models";
import { parseRecipe, type SourceKind } from "../src/protocol/recipe";
import { npy } from "./numerics/data";

const root = resolve(__dirname, "..");
const data = resolve(root, process.env["EMBEDDING_LENS_DATA"] ?? "../shared", "data");
const quiet: StageContext = { report: () => undefined, signal: new AbortController().signal };
const SEEDS = Array.from({ length: Number(process.env["SEEDS"] ?? 3) }, (_, i) => i + 1);

/** Sets by name: files, and how many rows are drawn. */
const SETS: Record<string, { paths: string[]; kind: SourceKind; sample?: number; base?: string }> = {
  banking77: { paths: ["banking77/train.csv"], kind: "rows", sample: 3_000 },
  "banking77-6000": { paths: ["banking77/train.csv"], kind: "rows", sample: 6_000 },
  "banking77-10000": { paths: ["banking77/train.csv"], kind: "rows", sample: 10_000 },
  "banking77-13083": { paths: ["banking77/train.csv", "banking77/test.csv"], kind: "rows" },
  "words-15000": { paths: ["models/glove-100d/words.txt"], kind: "lines", sample: 15_000, base: root },
  feuilleton1393: { paths: ["embeddings/feuilleton1393/embeddings.parquet"], kind: "vectors" },
  glove2000: { paths: ["embeddings/glove/glove_2000_vectors.tsv"], kind: "vectors" },
  shl370: { paths: ["embeddings/shl370/embeddings.npy"], kind: "vectors" },
  mflix300: { paths: ["embeddings/mflix300/embeddings.npy"], kind: "vectors" },
  neuroregistry295: { paths: ["embeddings/neuroregistry295/embeddings.parquet"], kind: "vectors" },
  nurture225: { paths: ["embeddings/nurture225/embeddings.jsonl"], kind: "vectors" },
};

async function vectorsOf(set: ItemSet): Promise<Matrix> {
  if (set.vectors) return set.vectors;
  const model = await openWords({ card: card as ModelCard, folder: join(root, "models/glove-100d") });
  const { data: vectors, failed } = await model.embed(set.items);
  const bad = new Set(failed.map(({ at }) => at));
  set.items = set.items.filter((_, i) => !bad.has(i));
  const rows = [...Array(set.items.length + bad.size).keys()].filter((i) => !bad.has(i));
  const kept = new Float32Array(rows.length * model.dims);
  rows.forEach((row, at) => kept.set(vectors.subarray(row * model.dims, (row + 1) * model.dims), at * model.dims));
  return { rows: rows.length, cols: model.dims, data: kept };
}

/** Mean and standard deviation over the seeds. */
type Spread = [number, number];
interface Figures {
  trust: Spread;
  accuracy: Spread | null;
}
/** t-SNE of larger sets takes scikit-learn minutes. */
const MOST_FOR_TSNE = 4_000;

async function compare(name: string, folder: string): Promise<void> {
  const { paths, kind, sample, base = data } = SETS[name]!;
  const source = { kind, paths, ...(sample && { sample }) };
  const set = await loadItems(source, { base, seed: 42 }, quiet);
  const matrix = await vectorsOf(set);
  writeFileSync(join(folder, "vectors.npy"), npy(matrix.data, [matrix.rows, matrix.cols]));
  const labels = [...new Set(set.items.map(({ label }) => label))];
  rmSync(join(folder, "labels.npy"), { force: true });
  if (labels.length > 1 && !labels.includes(null)) {
    const codes = Int32Array.from(set.items, ({ label }) => labels.indexOf(label));
    writeFileSync(join(folder, "labels.npy"), npy(codes, [matrix.rows]));
  }
  const methods = matrix.rows <= MOST_FOR_TSNE ? (["umap", "tsne"] as const) : (["umap"] as const);
  for (const method of methods) {
    const { reduce: settings } = parseRecipe({ version: 1, source, model: "m", reduce: { method } });
    const graph = await nearestNeighbors(matrix, neighborsNeeded(settings, matrix.rows), "cosine", quiet);
    for (const seed of SEEDS) {
      const { x, y } = await reduce({ matrix, graph, settings, metric: "cosine", seed }, quiet);
      const points = Float32Array.from({ length: 2 * x.length }, (_, i) => (i % 2 === 0 ? x : y)[i >> 1]!);
      writeFileSync(join(folder, `${method}-${seed}.npy`), npy(points, [x.length, 2]));
    }
  }
  const python = process.env["PYTHON"] ?? "/usr/bin/python3";
  const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", NUMBA_NUM_THREADS: "1" };
  const { status, stdout, stderr } = spawnSync(
    python,
    [join(__dirname, "numerics/fidelity.py"), folder, String(SEEDS.length), ...methods],
    {
      env,
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(stderr);
  const found = JSON.parse(stdout) as Record<"umap" | "tsne", { ours: Figures; reference: Figures }>;
  for (const method of methods) {
    const { ours, reference } = found[method];
    const both = (of: keyof Figures): string =>
      ours[of] === null ? "" : `${show(ours[of])} / ${show(reference[of]!)}`;
    console.log(`| ${name} | ${matrix.rows}×${matrix.cols} | ${method} | ${both("trust")} | ${both("accuracy")} |`);
  }
}

const show = ([mean, deviation]: Spread): string => `${mean.toFixed(4)} ±${deviation.toFixed(4).slice(1)}`;

async function main(): Promise<void> {
  const named = process.argv.slice(2);
  console.log("| set | items | method | trust: ours / reference | 10-NN accuracy: ours / reference |");
  console.log("| --- | --- | --- | --- | --- |");
  const folder = mkdtempSync(join(os.tmpdir(), "lens-fidelity-"));
  try {
    for (const name of named.length > 0 ? named : Object.keys(SETS)) {
      const { paths, base = data } = SETS[name]!;
      if (existsSync(join(base, paths[0]!))) await compare(name, folder);
      else console.log(`| ${name} | not there: set EMBEDDING_LENS_DATA | | | |`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
