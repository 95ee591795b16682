import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import card from "../../models/glove-100d/card.json";
import { nearestNeighbors } from "../../src/engine/analyze/neighbors";
import { openWords } from "../../src/engine/embed/words";
import { loadItems } from "../../src/engine/items/load";
import { neighborsNeeded, reduce, type Reduced } from "../../src/engine/reduce/reduce";
import type { ItemSet, Matrix } from "../../src/engine/types";
import type { ModelCard } from "../../src/protocol/models";
import { parseRecipe, type Metric, type SourceKind } from "../../src/protocol/recipe";
import { quiet } from "./numerics";

const root = resolve(__dirname, "../..");
const data = resolve(root, process.env["EMBEDDING_LENS_DATA"] ?? "../shared", "data");

/** Sets by name: files, and how many rows are drawn. */
export const REAL_SETS: Record<string, { paths: string[]; kind: SourceKind; sample?: number; base?: string }> = {
  banking77: { paths: ["banking77/train.csv"], kind: "rows", sample: 3_000 },
  "banking77-6000": { paths: ["banking77/train.csv"], kind: "rows", sample: 6_000 },
  "banking77-10000": { paths: ["banking77/train.csv"], kind: "rows", sample: 10_000 },
  "banking77-13083": { paths: ["banking77/train.csv", "banking77/test.csv"], kind: "rows" },
  "words-15000": { paths: ["models/glove-100d/words.txt"], kind: "lines", sample: 15_000, base: root },
  "words-30000": { paths: ["models/glove-100d/words.txt"], kind: "lines", sample: 30_000, base: root },
  feuilleton1393: { paths: ["embeddings/feuilleton1393/embeddings.parquet"], kind: "vectors" },
  glove2000: { paths: ["embeddings/glove/glove_2000_vectors.tsv"], kind: "vectors" },
  shl370: { paths: ["embeddings/shl370/embeddings.npy"], kind: "vectors" },
  mflix300: { paths: ["embeddings/mflix300/embeddings.npy"], kind: "vectors" },
  neuroregistry295: { paths: ["embeddings/neuroregistry295/embeddings.parquet"], kind: "vectors" },
  iris150: { paths: ["embeddings/iris/iris_tensors.bytes"], kind: "vectors" },
  songs49: { paths: ["embeddings/songs49/embeddings.parquet"], kind: "vectors" },
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

/** Whether the files of a set are on this machine. */
export const isThere = (name: string): boolean => {
  const { paths, base = data } = REAL_SETS[name]!;
  return existsSync(join(base, paths[0]!));
};

/** The vectors of a set, and its labels as numbers where every item has one. */
export async function realSet(name: string): Promise<{ matrix: Matrix; labels: Int32Array | null }> {
  const { paths, kind, sample, base = data } = REAL_SETS[name]!;
  const set = await loadItems({ kind, paths, ...(sample && { sample }) }, { base, seed: 42 }, quiet);
  const matrix = await vectorsOf(set);
  const labels = [...new Set(set.items.map(({ label }) => label))];
  if (labels.length < 2 || labels.includes(null)) return { matrix, labels: null };
  return { matrix, labels: Int32Array.from(set.items, ({ label }) => labels.indexOf(label)) };
}

/** Maps of a set with the usual settings, one for each seed. */
export async function mapsOf(
  matrix: Matrix,
  method: "umap" | "tsne",
  seeds: readonly number[],
  metric: Metric = "cosine",
): Promise<Reduced[]> {
  const source = { kind: "vectors", paths: ["a"] };
  const { reduce: settings } = parseRecipe({ version: 1, source, model: "m", reduce: { method } });
  const graph = await nearestNeighbors(matrix, neighborsNeeded(settings, matrix.rows), metric, quiet);
  const maps: Reduced[] = [];
  for (const seed of seeds) maps.push(await reduce({ matrix, graph, settings, metric, seed }, quiet));
  return maps;
}
