import { MOST_FINDINGS, type Anomalies } from "../../../protocol/explore";
import type { Metric } from "../../../protocol/recipe";
import type { Matrix, StageContext } from "../../types";
import { nearestNeighbors } from "../neighbors";
import { doubtfulLabels } from "./doubtful";
import { duplicateGroups } from "./duplicates";
import { likenessOf } from "./likeness";
import { outliers } from "./outliers";

/** Nearest items that are asked about each item. */
const NEIGHBORS = 10;

/**
 * What is worth a second look: near-duplicates, outliers and doubtful labels.
 * @param input.labels (n) number of each item's label, -1 for none
 * @param input.threshold similarity from which two items count as near-duplicates, 0..1
 */
export async function anomalies(
  input: { matrix: Matrix; metric: Metric; labels: Int32Array; threshold: number },
  ctx: StageContext,
): Promise<Anomalies> {
  const { matrix, labels, threshold } = input;
  // A dot product is no distance: long vectors are near everything.
  const metric = input.metric === "dot" ? "cosine" : input.metric;
  const graph = await nearestNeighbors(matrix, NEIGHBORS, metric, ctx);
  const duplicates = await duplicateGroups(graph, likenessOf(matrix, metric), threshold, ctx);
  return {
    k: graph.k,
    threshold,
    duplicates: duplicates.slice(0, MOST_FINDINGS),
    outliers: outliers(graph).slice(0, MOST_FINDINGS),
    doubtful: doubtfulLabels(graph, labels).slice(0, MOST_FINDINGS),
  };
}
