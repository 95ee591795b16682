import type { Vectors } from "../protocol/engine";
import type { Quality, ResultFile, RunResult, SimilarityMatrix } from "../protocol/result";
import { unpackRow } from "../protocol/triangle";
import { placeField, resultItem } from "./items";
import { significant } from "./numbers";

/** What a JSON file holds besides the result. */
export interface JsonParts {
  /** Full text of each item; null for pictures and ready vectors. */
  texts: readonly string[] | null;
  /** The whole pairwise matrix (n × n). */
  matrix?: SimilarityMatrix;
  /** The embeddings (n × d). */
  vectors?: Vectors;
}

/** A field of the file: a plain value, numbers on one line, or a list with a line for each entry. */
type Field = { plain: unknown } | { numbers: ArrayLike<number> } | { list: Iterable<unknown> };

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
  let open = "{\n";
  for (const [name, field] of fieldsOf(result, parts)) {
    yield `${open}  ${JSON.stringify(name)}: `;
    yield* textOf(field);
    open = ",\n";
  }
  yield "\n}\n";
}

function* fieldsOf(result: RunResult, { texts, matrix, vectors }: JsonParts): Generator<[keyof ResultFile, Field]> {
  const { items, model, quality } = result;
  yield ["version", { plain: 1 }];
  yield ["recipe", { plain: result.recipe }];
  yield ["model", { plain: { id: model.id, dims: model.dims, tensor: model.tensor } }];
  yield ["items", { list: listOf(items.count, (i) => resultItem(items, i, texts?.[i])) }];
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
  if (matrix) yield ["matrix", { list: symmetricRows(matrix) }];
  if (vectors) yield ["vectors", { list: rowsOf(vectors.data, vectors.rows, vectors.cols) }];
  const skipped = result.skipped.map(({ path, place, reason }) => ({
    path,
    ...placeField(items.placeKind, place),
    reason,
  }));
  yield ["skipped", { list: skipped }];
  yield ["warnings", { plain: result.warnings }];
  yield ["timings", { plain: result.timings }];
}

function valueOf(field: Field): unknown {
  if ("plain" in field) return field.plain;
  return "numbers" in field ? Array.from(field.numbers, significant) : [...field.list];
}

function* textOf(field: Field): Generator<string> {
  if ("plain" in field) yield JSON.stringify(field.plain);
  else if ("numbers" in field) {
    yield "[";
    for (let i = 0; i < field.numbers.length; i++) yield `${i > 0 ? "," : ""}${significant(field.numbers[i]!)}`;
    yield "]";
  } else {
    let any = false;
    for (const entry of field.list) {
      yield `${any ? ",\n" : "[\n"}    ${JSON.stringify(entry)}`;
      any = true;
    }
    yield any ? "\n  ]" : "[]";
  }
}

function* listOf<T>(count: number, entry: (index: number) => T): Generator<T> {
  for (let i = 0; i < count; i++) yield entry(i);
}

function symmetricRows({ triangle, index: { length } }: SimilarityMatrix): Iterable<number[]> {
  const row = new Float32Array(length);
  return listOf(length, (i) => {
    unpackRow(triangle, length, i, row);
    return Array.from(row, significant);
  });
}

const rowsOf = (data: Float32Array, rows: number, cols: number): Iterable<number[]> =>
  listOf(rows, (row) => Array.from(data.subarray(row * cols, (row + 1) * cols), significant));

/** The figures of the whole map. */
function figuresOf({ points: _, ...figures }: Quality): Omit<Quality, "points"> {
  return figures;
}

/** A copy in which every number has 7 significant digits. */
function withSignificant<T>(value: T): T {
  if (typeof value === "number") return significant(value) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withSignificant<unknown>(field)])) as T;
}
