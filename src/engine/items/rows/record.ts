import type { Source } from "../../../protocol/recipe";
import type { ItemRecord } from "../../../protocol/result";
import { cellText } from "../../tables/table";
import type { Item } from "../../types";
import { findFiles } from "../walk";
import type { LoadOptions } from "../texts";
import { openRows } from "./open";

/** Values of a vector that a record shows. */
const CELL_LIMIT = 100_000;

/**
 * The whole record of an item, read from its file: every column as a text, vectors by their first values. Null when it is no row.
 * @throws LensError "source" when the file is not what it was or unreadable
 */
export async function readRecord(
  source: Source,
  item: Pick<Item, "path" | "row" | "line" | "offset">,
  { base, documents }: Pick<LoadOptions, "base" | "documents">,
  signal: AbortSignal,
): Promise<ItemRecord | null> {
  const { path, row, line, offset } = item;
  if (row === undefined) return null;
  const { files } = await findFiles([path], base, () => false, { documents, signal });
  const [file] = files;
  if (!file) return null;
  const { table } = await openRows(file, source, base, { signal });
  try {
    if (offset !== undefined && line !== undefined) table.know?.({ offset, record: row - 1, line });
    const members = new Set(table.columns.flatMap(({ of = [] }) => of));
    const names = table.columns.flatMap(({ name }) => (members.has(name) ? [] : [name]));
    const { columns } = await table.read(names, Int32Array.of(row - 1), { signal });
    return names.map((name, i) => ({ name, value: (cellText(columns[i]!, 0) ?? "").slice(0, CELL_LIMIT) }));
  } finally {
    await table.close();
  }
}
