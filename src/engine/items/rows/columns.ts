import type { Source } from "../../../protocol/recipe";
import type { MetaColumn } from "../../../protocol/result";
import { cellText, type ColumnData } from "../../tables/table";
import type { StageContext } from "../../types";
import { findFiles, type FoundFile } from "../walk";
import { columnsBeside } from "./meta";
import { decide, openRows, pictureRoot, type OpenRows } from "./open";

export interface ColumnsArgs {
  source: Source;
  base: string;
  documents?: Record<string, string>;
  /** Row from 1; 0 for what is no row. */
  items: { path: string; row: number }[];
}

/** Cells of one file: the item at `items[i]` has the cell `cells[i]`. */
interface Part {
  data: ColumnData;
  items: number[];
  cells: number[];
}

/** Characters of different texts that are held: several hundred megabytes. A column that goes beyond is left out. */
const CHARACTERS = 100_000_000;

/**
 * The columns of a dataset that say more of its items than their ids, labels, texts and vectors, with every value as it is: for files that are
 * written. The columns are those of the first file, at most 100; pictures have their text and their path among them. One whose texts are
 * too many to be held has the kind "text".
 * @throws LensError "source" when the file is not what it was or unreadable
 */
export async function readColumns(
  { source, base, documents, items }: ColumnsArgs,
  ctx: StageContext,
): Promise<MetaColumn[]> {
  const { files } = await findFiles(source.paths, base, () => false, { documents, signal: ctx.signal });
  const parts = new Map<string, Part[]>();
  for (const [i, file] of files.entries()) {
    const own = items.flatMap(({ path, row }, at) => (path === file.path && row > 0 ? [{ at, row }] : []));
    if (own.length === 0) continue;
    const read = await cellsOf(file, own, source, base, [...parts.keys()], ctx);
    if (parts.size === 0) for (const name of read.keys()) parts.set(name, []);
    for (const [name, part] of read) parts.get(name)?.push(part);
    ctx.report(i + 1, files.length);
  }
  let left = CHARACTERS;
  return [...parts].map(([name, own]) => {
    const column = columnOf(name, own, items.length, left);
    if (column.kind === "category") left -= column.values.reduce((sum, value) => sum + value.length, 0);
    return column;
  });
}

/** @param names the columns to read; empty: all that are written */
async function cellsOf(
  file: FoundFile,
  own: readonly { at: number; row: number }[],
  source: Source,
  base: string,
  names: readonly string[],
  ctx: StageContext,
): Promise<Map<string, Part>> {
  const dataset = await openRows(file, source, base, ctx);
  try {
    const chosen = await decide(dataset, source, file.path, pictureRoot(source, file.file, base));
    const all = columnsBeside(dataset, saidElsewhere(chosen)).map(({ column: { name } }) => name);
    const wanted = names.length === 0 ? all : all.filter((name) => names.includes(name));
    const rows = Int32Array.from(new Set(own.map(({ row }) => row - 1))).sort();
    const { columns } = await dataset.table.read(wanted, rows, { signal: ctx.signal });
    const cell = new Map(Array.from(rows, (row, at) => [row + 1, at]));
    const places = { items: own.map(({ at }) => at), cells: own.map(({ row }) => cell.get(row)!) };
    return new Map(wanted.map((name, i) => [name, { data: columns[i]!, ...places }]));
  } finally {
    await dataset.table.close();
  }
}

/** What an item has already; only a picture has no text of its own. */
const saidElsewhere = ({
  items,
  columns: { id, label, text, vector, map },
}: Pick<OpenRows, "items" | "columns">): (string | null)[] => [
  id,
  label,
  vector,
  ...(map ?? []),
  items === "image" ? null : text,
];

/** One column over all files: as texts where these do not agree on its kind. */
function columnOf(name: string, parts: readonly Part[], count: number, characters: number): MetaColumn {
  const [type, other] = new Set(parts.map(({ data }) => data.type));
  if (other === undefined && (type === "number" || type === "date")) {
    const value = new Float64Array(count).fill(NaN);
    each(parts, (data, cell, item) => {
      const number = data.values[cell];
      if (typeof number === "number" && Number.isFinite(number)) value[item] = number;
    });
    return { name, kind: type, value };
  }
  const known = new Map<string, number>(
    other === undefined && type === "boolean"
      ? [
          ["false", 0],
          ["true", 1],
        ]
      : [],
  );
  const code = new Int32Array(count).fill(-1);
  let held = 0;
  each(parts, (data, cell, item) => {
    const value = cellText(data, cell);
    if (value === null || held > characters) return;
    const found = known.get(value);
    code[item] = found ?? known.size;
    if (found !== undefined) return;
    known.set(value, known.size);
    held += value.length;
  });
  if (held > characters) return { name, kind: "text" };
  const kind = other === undefined && type === "boolean" ? "boolean" : "category";
  return { name, kind, values: [...known.keys()], code };
}

function each(parts: readonly Part[], call: (data: ColumnData, cell: number, item: number) => void): void {
  for (const { data, items, cells } of parts) items.forEach((item, i) => call(data, cells[i]!, item));
}
