import { META_LENGTH, type ItemColumns, type MetaColumn, type RunResult } from "../protocol/result";

/** A column of the dataset as it is written: under a name of its own, with its values. */
export type DatasetColumn = Exclude<MetaColumn, { kind: "text" }>;

/**
 * Whether a result carries less of its dataset's columns than a file shall have: long texts, values beyond those that are counted, paths
 * of pictures. They are to be read (`engine.columns`) and put in their place by `withColumns`.
 */
export function lacksColumns({ items: { placeKind, meta = [] }, columns }: RunResult): boolean {
  return placeKind === "row" && (columns?.image !== undefined || meta.some(isCut));
}

function isCut(column: MetaColumn): boolean {
  if (column.kind === "text") return true;
  return "code" in column && (column.code.includes(-2) || column.values.some(({ length }) => length >= META_LENGTH));
}

/** The result with these columns of its dataset, which have a cell for each of its items. */
export const withColumns = (result: RunResult, meta: MetaColumn[]): RunResult => ({
  ...result,
  items: { ...result.items, meta },
});

/**
 * The columns of the dataset that a file has beside those of the run.
 * @param taken the names of the run's columns: a "x" of the dataset is then "x_2"
 */
export function datasetColumns({ meta = [] }: ItemColumns, taken: readonly string[] = []): DatasetColumn[] {
  const written = meta.filter((column): column is DatasetColumn => column.kind !== "text");
  const used = new Set([...taken, ...written.map(({ name }) => name)].map((name) => name.toLowerCase()));
  const own = new Set(taken.map((name) => name.toLowerCase()));
  return written.map((column) => {
    if (!own.has(column.name.toLowerCase())) return column;
    let n = 2;
    while (used.has(`${column.name}_${n}`.toLowerCase())) n++;
    const name = `${column.name}_${n}`;
    used.add(name.toLowerCase());
    return { ...column, name };
  });
}

/** A cell as it stands in a file: dates as ISO 8601; null where there is none. */
export function datasetCell(column: DatasetColumn, at: number): string | number | boolean | null {
  switch (column.kind) {
    case "category":
      return column.values[column.code[at]!] ?? null;
    case "boolean":
      return column.code[at]! < 0 ? null : column.code[at] === 1;
    case "number":
    case "date": {
      const value = column.value[at]!;
      if (Number.isNaN(value)) return null;
      return column.kind === "date" ? isoDate(value) : value;
    }
  }
}

/** A day, or a moment; milliseconds beyond what a date can hold. */
export const isoDate = (ms: number): string =>
  Math.abs(ms) > 8.64e15 ? String(ms) : new Date(ms).toISOString().replace(/T00:00:00\.000Z$/, "");
