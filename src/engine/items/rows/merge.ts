import type { MetaColumn } from "../../../protocol/result";
import type { UsedColumns } from "../../../protocol/table";
import type { ItemSet, Matrix } from "../../types";
import type { OpenRows } from "./open";
import type { ReadRows } from "./read";

/** The items of several files as one set; the other columns are those of the first file. */
export function merged(
  opened: readonly OpenRows[],
  parts: readonly ReadRows[],
): Pick<ItemSet, "kind" | "items" | "vectors" | "short" | "map" | "axes" | "meta" | "columns"> {
  const [first] = opened;
  const items = parts.flatMap((part) => part.items);
  const vectors = stacked(parts.map((part) => part.vectors));
  const map = stacked(parts.map((part) => part.map));
  const counts = parts.map((part) => part.items.length);
  const starts = startsOf(counts);
  const short = parts.flatMap((part, at) => part.short.map((row) => starts[at]! + row));
  const meta = (parts[0]?.meta ?? []).map(({ name }) =>
    joined(
      name,
      parts.map((part) => part.meta.find((column) => column.name === name)),
      counts,
    ),
  );
  return {
    kind: first?.items ?? "text",
    items,
    ...(vectors && { vectors, ...(short.length > 0 && { short }) }),
    ...(map && { map, axes: parts[0]!.axes }),
    ...(meta.length > 0 && { meta }),
    ...(first && { columns: usedColumns(first) }),
  };
}

const usedColumns = ({ columns: { text, label, image } }: OpenRows): UsedColumns => ({
  text,
  label,
  ...(image !== null && { image }),
});

/** Matrices one below the other; null when a part has none. */
function stacked(parts: readonly (Matrix | null)[]): Matrix | null {
  const all = parts.filter((part) => part !== null);
  if (all.length === 0 || all.length < parts.length) return null;
  if (all.length === 1) return all[0]!;
  const { cols } = all[0]!;
  const length = all.reduce((sum, part) => sum + part.data.length, 0);
  const data = new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
  let at = 0;
  for (const part of all) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { rows: data.length / cols, cols, data };
}

/** Where the items of each file begin. */
const startsOf = (counts: readonly number[]): number[] =>
  counts.map((_, i) => counts.slice(0, i).reduce((sum, n) => sum + n, 0));

/** One column over several files; cells of files that have no such column, or one of another kind, are empty. */
function joined(name: string, parts: readonly (MetaColumn | undefined)[], counts: readonly number[]): MetaColumn {
  const [first] = parts;
  if (!first || first.kind === "text") return { name, kind: "text" };
  if (parts.length === 1) return first;
  const total = counts.reduce((sum, n) => sum + n, 0);
  const starts = startsOf(counts);
  if (first.kind === "number" || first.kind === "date") {
    const value = new Float64Array(total).fill(NaN);
    parts.forEach((part, i) => part?.kind === first.kind && value.set(part.value, starts[i]));
    return { name, kind: first.kind, value };
  }
  const values = new Map<string, number>();
  const code = new Int32Array(total).fill(-1);
  parts.forEach((part, i) => {
    if (part?.kind !== "category" && part?.kind !== "boolean") return;
    const codes = part.values.map((word) => {
      const known = values.get(word) ?? values.size;
      values.set(word, known);
      return known;
    });
    part.code.forEach((old, row) => (code[starts[i]! + row] = old < 0 ? old : codes[old]!));
  });
  return { name, kind: first.kind, values: [...values.keys()], code };
}
