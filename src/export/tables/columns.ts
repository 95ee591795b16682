import type { Vectors } from "../../protocol/engine";
import type { RunResult } from "../../protocol/result";
import { pointColumns } from "../points";
import { itemId, itemLabel, itemPath } from "../items";

/** A column of a table that is written. Null and NaN are empty cells. */
export type ExportColumn =
  | { name: string; type: "text"; values: readonly (string | null)[] }
  | { name: string; type: "integer" | "number"; values: Int32Array | Float32Array | Float64Array }
  /** (rows × dims) row-major. */
  | { name: string; type: "vector"; dims: number; values: Float32Array };

export interface ExportTable {
  rows: number;
  columns: ExportColumn[];
}

/**
 * A finished run as a table: id, label, path, line or row, text, x, y (z), cluster, the figures of each item and vector, as far as there are any. The texts are
 * exact: what a spreadsheet would run as a formula is no danger in these formats.
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
  if (vectors) columns.push(vectorColumn(vectors, index));
  return { rows: index.length, columns };
}

function vectorColumn({ cols, data }: Vectors, index: Int32Array): ExportColumn {
  const values = new Float32Array(index.length * cols);
  index.forEach((from, row) => values.set(data.subarray(from * cols, (from + 1) * cols), row * cols));
  return { name: "vector", type: "vector", dims: cols, values };
}
