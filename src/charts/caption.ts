import type { ReduceSettings, SourceKind } from "../protocol/recipe";
import type { RunResult } from "../protocol/result";

/** Made when first needed: it costs 20 ms, and the extension host loads this file with its first command. */
let integer: Intl.NumberFormat | undefined;
/** "48,211" */
export const number = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1_000
    ? String(value)
    : (integer ??= new Intl.NumberFormat("en-US")).format(value);

const NOUNS: Record<SourceKind | "passages", readonly [one: string, many: string]> = {
  lines: ["line", "lines"],
  paragraphs: ["paragraph", "paragraphs"],
  passages: ["passage", "passages"],
  files: ["file", "files"],
  images: ["picture", "pictures"],
  rows: ["row", "rows"],
  vectors: ["vector", "vectors"],
};

/** "1 line", "20,000 of 5,000,000 rows" */
export function countWords(kind: SourceKind | "passages", shown: number, total: number): string {
  const [one, many] = NOUNS[kind];
  const noun = total === 1 ? one : many;
  return shown < total ? `${number(shown)} of ${number(total)} ${noun}` : `${number(total)} ${noun}`;
}

export const METHOD_NAMES: Record<ReduceSettings["method"], string> = {
  umap: "UMAP",
  tsne: "t-SNE",
  pca: "PCA",
  none: "no map",
};

/** Whether the map shows the coordinates that the source has ready: these were chosen, or are all there is. */
export const isAsGiven = ({ given, model, recipe }: Pick<RunResult, "given" | "model" | "recipe">): boolean =>
  given === true && (recipe.reduce.method === "none" || model.id === "coordinates");

/** "20,000 of 5,000,000 rows": of what the chart draws. */
export function itemWords({ items, recipe, total }: RunResult, drawn = items.count): string {
  const { long, kind } = recipe.source;
  // A binary table is opened as vectors, and may turn out to hold texts or pictures.
  const own = kind === "vectors" && items.kind !== "vector" ? "rows" : kind;
  return countWords(long === "split" ? "passages" : own, drawn, Math.max(total, items.count));
}

/** "UMAP, trust 0.96", "as given"; null where there is no map. */
export function methodWords(result: RunResult): string | null {
  const { recipe, quality, x, stopped } = result;
  if (x.length === 0) return null;
  const name = isAsGiven(result) ? "as given" : METHOD_NAMES[recipe.reduce.method];
  const words = `${name}${stopped ? " stopped early" : ""}`;
  return quality ? `${words}, trust ${quality.trustworthiness.toFixed(2)}` : words;
}

/**
 * The line under a chart: "20 lines · glove-100d, 100-d · UMAP, trust 0.96".
 * @param drawn items in the chart, when it shows a sample
 */
export function caption(result: RunResult, drawn = result.items.count): string {
  const { model, clusters, skipped } = result;
  const parts = [itemWords(result, drawn), `${model.id}, ${model.dims}-d`, methodWords(result)];
  if (clusters.length > 0) parts.push(clusters.length === 1 ? "1 cluster" : `${clusters.length} clusters`);
  if (skipped.length > 0) parts.push(`${number(skipped.length)} left out`);
  return parts.filter((part) => part !== null).join(" · ");
}
