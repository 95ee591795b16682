import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Source } from "../../../protocol/recipe";
import { chooseTableColumns, type TableColumns } from "../../tables/choose";
import { openDataset, type Dataset } from "../../tables/dataset";
import { cellText, type ReadContext } from "../../tables/table";
import type { FoundFile } from "../walk";

/** A file of rows that is open, and what a run makes of its columns. */
export interface OpenRows {
  file: FoundFile;
  dataset: Dataset;
  columns: TableColumns;
  items: "text" | "image" | "vector";
}

/** Cells that are looked at to see whether their pictures are there. */
const PICTURES_LOOKED_AT = 20;

/** Opens a file of a source; nothing of it is chosen yet. @throws LensError "source" */
export function openRows(file: FoundFile, source: Source, base: string, ctx: ReadContext): Promise<Dataset> {
  const { header, part } = source;
  const texts = source.texts && resolve(base, source.texts);
  return openDataset(file.file, { path: file.path, header, part, text: file.text, texts }, ctx);
}

/**
 * What a run shows of a dataset: ready vectors and coordinates first; pictures that are named in a column, when the recipe says so or
 * some of them are there; else texts.
 * @throws LensError "recipe" or "source" as `chooseTableColumns`
 */
export async function decide(
  dataset: Dataset,
  source: Source,
  path: string,
  base: string,
): Promise<Pick<OpenRows, "columns" | "items">> {
  const columns = chooseTableColumns(dataset, source.columns, path);
  if (columns.vector !== null || columns.map !== null) return { columns, items: "vector" };
  const { image, text } = columns;
  if (image === null) return { columns, items: "text" };
  if (text === null || source.columns?.image) return { columns, items: "image" };
  const pictures = source.columns?.text === undefined && (await anyIsHere(dataset, image, base));
  return pictures ? { columns, items: "image" } : { columns, items: "text" };
}

/** The folder that paths of pictures start from. */
export const pictureRoot = ({ root }: Source, file: string, base: string): string =>
  root === undefined ? resolve(file, "..") : resolve(base, root);

async function anyIsHere({ table, head }: Dataset, column: string, folder: string): Promise<boolean> {
  const members = new Set(table.columns.flatMap(({ of = [] }) => of));
  const at = table.columns.filter(({ name }) => !members.has(name)).findIndex(({ name }) => name === column);
  const data = head.columns[at];
  for (let row = 0; data && row < Math.min(PICTURES_LOOKED_AT, data.values.length); row++) {
    const cell = cellText(data, row);
    if (cell === null || /^[a-z][a-z0-9+.-]+:/i.test(cell)) continue;
    const info = await stat(resolve(folder, cell)).catch(() => null);
    if (info?.isFile()) return true;
  }
  return false;
}
