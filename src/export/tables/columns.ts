import type { Vectors } from "../../protocol/engine";
import type { RunResult } from "../../protocol/result";
import { pointColumns } from "../points";
import { datasetColumns, isoDate, type DatasetColumn } from "../dataset-columns";
import { itemId, itemLabel, itemPath } from "../items";

/** A column of a table that is written. Null and NaN are empty cells. */
export type ExportColumn =
  | { name: string; type: "text"; values: readonly (string | null)[] }
  | { name: string; type: "integer" | "number"; values: Int32Array | Float32Array }
  /** Numbers as they are; milliseconds since 1970 (UTC). */
  | { name: string; type: "double" | "date"; values: Float64Array }
  /** Places in the different texts, -1 for an empty cell; of truth values 0 and 1. */
  | { name: string; type: "category"; texts: readonly string[]; values: Int32Array }
  | { name: string; type: "boolean"; values: Int32Array }
  /** (rows × dims) row-major. */
  | { name: string; type: "vector"; dims: number; values: Float32Array };

export interface ExportTable {
  rows: number;
  columns: ExportColumn[];
}

/**
 * A finished run as a table: id, label, path, line or row, text, x, y (z), cluster, the figures of each item, the other columns of its
 * dataset and vector, as far as there are any. The texts are exact: what a spreadsheet would run as a formula is no danger in these formats.
 * @param parts.index the items to write, by their place in the result; absent: all
 */
export function resultTable(
  result: RunResult,
  parts: { texts: readonly string[] | null; vectors?: Vectors | null; index?: Int32Array },
): ExportTable {
  const { items, x, y, z, cluster } = result;
  const { texts, vectors, index = Int32Array.from({ length: items.count }, (_, i) => i) } = parts;
  const text = (name: string, value: (i: number) => string | null): ExportColumn => ({
    name,
    type: "text",
    values: Array.from(index, value),
  });
  const numbers = (name: string, type: "integer" | "number", values: Int32Array | Float32Array): ExportColumn => ({
    name,
    type,
    values:
      type === "integer" ? Int32Array.from(index, (i) => values[i]!) : Float32Array.from(index, (i) => values[i]!),
  });
  const columns = [
    text("id", (i) => itemId(items, i)),
    text("label", (i) => itemLabel(items, i)),
    text("path", (i) => itemPath(items, i)),
  ];
  if (items.placeKind !== "none") columns.push(numbers(items.placeKind, "integer", items.place));
  if (texts) columns.push(text("text", (i) => texts[i] ?? null));
  if (x.length > 0) columns.push(numbers("x", "number", x), numbers("y", "number", y));
  if (z) columns.push(numbers("z", "number", z));
  if (cluster.length > 0) columns.push(numbers("cluster", "integer", cluster));
  for (const { name, values } of pointColumns(result)) columns.push(numbers(name, "number", values));
  const names = columns.map(({ name }) => name);
  for (const column of datasetColumns(items, [...names, VECTOR])) columns.push(datasetColumn(column, index));
  if (vectors) columns.push(vectorColumn(vectors, index));
  return { rows: index.length, columns };
}

const VECTOR = "vector";

function datasetColumn(column: DatasetColumn, index: Int32Array): ExportColumn {
  const { name, kind } = column;
  switch (kind) {
    case "number":
    case "date":
      return {
        name,
        type: kind === "date" ? "date" : "double",
        values: Float64Array.from(index, (i) => column.value[i]!),
      };
    case "boolean":
      return { name, type: kind, values: Int32Array.from(index, (i) => column.code[i]!) };
    case "category":
      return { name, type: kind, texts: column.values, values: Int32Array.from(index, (i) => column.code[i]!) };
  }
}

/** A cell of what is no vector: dates as ISO 8601, numbers with as many digits as they carry; null where there is none. */
export function cellOf(
  column: Exclude<ExportColumn, { type: "vector" }>,
  row: number,
): string | number | boolean | null {
  switch (column.type) {
    case "text":
      return column.values[row] ?? null;
    case "category":
      return column.texts[column.values[row]!] ?? null;
    case "boolean":
      return column.values[row]! < 0 ? null : column.values[row] === 1;
    case "number":
    case "integer":
    case "double":
    case "date": {
      const value = column.values[row]!;
      if (!Number.isFinite(value)) return null;
      if (column.type === "date") return isoDate(value);
      return column.type === "number" ? Number(value.toPrecision(7)) : value;
    }
  }
}

function vectorColumn({ cols, data }: Vectors, index: Int32Array): ExportColumn {
  const values = new Float32Array(index.length * cols);
  index.forEach((from, row) => values.set(data.subarray(from * cols, (from + 1) * cols), row * cols));
  return { name: VECTOR, type: "vector", dims: cols, values };
}
