import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Job } from "../protocol/engine";
import { LensError } from "../protocol/errors";
import { classOfFile } from "../protocol/guess-source";
import { DEFAULT_IMAGE_MODEL, DEFAULT_TEXT_MODEL } from "../protocol/models";
import {
  parseRecipe,
  type Linkage,
  type LongTexts,
  type Recipe,
  type RecipeInput,
  type SourceKind,
} from "../protocol/recipe";
import type { Given } from "./options";
import { guessSourceKind, recipePath, STDIN } from "./source";
import { UsageError } from "./usage";

/** What is around a command: where it runs and what is typed into it. */
export interface JobContext {
  cwd: string;
  /** Reads stdin to its end. */
  readStdin(): Promise<string>;
  signal: AbortSignal;
}

/**
 * The job that sources and options describe.
 * @throws UsageError, LensError "source" or "recipe"
 */
export async function makeJob(sources: readonly string[], given: Given, ctx: JobContext): Promise<Job> {
  const recipes = sources.filter((name) => name !== STDIN && classOfFile(name) === "recipe");
  if (recipes.length > 0) {
    if (sources.length > 1) throw new UsageError("A recipe is the only source: run one recipe at a time.");
    return recipeJob(recipes[0]!, given, ctx);
  }
  const kind = (given.as as SourceKind | undefined) ?? (await guessSourceKind(sources, ctx.cwd, ctx.signal));
  const recipe = parseRecipe({
    version: 1,
    source: { kind, paths: sources.map(recipePath), ...sourceOptions(given) },
    model: given.model ?? (kind === "images" ? DEFAULT_IMAGE_MODEL : DEFAULT_TEXT_MODEL),
    ...runOptions(given),
  } satisfies RecipeInput);
  checkSource(recipe, given);
  const job = { recipe, base: ctx.cwd };
  return sources.includes(STDIN) ? { ...job, documents: { [STDIN]: await ctx.readStdin() } } : job;
}

async function recipeJob(name: string, given: Given, { cwd }: JobContext): Promise<Job> {
  const file = path.resolve(cwd, name);
  const saved = parseRecipe(await readJson(file, name));
  const options = runOptions(given);
  const recipe = parseRecipe({
    ...saved,
    ...options,
    source: {
      ...saved.source,
      ...(given.as === undefined ? {} : { kind: given.as as SourceKind }),
      ...sourceOptions(given),
      ...(saved.source.columns || columnOptions(given)
        ? { columns: { ...saved.source.columns, ...columnOptions(given) } }
        : {}),
    },
    model: given.model ?? saved.model,
    reduce: { ...saved.reduce, ...options.reduce },
    cluster: { ...saved.cluster, ...options.cluster },
  });
  checkSource(recipe, given);
  return { recipe, base: path.dirname(file) };
}

async function readJson(file: string, name: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new LensError("source", `“${name}” ${missing ? "does not exist" : "cannot be read"}.`, { cause: error });
  });
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
  } catch (error) {
    throw new LensError("recipe", `“${name}” is not a recipe: it is not JSON.`, { cause: error });
  }
}

const COLUMN_OPTIONS = ["text", "label", "image", "id", "vector"] as const;
const DATASET_OPTIONS = [...COLUMN_OPTIONS, "map", "header", "part", "root", "allow-host", "stratify"] as const;

function checkSource({ source, cluster }: Recipe, given: Given): void {
  const option = DATASET_OPTIONS.find((name) => given[name] !== undefined);
  if (option && source.kind !== "rows" && source.kind !== "vectors") {
    throw new UsageError(`--${option} is for datasets, but the source is read as ${source.kind}.`);
  }
  if (source.paths.includes(STDIN) && source.kind !== "lines" && source.kind !== "paragraphs") {
    throw new UsageError(`stdin is read as lines or paragraphs, not as ${source.kind}.`);
  }
  for (const name of ["k", "cluster-on"] as const) {
    if (given[name] !== undefined && cluster.method === "none")
      throw new UsageError(`--${name} needs a method of clustering: add --cluster kmeans.`);
  }
}

/** The part of a recipe's source that options name. */
function sourceOptions(given: Given): Omit<RecipeInput["source"], "kind" | "paths"> {
  const columns = columnOptions(given);
  return {
    ...(columns ? { columns } : {}),
    ...(given.header === undefined ? {} : { header: given.header === "yes" }),
    ...(given.long === undefined ? {} : { long: given.long as LongTexts }),
    ...(given.part === undefined ? {} : { part: given.part }),
    ...(given.root === undefined ? {} : { root: recipePath(given.root) }),
    ...(given.stratify === undefined ? {} : { stratify: true as const }),
    ...(given.sample === undefined ? {} : { sample: Number(given.sample) }),
  };
}

function columnOptions(given: Given): RecipeInput["source"]["columns"] {
  const names = COLUMN_OPTIONS.filter((name) => given[name] !== undefined);
  if (names.length === 0 && given.map === undefined) return undefined;
  return {
    ...Object.fromEntries(names.map((name) => [name, columnOf(name, given[name]!)])),
    ...(given.map === undefined
      ? {}
      : { map: given.map === "none" ? null : given.map.split(",").map((name) => numberOr(name.trim())) }),
  };
}

/** A column that is called "none" is named by its number; a text is always needed. */
const columnOf = (role: string, given: string): string | number | null =>
  role !== "text" && given === "none" ? null : numberOr(given);

const numberOr = (given: string): string | number => (/^[1-9]\d*$/.test(given) ? Number(given) : given);

/** The part of a recipe besides its source that options name. */
function runOptions(given: Given): Pick<RecipeInput, "metric" | "reduce" | "cluster" | "seed"> {
  const { metric, seed, k } = given;
  return {
    ...(metric === undefined ? {} : { metric: metric as Recipe["metric"] }),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    reduce: {
      ...(given.reduce === undefined ? {} : { method: given.reduce as Recipe["reduce"]["method"] }),
      ...(given.dims === undefined ? {} : { dims: Number(given.dims) as 2 | 3 }),
      ...(given.neighbors === undefined ? {} : { neighbors: Number(given.neighbors) }),
      ...(given["min-dist"] === undefined ? {} : { minDist: Number(given["min-dist"]) }),
      ...(given.perplexity === undefined ? {} : { perplexity: Number(given.perplexity) }),
    },
    cluster: {
      ...(given.cluster === undefined ? {} : { method: given.cluster as Recipe["cluster"]["method"] }),
      ...(given["cluster-on"] === undefined ? {} : { on: given["cluster-on"] as Recipe["cluster"]["on"] }),
      ...(k === undefined ? {} : { k: k === "auto" ? "auto" : Number(k) }),
      ...(given.eps === undefined ? {} : { eps: Number(given.eps) }),
      ...(given["min-points"] === undefined ? {} : { minPoints: Number(given["min-points"]) }),
      ...(given["min-cluster-size"] === undefined ? {} : { minClusterSize: Number(given["min-cluster-size"]) }),
      ...(given["min-samples"] === undefined ? {} : { minSamples: Number(given["min-samples"]) }),
      ...(given.linkage === undefined ? {} : { linkage: given.linkage as Linkage }),
      ...(given.distance === undefined ? {} : { distance: Number(given.distance) }),
    },
  };
}
