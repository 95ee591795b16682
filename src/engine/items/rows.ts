import { isCancelled, LensError } from "../../protocol/errors";
import type { Source } from "../../protocol/recipe";
import type { UsedColumns } from "../../protocol/table";
import type { Item, ItemSet, StageContext } from "../types";
import { chooseColumns, type ChosenColumns } from "./columns";
import { openCsv } from "./csv";
import { readText } from "./decode";
import { fingerprint, fingerprintOf } from "./fingerprint";
import { Gatherer } from "./gather";
import { openJson, openJsonLines } from "./json";
import { LINE_LIMIT } from "./limits";
import { Oddities } from "./oddities";
import { extensionOf } from "./paths";
import { mergeRanges, type Range } from "./ranges";
import type { Table, TableRecord } from "./table";
import { isOnly, named, reasonOf, type LoadOptions } from "./texts";
import { findFiles, type FoundFile } from "./walk";

/** Opens a table by the extension of its file: JSON Lines, a JSON array, else a delimited text. */
export function openTable(file: FoundFile, header: boolean | undefined, signal: AbortSignal): Promise<Table> {
  const extension = extensionOf(file.path);
  switch (extension) {
    case ".jsonl":
    case ".ndjson":
      return openJsonLines(readText(file, signal));
    case ".json":
      return openJson(readText(file, signal), file.path);
    default:
      return openCsv(readText(file, signal), { extension, header });
  }
}

/** Whether a first row of names is a matter of choice in this kind of file. Records of JSON name their fields. */
export const headerIsOpen = (path: string): boolean => ![".jsonl", ".ndjson", ".json"].includes(extensionOf(path));

/**
 * One item for each row of a table with a text; the label and the id come from other columns. Rows that are broken or have no text are left
 * out by name; columns that the recipe doesn't name are guessed.
 * @throws LensError "source" when nothing is readable; "recipe" when a column is not there
 */
export async function loadRows(source: Source, options: LoadOptions, ctx: StageContext): Promise<ItemSet> {
  const { base, documents, seed } = options;
  const found = await findFiles(source.paths, base, () => false, { documents, signal: ctx.signal });
  if (found.files.length === 0 && found.skipped.length === 0) {
    throw new LensError("source", `${named(source.paths)} is a folder: choose the table in it.`);
  }
  const gather = new Gatherer(source.sample, seed, ctx);
  found.skipped.forEach((left) => gather.skip(left));
  const ranges = source.ranges && mergeRanges(source.ranges);
  let used: UsedColumns | undefined;
  for (const file of found.files) {
    try {
      const columns = await loadTable(file, source, file.path === source.paths[0] ? ranges : undefined, gather, ctx);
      used ??= columns;
    } catch (error) {
      if (isCancelled(error) || !(error instanceof LensError) || isOnly(found)) throw error;
      gather.skip({ path: file.path, reason: reasonOf(error, file.path) });
    }
  }
  const print = fingerprintOf(found.files);
  if ((await fingerprint(source, base, documents)) !== print) gather.warn("A file changed while it was read.");
  const set = gather.finish(`No row with a text was found in ${named(source.paths)}.`, "blank line", print);
  return { ...set, ...(used && { columns: used }) };
}

async function loadTable(
  file: FoundFile,
  source: Source,
  ranges: readonly Range[] | undefined,
  gather: Gatherer,
  ctx: StageContext,
): Promise<UsedColumns> {
  const table = await openTable(file, source.header, ctx.signal);
  try {
    if (table.columns.length === 0) {
      const bad = table.head.find((record) => record.bad !== undefined)?.bad;
      throw new LensError("source", bad ? `${file.path} holds no records: ${bad}.` : `${file.path} is empty.`);
    }
    if (table.head.length === 0) throw new LensError("source", `${file.path} has no rows below its header.`);
    const columns = chooseColumns(table, source.columns, file.path);
    const odd = new Oddities(file.path);
    const last = ranges?.at(-1)?.[1] ?? Infinity;
    for await (const batch of table.records) {
      gather.report();
      for (const record of batch) {
        if (ranges && !ranges.some(([from, to]) => record.line >= from && record.line <= to)) continue;
        take(record, table, columns, file.path, gather, odd);
      }
      if ((batch.at(-1)?.line ?? 0) > last) break;
    }
    gather.skipBlank(ranges ? 0 : table.blank());
    gather.warn(...odd.sentences());
    const { text, label } = columns;
    return { text: table.columns[text]!, label: label === null ? null : table.columns[label]! };
  } finally {
    await table.close();
  }
}

function take(
  record: TableRecord,
  table: Table,
  { text: textColumn, label, id }: ChosenColumns,
  path: string,
  gather: Gatherer,
  odd: Oddities,
): void {
  const { row, line, width } = record;
  if (record.bad !== undefined) return gather.skip({ path, place: row, reason: record.bad });
  if (record.odd !== undefined) odd.note("row", row, record.odd);
  const text = record.cell(textColumn).trim();
  const ragged = width !== table.columns.length;
  if (text === "") {
    const reason = ragged ? `it has ${width} of ${table.columns.length} columns and no text` : "it has no text";
    return gather.skip({ path, place: row, reason });
  }
  if (ragged) odd.note("row", row, `another number of columns than the ${table.columns.length} of the first row`);
  if (text.includes("\uFFFD")) odd.note("row", row, Oddities.damaged);
  if (text.length > LINE_LIMIT) odd.note("row", row, Oddities.cut);
  const item: Item & { text: string } = { label: null, path, line, row, text: text.slice(0, LINE_LIMIT) };
  if (label !== null) item.label = record.cell(label).trim() || null;
  const name = id === null ? "" : record.cell(id).trim();
  if (name !== "") item.id = name;
  gather.push(item);
}
