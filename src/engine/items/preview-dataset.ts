import { LensError } from "../../protocol/errors";
import type { Source } from "../../protocol/recipe";
import { NO_ROLES, type TablePreview } from "../../protocol/table";
import { chooseTableColumns } from "../tables/choose";
import { openDataset, type Dataset } from "../tables/dataset";
import { cellText } from "../tables/table";
import { CELL_LIMIT } from "./limits";
import type { FoundFile } from "./walk";

/**
 * The start of a table that `loadTableItems` reads: any format, with the columns of the files beside it. Number columns that make up
 * a vector are one column.
 * @param rows at most
 * @throws LensError "source" when it is unreadable
 */
export async function previewDataset(
  file: FoundFile,
  source: Source,
  rows: number,
  signal: AbortSignal,
): Promise<TablePreview> {
  const options = { path: file.path, header: source.header, part: source.part, text: file.text };
  const dataset = await openDataset(file.file, options, { signal });
  try {
    const members = new Set(dataset.table.columns.flatMap(({ of = [] }) => of));
    const columns = dataset.table.columns
      .filter(({ name }) => !members.has(name))
      .slice(0, dataset.head.columns.length);
    const { columns: cells } = dataset.head;
    const count = Math.min(rows, ...cells.map((data) => data.values.length / (data.type === "vector" ? data.dims : 1)));
    return {
      path: file.path,
      columns: columns.map(({ name, type }) => ({ name, kind: type })),
      // The names of these tables are distinct and stay what they are.
      header: true,
      headerOpen: false,
      ...used(dataset, columns, source, file.path),
      rows: Array.from({ length: count }, (_, at) =>
        cells.map((data) => (cellText(data, at) ?? "").slice(0, CELL_LIMIT)),
      ),
    };
  } finally {
    await dataset.table.close();
  }
}

/** The columns of a run; the guess and the reason when there can be no run. */
function used(
  dataset: Dataset,
  columns: readonly { name: string }[],
  source: Source,
  path: string,
): Pick<TablePreview, "used" | "problem"> {
  const at = (wanted: string | null): number | null => {
    const found = columns.findIndex(({ name }) => name === wanted);
    return found === -1 ? null : found;
  };
  try {
    const { text, label } = chooseTableColumns(dataset, source.columns, path);
    return { used: { ...NO_ROLES, text: at(text), label: at(label) }, problem: null };
  } catch (error) {
    if (!(error instanceof LensError)) throw error;
    const { text, label } = dataset.roles;
    return { used: { ...NO_ROLES, text: at(text), label: at(label) }, problem: error.message };
  }
}
