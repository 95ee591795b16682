import { LensError } from "../../../protocol/errors";
import type { Source } from "../../../protocol/recipe";
import { NO_ROLES, type TablePreview } from "../../../protocol/table";
import type { Dataset } from "../../tables/dataset";
import type { TableColumns } from "../../tables/choose";
import { SeveralTables } from "../../tables/several";
import { cellText } from "../../tables/table";
import { CELL_LIMIT } from "../limits";
import { findFiles } from "../walk";
import { decide, openRows, pictureRoot } from "./open";

/**
 * The columns, which of them are used, and the first rows of the table that a source names first; number columns that make up a vector
 * are one column. Reads the start of the file only, where its format allows that.
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
  let dataset: Dataset;
  try {
    dataset = await openRows(file, source, base, { signal });
  } catch (error) {
    if (!(error instanceof SeveralTables)) throw error;
    const { parts, message } = error;
    const none = { columns: [], header: true, headerOpen: false, used: NO_ROLES, items: "vector" as const, rows: [] };
    return { path: file.path, ...none, parts, problem: message };
  }
  try {
    const { table, head } = dataset;
    const members = new Set(table.columns.flatMap(({ of = [] }) => of));
    const columns = table.columns.filter(({ name }) => !members.has(name)).slice(0, head.columns.length);
    const names = columns.map(({ name }) => name);
    const cells = head.columns;
    const count = Math.min(rows, ...cells.map((data) => data.values.length / (data.type === "vector" ? data.dims : 1)));
    const { header } = table;
    return {
      path: file.path,
      columns: columns.map(({ name, type }) => ({ name, kind: type })),
      header: header ?? true,
      headerOpen: header !== undefined,
      ...(table.parts && { tables: table.parts }),
      ...(await used(dataset, names, source, file.path, pictureRoot(source, file.file, base))),
      rows: Array.from({ length: count }, (_, at) =>
        cells.map((data) => (cellText(data, at) ?? "").slice(0, CELL_LIMIT)),
      ),
    };
  } finally {
    await dataset.table.close();
  }
}

/** The columns of a run; the guess and the reason when there can be no run. */
async function used(
  dataset: Dataset,
  names: readonly string[],
  source: Source,
  path: string,
  root: string,
): Promise<Pick<TablePreview, "used" | "items" | "problem">> {
  const at = (name: string | null): number | null => {
    const found = name === null ? -1 : names.indexOf(name);
    return found === -1 ? null : found;
  };
  const roles = ({ text, label, image, id, vector, map }: TableColumns): TablePreview["used"] => ({
    ...{ text: at(text), label: at(label), image: at(image), id: at(id), vector: at(vector) },
    map: (map ?? []).flatMap((name) => at(name) ?? []),
  });
  try {
    const { columns, items } = await decide(dataset, source, path, root);
    return { used: roles(columns), items, problem: null };
  } catch (error) {
    if (!(error instanceof LensError)) throw error;
    const { coordinates, ...guess } = dataset.roles;
    const ready = guess.vector !== null || coordinates !== null;
    return { used: roles({ ...guess, map: coordinates }), items: ready ? "vector" : "text", problem: error.message };
  }
}
