import type { Source } from "../../../protocol/recipe";
import type { ItemRecord } from "../../../protocol/result";
import type { Dataset } from "../../tables/dataset";
import { cellText } from "../../tables/table";
import type { Item } from "../../types";
import { findFiles } from "../walk";
import type { LoadOptions } from "../texts";
import type { FoundFile } from "../walk";
import { openRows } from "./open";

/** Values of a vector that a record shows. */
const CELL_LIMIT = 100_000;
/** How long a file stays open for the next click. */
const KEPT_MS = 30_000;

/** The file of the last record: some formats (HDF5, compressed npz) take long to open. */
let kept: { key: string; dataset: Promise<Dataset>; timer: NodeJS.Timeout } | null = null;

function release(): void {
  if (!kept) return;
  clearTimeout(kept.timer);
  kept.dataset.then(({ table }) => table.close()).catch(() => undefined);
  kept = null;
}

/** Opens the file, unless it is the last one and has not changed; whether it was open already. */
function opened(
  file: FoundFile,
  source: Source,
  base: string,
  signal: AbortSignal,
): { dataset: Promise<Dataset>; again: boolean } {
  const { header, part, texts } = source;
  const key = JSON.stringify([file.file, file.bytes, file.changed, file.text, header, part, texts, base]);
  if (kept?.key === key) {
    kept.timer.refresh();
    return { dataset: kept.dataset, again: true };
  }
  release();
  const dataset = openRows(file, source, base, { signal });
  kept = { key, dataset, timer: setTimeout(release, KEPT_MS).unref() };
  return { dataset, again: false };
}

/**
 * The whole record of an item, read from its file: every column as a text, vectors by their first values. Null when it is no row.
 * @throws LensError "source" when the file is not what it was or unreadable
 */
export async function readRecord(
  source: Source,
  item: Pick<Item, "path" | "row" | "line" | "offset">,
  options: Pick<LoadOptions, "base" | "documents">,
  signal: AbortSignal,
): Promise<ItemRecord | null> {
  const { base, documents } = options;
  const { path, row, line, offset } = item;
  if (row === undefined) return null;
  const { files } = await findFiles([path], base, () => false, { documents, signal });
  const [file] = files;
  if (!file) return null;
  const { dataset, again } = opened(file, source, base, signal);
  try {
    const { table } = await dataset;
    if (offset !== undefined && line !== undefined) table.know?.({ offset, record: row - 1, line });
    const members = new Set(table.columns.flatMap(({ of = [] }) => of));
    const names = table.columns.flatMap(({ name }) => (members.has(name) ? [] : [name]));
    const { columns } = await table.read(names, Int32Array.of(row - 1), { signal });
    return names.map((name, i) => ({ name, value: (cellText(columns[i]!, 0) ?? "").slice(0, CELL_LIMIT) }));
  } catch (error) {
    release();
    // What lies beside the file may have changed: it is opened anew, once.
    if (!again || signal.aborted) throw error;
    return readRecord(source, item, options, signal);
  }
}
