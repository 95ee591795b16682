import {
  GROUP_RANGE,
  K_RANGE,
  type ClusterSettings,
  type LongTexts,
  type Metric,
  type Recipe,
  type ReduceSettings,
  type Source,
} from "../protocol/recipe";
import { TABLE_SAMPLE } from "../protocol/constants";
import type { TablePreview } from "../protocol/table";

/** The range that a control offers for a recipe over `count` items. Limits of the recipe itself are wider. */
export interface Range {
  min: number;
  max: number;
  step: number;
}

export type Method = Exclude<ReduceSettings["method"], "none">;

/** A recipe made for the heatmap alone has no method yet; its map will be UMAP. */
export const methodOf = (recipe: Recipe): Method => (recipe.reduce.method === "none" ? "umap" : recipe.reduce.method);

export const withModel = (recipe: Recipe, model: string): Recipe => ({ ...recipe, model });
export const withMetric = (recipe: Recipe, metric: Metric): Recipe => ({ ...recipe, metric });
export const withSeed = (recipe: Recipe, seed: number): Recipe => ({ ...recipe, seed });
export const withReduce = (recipe: Recipe, change: Partial<ReduceSettings>): Recipe => ({
  ...recipe,
  reduce: { ...recipe.reduce, ...change },
});
export const withCluster = (recipe: Recipe, change: Partial<ClusterSettings>): Recipe => ({
  ...recipe,
  cluster: { ...recipe.cluster, ...change },
});

/** Colours by cluster need clusters; those that are there stay. */
export const withClusters = (recipe: Recipe): Recipe =>
  recipe.cluster.method === "none" ? withCluster(recipe, { method: "kmeans" }) : recipe;

/** The default is said by nothing: a recipe that goes back to it is what it was. */
export function withLong(recipe: Recipe, long: LongTexts): Recipe {
  const { long: _, ...source } = recipe.source;
  return { ...recipe, source: long === "cut" ? source : { ...source, long } };
}

/** The parts that one column plays each. */
export const ROLES = ["text", "label", "image", "vector", "id"] as const;
export type Role = (typeof ROLES)[number];

type Named = Pick<TablePreview, "columns" | "header">;

/** @param column from 0; null for none, which a text cannot be */
export function withColumn(recipe: Recipe, preview: Named, role: Role, column: number | null): Recipe {
  if (role === "text" && column === null) return recipe;
  const value = column === null ? null : nameOf(preview, column);
  return withSource(recipe, { columns: { ...recipe.source.columns, [role]: value } });
}

/** Ready coordinates: two or three columns (from 0), or one of vectors; none when the list is empty. */
export function withCoordinates(recipe: Recipe, preview: Named, columns: readonly number[]): Recipe {
  const map = columns.length > 0 ? columns.map((column) => nameOf(preview, column)) : null;
  return withSource(recipe, { columns: { ...recipe.source.columns, map } });
}

/** A name that the file gives once stays right when columns are added; else the number from 1. */
function nameOf({ columns, header }: Named, column: number): string | number {
  const name = columns[column]?.name;
  return header && name && columns.filter((one) => one.name === name).length === 1 ? name : column + 1;
}

/** Columns that were chosen stay the same columns, though the row that names them changes. */
export function withHeader(recipe: Recipe, header: boolean, used: TablePreview["used"]): Recipe {
  const { columns } = recipe.source;
  if (!columns) return withSource(recipe, { header });
  const numbered = ROLES.flatMap((role) => {
    const at = used[role];
    return columns[role] !== undefined && columns[role] !== null && at !== null ? [[role, at + 1] as const] : [];
  });
  const map = columns.map && used.map.length > 0 ? { map: used.map.map((at) => at + 1) } : {};
  return withSource(recipe, { header, columns: { ...columns, ...Object.fromEntries(numbered), ...map } });
}

/** Another table of the file: its columns and its header are guessed anew. */
export function withPart(recipe: Recipe, part: string): Recipe {
  const { columns: _, header: __, ...source } = recipe.source;
  return { ...recipe, source: { ...source, part } };
}

/** Leaves every column and the header to the guess. */
export function withGuessedColumns(recipe: Recipe): Recipe {
  const { header: _, columns: __, ...source } = recipe.source;
  return { ...recipe, source };
}

export const columnsAreGuessed = ({ source: { columns, header } }: Recipe): boolean =>
  Object.values(columns ?? {}).every((column) => column === undefined) && header === undefined;

/** At most so many rows, drawn with the seed; the usual number is said by nothing. */
export function withSample(recipe: Recipe, sample: number): Recipe {
  const { sample: _, ...source } = recipe.source;
  return { ...recipe, source: sample === TABLE_SAMPLE ? source : { ...source, sample } };
}

/** Whether a sample keeps the shares of the labels. */
export function withShares(recipe: Recipe, keep: boolean): Recipe {
  const { stratify: _, ...source } = recipe.source;
  return { ...recipe, source: keep ? { ...source, stratify: true } : source };
}

const withSource = (recipe: Recipe, change: Partial<Source>): Recipe => ({
  ...recipe,
  source: { ...recipe.source, ...change },
});

/** Whether somebody chooses the number of clusters; the density methods find it. */
export function hasK({ cluster }: Recipe): boolean {
  switch (cluster.method) {
    case "none":
    case "kmeans":
      return true;
    case "agglomerative":
      return cluster.distance === undefined;
    case "dbscan":
    case "hdbscan":
      return false;
  }
}

export const neighborsRange = (count: number): Range => ({ min: 2, max: capped(100, count - 1, 2), step: 1 });
/** t-SNE needs at least three times as many neighbours as its perplexity (van der Maaten 2014). */
export const perplexityRange = (count: number): Range => ({ min: 2, max: capped(100, (count - 1) / 3, 2), step: 1 });
/** Of the slider; the field takes more. */
export const kRange = (count: number): Range => ({ min: K_RANGE[0], max: capped(50, count, 2), step: 1 });
export const CLUSTER_RANGES = {
  eps: { min: 0.0001, max: 1e9, step: 0.01 },
  minPoints: { min: GROUP_RANGE[0], max: GROUP_RANGE[1], step: 1 },
  minClusterSize: { min: 2, max: GROUP_RANGE[1], step: 1 },
  minSamples: { min: GROUP_RANGE[0], max: GROUP_RANGE[1], step: 1 },
} as const;
export const MIN_DIST_RANGE: Range = { min: 0, max: 1, step: 0.01 };
/** Ties of an item of the network. */
export const NETWORK_K: Range = { min: 1, max: 20, step: 1 };
const TIE_RANGE: Range = { min: 0, max: 1, step: 0.01 };
/** Below 0 only where nearest items, of the least similarity given, are less similar than that. */
export const tieRange = (least: number): Range =>
  least < 0 ? { ...TIE_RANGE, min: Math.min(-1, Math.floor(least)) } : TIE_RANGE;
/** Dot products have no end: the field takes what the slider does not. */
export const MOST_PRODUCT = 1e12;
export const SAMPLE_RANGE: Range = { min: 10, max: 1_000_000, step: 1 };
export const SEED_RANGE: Range = { min: 0, max: 0xffffffff, step: 1 };

const capped = (limit: number, most: number, least: number): number =>
  Math.max(least, Math.min(limit, Math.floor(most)));
