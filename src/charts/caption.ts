import type { SourceKind } from "../protocol/recipe";
import type { RunResult } from "../protocol/result";

const NOUNS: Record<SourceKind, string> = {
  lines: "line",
  paragraphs: "paragraph",
  files: "file",
  images: "picture",
  rows: "row",
  vectors: "vector",
};
const METHODS = { umap: "UMAP", tsne: "t-SNE", pca: "PCA", none: "" };

const number = (n: number): string => n.toLocaleString("en-US");

/** Whether the map shows the coordinates that the source has ready: these were chosen, or are all there is. */
export const isAsGiven = ({ given, model, recipe }: Pick<RunResult, "given" | "model" | "recipe">): boolean =>
  given === true && (recipe.reduce.method === "none" || model.id === "coordinates");

/**
 * The line under a chart: "20 lines · glove-100d, 100-d · UMAP, trust 0.96".
 * @param drawn items in the chart, when it shows a sample
 */
export function caption(result: RunResult, drawn = result.items.count): string {
  const { items, model, recipe, quality, clusters, skipped, total } = result;
  const all = Math.max(total, items.count);
  const name = recipe.source.long === "split" ? "passage" : NOUNS[recipe.source.kind];
  const noun = name + (all === 1 ? "" : "s");
  const parts = [`${drawn < all ? `${number(drawn)} of ` : ""}${number(all)} ${noun}`, `${model.id}, ${model.dims}-d`];
  const method = isAsGiven(result) ? "as given" : METHODS[recipe.reduce.method];
  if (result.x.length > 0) parts.push(quality ? `${method}, trust ${quality.trustworthiness.toFixed(2)}` : method);
  if (clusters.length > 0) parts.push(`${clusters.length} clusters`);
  if (skipped.length > 0) parts.push(`${number(skipped.length)} left out`);
  return parts.join(" · ");
}
