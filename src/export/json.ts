import type { ResultFile, RunResult, SimilarityMatrix } from "../protocol/result";
import type { Vectors } from "../protocol/engine";
import { placeField, resultItem } from "./items";
import { significant, significantAll } from "./numbers";

/** What a JSON file holds besides the result. */
export interface JsonParts {
  /** Full text of each item; null for pictures and ready vectors. */
  texts: readonly string[] | null;
  /** The whole pairwise matrix (n × n). */
  matrix?: SimilarityMatrix;
  /** The embeddings (n × d). */
  vectors?: Vectors;
}

/**
 * The result as a value for a JSON file: every number with 7 significant digits, items in the order of the source.
 * @throws LensError "internal" when a value is not a number
 */
export function exportJson(result: RunResult, { texts, matrix, vectors }: JsonParts): ResultFile {
  const { items, model } = result;
  return {
    version: 1,
    recipe: result.recipe,
    model: { id: model.id, dims: model.dims, tensor: model.tensor },
    items: Array.from({ length: items.count }, (_, i) => resultItem(items, i, texts?.[i])),
    ...(result.x.length > 0 ? { x: significantAll(result.x), y: significantAll(result.y) } : {}),
    ...(result.z && result.z.length > 0 ? { z: significantAll(result.z) } : {}),
    ...(result.cluster.length > 0 ? { cluster: Array.from(result.cluster), clusters: result.clusters } : {}),
    quality: result.quality && {
      ...result.quality,
      trustworthiness: significant(result.quality.trustworthiness),
      continuity: significant(result.quality.continuity),
      neighborsKept: significant(result.quality.neighborsKept),
    },
    ...(matrix ? { matrix: rowsOf(matrix.values, matrix.index.length, matrix.index.length) } : {}),
    ...(vectors ? { vectors: rowsOf(vectors.data, vectors.rows, vectors.cols) } : {}),
    skipped: result.skipped.map(({ path, place, reason }) => ({
      path,
      ...placeField(items.placeKind, place),
      reason,
    })),
    warnings: result.warnings,
    timings: result.timings,
  };
}

function rowsOf(data: Float32Array, rows: number, cols: number): number[][] {
  return Array.from({ length: rows }, (_, row) => significantAll(data.subarray(row * cols, (row + 1) * cols)));
}

/**
 * The file's text in pieces, so that a large matrix never is one string. A field stands on a line of its own, and so
 * does every item and every row of a matrix; `timings`, the only field that differs between two runs, is the last.
 */
export function* jsonText(file: ResultFile): Generator<string> {
  let open = "{\n";
  for (const [key, value] of Object.entries(file) as [string, unknown][]) {
    yield `${open}  ${JSON.stringify(key)}: `;
    if (isLong(value)) yield* listText(value);
    else yield JSON.stringify(value);
    open = ",\n";
  }
  yield "\n}\n";
}

const isLong = (value: unknown): value is readonly object[] =>
  Array.isArray(value) && typeof value[0] === "object" && value[0] !== null;

function* listText(list: readonly object[]): Generator<string> {
  let open = "[\n";
  for (const entry of list) {
    yield `${open}    ${JSON.stringify(entry)}`;
    open = ",\n";
  }
  yield "\n  ]";
}
