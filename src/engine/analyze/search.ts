import type { Metric } from "../../protocol/recipe";
import type { Neighbor } from "../../protocol/result";
import { Smallest } from "../linear/best";
import { dotAt, squaredDistanceAt } from "../linear/vectors";
import type { Matrix } from "../types";

/**
 * The k items nearest to a vector that is none of them, best first, ties by index, with their similarity: the cosine, the
 * dot product, or 1/(1 + distance) for euclidean.
 * @param matrix (n × d)
 * @param query (d)
 */
export function nearestTo(matrix: Matrix, query: Float32Array, k: number, metric: Metric): Neighbor[] {
  const { rows, cols, data } = matrix;
  const best = new Smallest(Math.min(k, rows));
  best.clear();
  const norm = dotAt(query, 0, query, 0, cols);
  for (let i = 0; i < rows; i++) {
    const value = -similarity(data, i * cols, query, norm, cols, metric);
    if (value < best.limit) best.add(i, value);
  }
  return Array.from(best.index, (index, at) => ({ index, similarity: 0 - best.value[at]! }));
}

function similarity(
  data: Float32Array,
  at: number,
  query: Float32Array,
  norm: number,
  cols: number,
  metric: Metric,
): number {
  switch (metric) {
    case "cosine": {
      const lengths = Math.sqrt(dotAt(data, at, data, at, cols) * norm);
      return lengths > 0 ? Math.max(-1, Math.min(1, dotAt(data, at, query, 0, cols) / lengths)) : 0;
    }
    case "euclidean":
      return 1 / (1 + Math.sqrt(squaredDistanceAt(data, at, query, 0, cols)));
    case "dot":
      return dotAt(data, at, query, 0, cols);
  }
}
