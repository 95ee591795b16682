import { LensError } from "../../protocol/errors";
import type { Source } from "../../protocol/recipe";
import { NO_ROLES, type TablePreview } from "../../protocol/table";
import { chooseColumns, findColumn, guessFor } from "./columns";
import { kindOf } from "./guess";
import { CELL_LIMIT } from "./limits";
import { isOtherTable } from "./load";
import { previewDataset } from "./preview-dataset";
import { headerIsOpen, openTable } from "./rows";
import type { Table } from "./table";
import { findFiles } from "./walk";

/**
 * The columns, which of them are used, and the first rows of the table that a source names first; reads the start of it only (a JSON
 * array whole).
 * @throws LensError "source" when it is unreadable
 */
export async function previewTable(
  source: Source,
  options: { base: string; documents?: Record<string, string>; rows?: number },
  signal: AbortSignal,
): Promise<TablePreview> {
  const { base, documents, rows = 5 } = options;
  const { files, skipped } = await findFiles(source.paths.slice(0, 1), base, () => false, { documents, signal });
  const [file] = files;
  if (!file) throw new LensError("source", `${source.paths[0]}: ${skipped[0]?.reason ?? "it is a folder"}.`);
  if (await isOtherTable(source, { ...options, seed: 0 }, { signal, report: () => undefined })) {
    return previewDataset(file, source, rows, signal);
  }
  const table = await openTable(file, source.header, signal);
  try {
    const { head, columns, header } = table;
    return {
      path: file.path,
      columns: columns.map((name, i) => ({ name, kind: kindOf(head.map((record) => record.cell(i))) })),
      header,
      headerOpen: headerIsOpen(file.path),
      ...used(table, source.columns, file.path),
      rows: head.slice(0, rows).map((record) => columns.map((_, i) => record.cell(i).slice(0, CELL_LIMIT))),
    };
  } finally {
    await table.close();
  }
}

/** The columns of a run; the guess and the reason when there can be no run. */
function used(table: Table, wanted: Source["columns"], path: string): Pick<TablePreview, "used" | "problem"> {
  try {
    const { text, label } = chooseColumns(table, wanted, path);
    return { used: { ...NO_ROLES, text, label }, problem: null };
  } catch (error) {
    if (!(error instanceof LensError)) throw error;
    const guess = guessFor(table);
    const find = (column: string | number | null | undefined): number | null =>
      column === undefined || column === null ? null : findColumn(table.columns, column, path);
    return { used: { ...NO_ROLES, text: find(guess.text), label: find(guess.label) }, problem: error.message };
  }
}
