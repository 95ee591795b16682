import type { Vectors } from "../protocol/engine";
import type { Quality, ResultFile, ResultItem, RunResult, SimilarityMatrix } from "../protocol/result";
import { unpackRow } from "../protocol/triangle";
import { datasetCell, datasetColumns, type DatasetColumn } from "./dataset-columns";
import { fieldsText, listOf, valueOf, withSignificant, type Field } from "./fields";
import { placeField, resultItem } from "./items";
import { significant } from "./numbers";
import { pointColumns } from "./points";

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
 * The result as a value for a JSON file (`ResultFile`): every number with 7 significant digits, items in the order of
 * the source.
 * @throws LensError "internal" when a value is not a number
 */
export function exportJson(result: RunResult, parts: JsonParts): ResultFile {
  const entries = [...fieldsOf(result, parts)].map(([name, field]) => [name, valueOf(field)] as const);
  return Object.fromEntries(entries) as unknown as ResultFile;
}

/**
 * The same as text, in pieces, so that a large matrix is never in memory twice. Every field stands on a line of its
 * own, and so does every item and every row of a matrix; `timings`, the only field that differs between two runs of a
 * recipe, is the last line but one.
 */
export function* jsonText(result: RunResult, parts: JsonParts): Generator<string> {
  yield* fieldsText(fieldsOf(result, parts));
}

function* fieldsOf(result: RunResult, { texts, matrix, vectors }: JsonParts): Generator<[keyof ResultFile, Field]> {
  const { items, model, quality } = result;
  yield ["version", { plain: 1 }];
  yield ["recipe", { plain: result.recipe }];
  yield ["model", { plain: { id: model.id, dims: model.dims, tensor: model.tensor } }];
  const others = datasetColumns(items);
  yield [
    "items",
    { list: listOf(items.count, (i) => ({ ...resultItem(items, i, texts?.[i]), ...columnsOf(others, i) })) },
  ];
  if (result.x.length > 0) {
    yield ["x", { numbers: result.x }];
    yield ["y", { numbers: result.y }];
    if (result.z) yield ["z", { numbers: result.z }];
  }
  if (result.cluster.length > 0) {
    yield ["cluster", { numbers: result.cluster }];
    yield ["clusters", { list: result.clusters.map(withSignificant) }];
    if (result.clusterQuality) yield ["clusterQuality", { plain: withSignificant(result.clusterQuality) }];
  }
  yield ["quality", { plain: quality && withSignificant(figuresOf(quality)) }];
  const points = pointColumns(result).map(({ name, values }) => [name, Array.from(values, figureOf)] as const);
  if (points.length > 0) yield ["points", { plain: Object.fromEntries(points) }];
  if (matrix) yield ["matrix", { list: symmetricRows(matrix) }];
  if (vectors) yield ["vectors", { list: rowsOf(vectors.data, vectors.rows, vectors.cols) }];
  const skipped = result.skipped.map(({ path, place, reason }) => ({
    path,
    ...placeField(items.placeKind, place),
    reason,
  }));
  yield ["skipped", { list: skipped }];
  yield ["warnings", { plain: result.warnings }];
  yield ["notes", { plain: result.notes ?? [] }];
  yield ["timings", { plain: result.timings }];
}

/** What the dataset says of an item besides. */
const columnsOf = (others: readonly DatasetColumn[], i: number): Pick<ResultItem, "columns"> =>
  others.length === 0
    ? {}
    : { columns: Object.fromEntries(others.map((column) => [column.name, datasetCell(column, i)])) };

function symmetricRows({ triangle, index: { length } }: SimilarityMatrix): Iterable<number[]> {
  const row = new Float32Array(length);
  return listOf(length, (i) => {
    unpackRow(triangle, length, i, row);
    return Array.from(row, significant);
  });
}

const rowsOf = (data: Float32Array, rows: number, cols: number): Iterable<number[]> =>
  listOf(rows, (row) => Array.from(data.subarray(row * cols, (row + 1) * cols), significant));

/** Null where it was not measured. */
const figureOf = (value: number): number | null => (Number.isNaN(value) ? null : significant(value));

/** The figures of the whole map. */
function figuresOf({ points: _, ...figures }: Quality): Omit<Quality, "points"> {
  return figures;
}
