import { LensError } from "../../protocol/errors";
import type { Source } from "../../protocol/recipe";
import { guessFor } from "./columns";
import type { ColumnRoles } from "./guess";
import { openTable } from "./rows";
import { findFiles } from "./walk";

/** What a person chooses columns by. */
export interface TablePreview {
  columns: string[];
  /** Whether the first row named them. */
  header: boolean;
  guess: ColumnRoles;
  /** The first rows: a text for each column. */
  rows: string[][];
}

/**
 * The columns, the guess and the first rows of the table that a source names first; reads the start of it only (a JSON array whole).
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
  const table = await openTable(file, source.header, signal);
  try {
    const cells = table.head.slice(0, rows).map((record) => table.columns.map((_, i) => record.cell(i)));
    return { columns: table.columns, header: table.header, guess: guessFor(table), rows: cells };
  } finally {
    await table.close();
  }
}
