import path from "node:path";
import type { Recipe } from "../protocol/recipe";
import type { RunCommand } from "./arguments";
import type { Given } from "./options";
import { UsageError } from "./usage";

/** The outputs and their file extensions; the longest match wins. */
const FORMATS = {
  recipe: ".lens.json",
  json: ".json",
  csv: ".csv",
  npy: ".npy",
  parquet: ".parquet",
  jsonl: ".jsonl",
  arrow: ".arrow",
  tsv: ".tsv",
  html: ".html",
  svg: ".svg",
  png: ".png",
} as const;
/** Tables of items: a matrix is none. */
const TABLES: readonly Format[] = ["parquet", "jsonl", "arrow", "tsv"];
const CHARTS: readonly Format[] = ["html", "svg", "png"];

export type Format = keyof typeof FORMATS;

export interface Output {
  /** As the user named it. */
  name: string;
  /** Absolute. */
  file: string;
  format: Format;
}

export const isChart = ({ format }: Pick<Output, "format">): boolean => CHARTS.includes(format);

/**
 * The outputs that `--out` names, checked before the run starts.
 * @param sources absolute paths that must not be overwritten
 * @throws UsageError
 */
export function parseOutputs(names: readonly string[], command: RunCommand, cwd: string, sources: string[]): Output[] {
  const outputs = names.map((name) => ({ name, file: path.resolve(cwd, name), format: formatOf(name) }));
  const seen = new Set<string>();
  for (const { name, file, format } of outputs) {
    if (seen.has(file)) throw new UsageError(`--out ${name} is given twice.`);
    if (sources.includes(file)) throw new UsageError(`--out ${name} would overwrite the source.`);
    if (command === "embed" && isChart({ format })) {
      throw new UsageError(`embed draws no chart: ${FORMATS[format]} is an output of map and similarity.`);
    }
    if (command === "similarity" && TABLES.includes(format)) {
      throw new UsageError(`similarity writes no table: use .npy or .csv instead of ${FORMATS[format]}.`);
    }
    if (command !== "embed" && format === "tsv") {
      throw new UsageError(`--out ${name}: the vectors of a projector (.tsv) are an output of embed; use .csv.`);
    }
    seen.add(file);
  }
  return outputs;
}

/** @throws UsageError when an output needs a map and the recipe makes none */
export function checkAgainstRecipe(outputs: readonly Output[], command: RunCommand, recipe: Recipe): void {
  if (command !== "map" || recipe.reduce.method !== "none") return;
  const needsMap = outputs.find((output) => output.format === "npy" || isChart(output));
  if (needsMap) throw new UsageError(`--out ${needsMap.name} needs a map, but --reduce none makes none.`);
}

export type Copy = Pick<Output, "name" | "file">;

/**
 * The copy of the dataset that --copy names.
 * @param taken absolute paths that must not be overwritten
 * @throws UsageError
 */
export function parseCopy(
  { copy: name }: Given,
  command: RunCommand,
  { source, cluster }: Recipe,
  cwd: string,
  taken: readonly string[],
): Copy | null {
  if (name === undefined) return null;
  const file = path.resolve(cwd, name);
  if (command !== "map") throw new UsageError(`--copy adds clusters, and ${command} makes none: it belongs to map.`);
  if (cluster.method === "none") throw new UsageError("--copy adds the clusters: name a method, as --cluster kmeans.");
  if (source.kind !== "rows" && source.kind !== "vectors")
    throw new UsageError(`--copy is for datasets, but the source is read as ${source.kind}.`);
  if (taken.includes(file)) throw new UsageError(`--copy ${name} would overwrite the source or another output.`);
  const [only = "", second] = source.paths;
  const [wanted, has] = [path.extname(only).toLowerCase(), path.extname(name).toLowerCase()];
  if (second !== undefined) throw new UsageError("--copy is for one file.");
  if (wanted !== has) throw new UsageError(`--copy ${name}: a copy of ${only} ends in ${wanted}.`);
  return { name, file };
}

function formatOf(name: string): Format {
  const lower = path.basename(name).toLowerCase();
  const found = Object.entries(FORMATS).find(([, end]) => lower.endsWith(end));
  if (!found) {
    throw new UsageError(`--out ${name}: the name must end in ${Object.values(FORMATS).join(", ")}.`);
  }
  return found[0] as Format;
}
