import { META_LENGTH, META_VALUES, type MetaColumn } from "../../../protocol/result";
import type { TableColumns } from "../../tables/choose";
import type { Dataset } from "../../tables/dataset";
import { cellText, type Column, type ColumnData } from "../../tables/table";

/** The most other columns that are carried along, or written. */
const META_COLUMNS = 100;
/** Texts longer than this on average, or of which nearly every one is another, are no categories. */
const CATEGORY_LENGTH = 80;
const FEW_VALUES = 20;
const ALWAYS_DIFFERENT = 0.8;

/** A column besides those that the items are made of; only those that are no long texts have to be read. */
export interface OtherColumn {
  column: Column;
  read: boolean;
}

/** The columns of a table that have no other part to play, in its order. */
export function otherColumns(dataset: Dataset, chosen: TableColumns): OtherColumn[] {
  const { text, label, id, image, vector, map } = chosen;
  return columnsBeside(dataset, [text, label, id, image, vector, ...(map ?? [])]).map(({ column, data }) => ({
    column,
    read: !data || !isText(data, data.values.length),
  }));
}

/**
 * The columns of a table but some, with their first cells, in its order. Vectors and their parts are none of them.
 * @param taken names of those that are left out; null for none
 */
export function columnsBeside(
  { table, head }: Dataset,
  taken: readonly (string | null)[],
): { column: Column; data: ColumnData | undefined }[] {
  const members = new Set(table.columns.flatMap(({ of = [] }) => of));
  return table.columns
    .filter(({ name }) => !members.has(name))
    .map((column, i) => ({ column, data: head.columns[i] }))
    .filter(({ column: { name, type } }) => type !== "vector" && !taken.includes(name))
    .slice(0, META_COLUMNS);
}

/**
 * A column as it travels: numbers and dates as they are, texts as categories, or as nothing when they are long or nearly always
 * different.
 * @param rows which of its cells, in order
 */
export function metaColumn(name: string, data: ColumnData | null, rows: readonly number[]): MetaColumn {
  if (data === null || data.type === "vector" || isText(data, data.values.length)) return { name, kind: "text" };
  if (data.type === "number" || data.type === "date") {
    return { name, kind: data.type, value: Float64Array.from(rows, (at) => finite(data.values[at])) };
  }
  if (data.type === "boolean") {
    const code = (value: number): number => (value === 1 ? 1 : value === 0 ? 0 : -1);
    const values = ["false", "true"];
    return { name, kind: "boolean", values, code: Int32Array.from(rows, (at) => code(data.values[at]!)) };
  }
  return categories(name, data, rows);
}

const finite = (value: number | undefined): number => (value !== undefined && Number.isFinite(value) ? value : NaN);

function categories(name: string, data: ColumnData, rows: readonly number[]): MetaColumn {
  const known = new Map<string, number>();
  const code = Int32Array.from(rows, (at) => {
    const value = (cellText(data, at) ?? "").trim().slice(0, META_LENGTH);
    if (value === "") return -1;
    const found = known.get(value);
    if (found !== undefined) return found;
    if (known.size === META_VALUES) return -2;
    known.set(value, known.size);
    return known.size - 1;
  });
  return { name, kind: "category", values: [...known.keys()], code };
}

/** Whether texts are too long or too different to be categories. */
function isText(data: ColumnData, rows: number): boolean {
  if (data.type !== "text" && data.type !== "list" && data.type !== "other") return false;
  const distinct = new Set<string>();
  let filled = 0;
  let length = 0;
  for (let at = 0; at < rows; at++) {
    const value = data.values[at];
    if (!value) continue;
    filled++;
    length += Math.min(value.length, 1_000);
    distinct.add(value);
  }
  if (filled === 0) return false;
  return length > filled * CATEGORY_LENGTH || (distinct.size > FEW_VALUES && distinct.size > filled * ALWAYS_DIFFERENT);
}
