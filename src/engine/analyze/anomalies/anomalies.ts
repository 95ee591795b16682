import { MOST_FINDINGS, type Anomalies } from "../../../protocol/explore";
import type { Metric } from "../../../protocol/recipe";
import { columnMeans } from "../../linear/vectors";
import type { Matrix, StageContext } from "../../types";
import { nearestNeighbors } from "../neighbors";
import { doubtfulLabels } from "./doubtful";
import { duplicateGroups } from "./duplicates";
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
  const usual = metric === "euclidean" ? meanSquare(matrix) : 0;
  const similarity = (distance: number): number =>
    metric === "cosine" ? 1 - distance : usual > 0 ? 1 - (distance * distance) / usual : 1;
  return {
    k: graph.k,
    threshold,
    duplicates: duplicateGroups(graph, similarity, threshold).slice(0, MOST_FINDINGS),
    outliers: outliers(graph).slice(0, MOST_FINDINGS),
    doubtful: doubtfulLabels(graph, labels).slice(0, MOST_FINDINGS),
  };
}

/** The mean squared distance of two of the rows: twice the variance. */
function meanSquare({ rows, cols, data }: Matrix): number {
  const mean = columnMeans(data, rows, cols);
  let sum = 0;
  for (let i = 0, at = 0; i < rows; i++) for (let c = 0; c < cols; c++) sum += (data[at++]! - mean[c]!) ** 2;
  return (2 * sum) / Math.max(1, rows);
}
