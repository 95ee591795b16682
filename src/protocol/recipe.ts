import * as v from "valibot";
import { LensError } from "./errors";

export const SOURCE_KINDS = ["lines", "paragraphs", "files", "images", "rows", "vectors"] as const;
export const METRICS = ["cosine", "euclidean", "dot"] as const;
export const REDUCE_METHODS = ["umap", "tsne", "pca", "none"] as const;
export const CLUSTER_METHODS = ["none", "kmeans", "dbscan", "hdbscan", "agglomerative"] as const;
export const LINKAGES = ["ward", "average"] as const;
/** What becomes of a text that is longer than the model's window: its beginning, its passages, or their mean. */
export const LONG_TEXTS = ["cut", "split", "average"] as const;
export const K_RANGE = [2, 200] as const;
/** Items of `minPoints`, `minClusterSize` and `minSamples`. */
export const GROUP_RANGE = [1, 10_000] as const;

const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));
const line = whole(1, Number.MAX_SAFE_INTEGER);
/** A column by its name, or by its number from 1. */
const column = v.union([v.pipe(v.string(), v.minLength(1)), line]);

const sourceSchema = v.strictObject({
  kind: v.picklist(SOURCE_KINDS),
  /** Files or folders, relative to the recipe's file (or absolute), with forward slashes. */
  paths: v.pipe(v.array(v.pipe(v.string(), v.minLength(1))), v.minLength(1)),
  /** Lines of the first path, 1-based and inclusive; absent: all. */
  ranges: v.optional(
    v.array(
      v.pipe(
        v.strictTuple([line, line]),
        v.check(([from, to]) => from <= to, "a range ends before it starts"),
      ),
    ),
  ),
  columns: v.optional(
    v.strictObject({
      text: v.optional(column),
      /** Null here and below: none, whatever the columns look like. */
      label: v.optional(v.nullable(column)),
      /** Paths or URLs of pictures. */
      image: v.optional(v.nullable(column)),
      /** Ready vectors; null: the texts or pictures are embedded although there are some. */
      vector: v.optional(v.nullable(column)),
      id: v.optional(v.nullable(column)),
      /** Ready coordinates: two or three columns of numbers, or one of vectors with two or three values. */
      map: v.optional(v.nullable(v.pipe(v.array(column), v.minLength(1), v.maxLength(3)))),
    }),
  ),
  /** Whether the first row names the columns; absent: guessed. */
  header: v.optional(v.boolean()),
  /** The table of a file that holds several: a group of an HDF5 file, a table of a database, a sheet. */
  part: v.optional(v.pipe(v.string(), v.minLength(1))),
  /** What becomes of texts that are longer than the model's window; absent: "cut". */
  long: v.optional(v.picklist(LONG_TEXTS)),
  /** At most this many items, drawn with the recipe's seed; absent: all, of a dataset 20,000 rows. */
  sample: v.optional(line),
  /** The sample keeps the shares of the labels. */
  stratify: v.optional(v.literal(true)),
  /** Folder that paths of pictures in a dataset start from and may not leave; absent: the dataset's own. */
  root: v.optional(v.pipe(v.string(), v.minLength(1))),
  /** The table that has a row for each vector of a dataset; null: none, whatever lies beside it. Absent: looked for beside it. */
  texts: v.optional(v.nullable(v.pipe(v.string(), v.minLength(1)))),
});

const recipeSchema = v.strictObject({
  version: v.literal(1),
  source: sourceSchema,
  model: v.pipe(v.string(), v.minLength(1)),
  metric: v.optional(v.picklist(METRICS), "cosine"),
  reduce: v.optional(
    v.strictObject({
      method: v.optional(v.picklist(REDUCE_METHODS), "umap"),
      dims: v.optional(v.union([v.literal(2), v.literal(3)]), 2),
      neighbors: v.optional(whole(2, 1_000), 15),
      minDist: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0.1),
      perplexity: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(1_000)), 30),
    }),
    {},
  ),
  cluster: v.optional(
    v.strictObject({
      method: v.optional(v.picklist(CLUSTER_METHODS), "none"),
      k: v.optional(v.union([whole(...K_RANGE), v.literal("auto")]), 10),
      on: v.optional(v.picklist(["vectors", "map"]), "vectors"),
      /** DBSCAN: the radius; absent: chosen by the curve of distances. */
      eps: v.optional(positive),
      /** DBSCAN: items within the radius, itself counted, that make one dense; absent: 5. */
      minPoints: v.optional(whole(...GROUP_RANGE)),
      /** HDBSCAN: the smallest group that is a cluster; absent: by the number of items. */
      minClusterSize: v.optional(whole(2, GROUP_RANGE[1])),
      /** HDBSCAN: how many near items, itself counted, tell how dense it is around one; absent: as minClusterSize, at most 5. */
      minSamples: v.optional(whole(...GROUP_RANGE)),
      /** Agglomerative: how the distance of two groups is measured; absent: "ward". */
      linkage: v.optional(v.picklist(LINKAGES)),
      /** Agglomerative: groups farther apart stay apart; absent: the hierarchy is cut into `k` groups. */
      distance: v.optional(positive),
    }),
    {},
  ),
  seed: v.optional(whole(0, 0xffffffff), 42),
});

/** A small JSON value that describes a run completely. */
export type Recipe = v.InferOutput<typeof recipeSchema>;
/** A recipe before its defaults are filled in. */
export type RecipeInput = v.InferInput<typeof recipeSchema>;
export type Source = Recipe["source"];
export type SourceKind = Source["kind"];
export type LongTexts = NonNullable<Source["long"]>;
export type Metric = Recipe["metric"];
export type ReduceSettings = Recipe["reduce"];
export type ClusterSettings = Recipe["cluster"];
export type Linkage = (typeof LINKAGES)[number];

/**
 * Checks a value from outside and fills in the defaults.
 * @throws LensError "recipe": an unknown field, a value out of range, or a newer version.
 */
export function parseRecipe(value: unknown): Recipe {
  const version = typeof value === "object" && value !== null ? (value as { version?: unknown }).version : undefined;
  if (typeof version === "number" && version > 1) {
    throw new LensError(
      "recipe",
      `This recipe has version ${version}; this Embedding Lens reads version 1. Update it.`,
    );
  }
  const parsed = v.safeParse(recipeSchema, value);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const where = v.getDotPath(issue);
  const what = issue.expected === "never" ? "is not a field of a recipe" : lowerFirst(issue.message);
  throw new LensError("recipe", `The recipe is not valid: ${where ? `“${where}” ${what}` : what}.`);
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** JSON with sorted keys: equal recipes give equal text, whatever the order of their fields. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
    return `{${fields.join(",")}}`;
  }
  return JSON.stringify(value);
}
