import type { ItemColumns, RunResult } from "../protocol/result";
import { datasetCell, datasetColumns, type DatasetColumn } from "./dataset-columns";
import { itemId, itemLabel, itemPath } from "./items";
import { significant } from "./numbers";
import { pointColumns } from "./points";

/** What a spreadsheet takes for the start of a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The items with their coordinates as CSV (RFC 4180: UTF-8 without a byte order mark, CRLF, quotes only where needed),
 * in pieces. Columns: id, label, path, line or row, text, x, y, z in three dimensions, cluster; what a run has not made
 * is empty. A map that was measured has its figures of each item (trustworthiness, …) after these, and a dataset its other columns after
 * all. A text that a spreadsheet would run as a formula (it starts with = + - @ tab or return, and is no plain number) gets a leading
 * apostrophe; the JSON file keeps the exact text.
 * @throws LensError "internal" when a coordinate is not a number
 */
export function* csvText(result: RunResult, texts: readonly string[] | null): Generator<string> {
  const { items, x, y, z, cluster } = result;
  const points = pointColumns(result);
  const names = [...itemNames(items), "x", "y", ...(z ? ["z"] : []), "cluster", ...points.map(({ name }) => name)];
  const others = datasetColumns(items, names);
  yield `${[...names, ...datasetNames(others)].join(",")}\r\n`;
  for (let i = 0; i < items.count; i++) {
    const cells = [...itemCells(items, i, texts), numberCell(x[i]), numberCell(y[i])];
    if (z) cells.push(numberCell(z[i]));
    cells.push(numberCell(cluster[i]));
    for (const { values } of points) cells.push(Number.isNaN(values[i]) ? "" : numberCell(values[i]));
    cells.push(...datasetCells(others, i));
    yield `${cells.join(",")}\r\n`;
  }
}

/** The columns that say what an item is. */
export const itemNames = ({ placeKind }: ItemColumns): string[] => [
  "id",
  "label",
  "path",
  placeKind === "row" ? "row" : "line",
  "text",
];

/** What an item is, as `itemNames` has it. */
export const itemCells = (items: ItemColumns, i: number, texts: readonly string[] | null): string[] => [
  textCell(itemId(items, i)),
  textCell(itemLabel(items, i) ?? ""),
  textCell(itemPath(items, i)),
  items.placeKind === "none" ? "" : String(items.place[i]!),
  textCell(texts?.[i] ?? ""),
];

/** The head of the dataset's other columns, and what they say of an item. */
export const datasetNames = (others: readonly DatasetColumn[]): string[] => others.map(({ name }) => textCell(name));
export const datasetCells = (others: readonly DatasetColumn[], i: number): string[] =>
  others.map((column) => textCell(String(datasetCell(column, i) ?? "")));

/** `csvText` as one string. */
export const exportCsv = (result: RunResult, texts: readonly string[] | null): string =>
  [...csvText(result, texts)].join("");

export const numberCell = (value: number | undefined): string =>
  value === undefined ? "" : String(significant(value));

/** Quoted where needed; nothing that a spreadsheet would run as a formula. */
export function textCell(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
