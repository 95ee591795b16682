import type { RunResult, SimilarityMatrix } from "../protocol/result";
import { triangleLength, trianglePlace } from "../protocol/triangle";

export const HEATMAP_ORDERS = ["given", "label", "cluster", "similarity"] as const;
/** How the rows and columns of a heatmap follow each other. */
export type HeatmapOrder = (typeof HEATMAP_ORDERS)[number];

/**
 * The order of a matrix's items as positions in its `index`: items without a label and noise stand last, equal ones as
 * they are given.
 * @param leaves the order by similarity; null while it is not known: as given
 */
export function heatmapOrder(
  result: Pick<RunResult, "items" | "cluster">,
  index: Int32Array,
  order: HeatmapOrder,
  leaves: Int32Array | null,
): Int32Array {
  const given = Int32Array.from(index, (_, at) => at);
  switch (order) {
    case "given":
      return given;
    case "label":
      return by(given, index, result.items.label);
    case "cluster":
      return by(given, index, result.cluster);
    case "similarity":
      return leaves?.length === index.length ? leaves : given;
  }
}

function by(positions: Int32Array, index: Int32Array, group: Int32Array): Int32Array {
  const rank = (at: number): number => {
    const value = group[index[at]!] ?? -1;
    return value < 0 ? Number.MAX_SAFE_INTEGER : value;
  };
  return positions.sort((a, b) => rank(a) - rank(b) || a - b);
}

/** The same matrix with its items in another order, or with some of them only. */
export function reorder(matrix: SimilarityMatrix, order: Int32Array): SimilarityMatrix {
  const n = order.length;
  const all = matrix.index.length;
  if (n === all && order.every((from, at) => from === at)) return matrix;
  const triangle = new Float32Array(triangleLength(n));
  for (let row = 0, at = 0; row < n; row++) {
    for (let col = row; col < n; col++) triangle[at++] = matrix.triangle[trianglePlace(all, order[row]!, order[col]!)]!;
  }
  return { ...matrix, index: order.map((at) => matrix.index[at]!), triangle };
}
