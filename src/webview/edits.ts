import { K_RANGE, type ClusterSettings, type Metric, type Recipe, type ReduceSettings } from "../protocol/recipe";

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

export const neighborsRange = (count: number): Range => ({ min: 2, max: capped(100, count - 1, 2), step: 1 });
/** t-SNE needs at least three times as many neighbours as its perplexity (van der Maaten 2014). */
export const perplexityRange = (count: number): Range => ({ min: 2, max: capped(100, (count - 1) / 3, 2), step: 1 });
export const kRange = (count: number): Range => ({ min: K_RANGE[0], max: capped(K_RANGE[1], count, 2), step: 1 });
export const MIN_DIST_RANGE: Range = { min: 0, max: 1, step: 0.01 };
export const SEED_RANGE: Range = { min: 0, max: 0xffffffff, step: 1 };

const capped = (limit: number, most: number, least: number): number =>
  Math.max(least, Math.min(limit, Math.floor(most)));
