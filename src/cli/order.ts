import type { HeatmapOrder } from "../charts/order";
import type { Recipe } from "../protocol/recipe";
import type { RunResult } from "../protocol/result";
import type { RunCommand } from "./arguments";
import type { Given } from "./options";
import { isChart, type Output } from "./outputs";
import { UsageError } from "./usage";

/**
 * The order of a heatmap's rows and columns; "given" where there is no heatmap.
 * @throws UsageError when it needs clusters and there are none
 */
export function orderOf(
  { order }: Given,
  command: RunCommand,
  outputs: readonly Output[],
  recipe: Recipe,
): HeatmapOrder {
  if (order === undefined || command !== "similarity" || !outputs.some(isChart)) return "given";
  if (order === "cluster" && recipe.cluster.method === "none")
    throw new UsageError("--order cluster needs clusters: name a method, as --cluster kmeans.");
  return order as HeatmapOrder;
}

/** Of a recipe what an order of the heatmap needs: no map, and clusters only where they order. */
export function neededFor(order: HeatmapOrder, recipe: Recipe): Recipe {
  const { reduce, cluster } = recipe;
  const clusters = order === "cluster";
  return {
    ...recipe,
    ...(!(clusters && cluster.on === "map") && { reduce: { ...reduce, method: "none" as const } }),
    ...(!clusters && { cluster: { ...cluster, method: "none" as const } }),
  };
}

/** What is to say about an order that changed nothing. */
export const orderRemarks = (order: HeatmapOrder, { items }: RunResult): string[] =>
  order === "label" && items.labels.length === 0 ? ["Warning: --order label has no effect: no item has a label."] : [];
