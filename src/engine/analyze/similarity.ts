import type { Metric } from "../../protocol/recipe";
import { createProducts } from "../linear/product";
import { dotAt, squaredDistanceAt, squaredNorms } from "../linear/vectors";
import type { Matrix, StageContext } from "../types";
import { gatherRows } from "./gather";
import { prepareFor } from "./normalize";

const BLOCK = 256;

/**
 * The pairwise similarities of some items: cosine, dot product, or 1/(1 + distance) for euclidean. Symmetric to the bit.
 * @param index (n) rows of the matrix
 * @returns (n × n) row-major
 */
export async function similarityMatrix(
  matrix: Matrix,
  index: Int32Array,
  metric: Metric,
  ctx: StageContext,
): Promise<Float32Array> {
  const { cols } = matrix;
  const n = index.length;
  const rows = gatherRows(prepareFor(matrix, metric), index).data;
  const products = await createProducts((n * n * cols) / 2);
  const norms = squaredNorms(rows, n, cols);
  const values = new Float32Array(n * n);
  for (let from = 0; from < n; from += BLOCK) {
    ctx.signal.throwIfAborted();
    ctx.report(from, n);
    const to = Math.min(from + BLOCK, n);
    // Only the columns from the diagonal block on: the rest is its mirror.
    const dots = await products.byRows(
      rows.subarray(from * cols, to * cols),
      to - from,
      rows.subarray(from * cols),
      n - from,
      cols,
    );
    for (let i = from; i < to; i++) {
      for (let j = i; j < n; j++) {
        const dot = dots[(i - from) * (n - from) + j - from]!;
        const value = fromDot(dot, i === j, norms[i]!, norms[j]!, metric);
        values[i * n + j] = value;
        values[j * n + i] = value;
      }
    }
  }
  return values;
}

function fromDot(dot: number, same: boolean, normA: number, normB: number, metric: Metric): number {
  switch (metric) {
    case "cosine":
      return same ? 1 : Math.max(-1, Math.min(1, dot));
    case "euclidean":
      return same ? 1 : 1 / (1 + Math.sqrt(Math.max(0, normA + normB - 2 * dot)));
    case "dot":
      return dot;
  }
}

/** The similarity of two items, as in `similarityMatrix`, from the vectors as they are. */
export function similarityOf({ data, cols }: Matrix, a: number, b: number, metric: Metric): number {
  const i = a * cols;
  const j = b * cols;
  switch (metric) {
    case "cosine": {
      if (a === b) return 1;
      const lengths = Math.sqrt(dotAt(data, i, data, i, cols) * dotAt(data, j, data, j, cols));
      return lengths > 0 ? Math.max(-1, Math.min(1, dotAt(data, i, data, j, cols) / lengths)) : 0;
    }
    case "euclidean":
      return 1 / (1 + Math.sqrt(squaredDistanceAt(data, i, data, j, cols)));
    case "dot":
      return dotAt(data, i, data, j, cols);
  }
}
