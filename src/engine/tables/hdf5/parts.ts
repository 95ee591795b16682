import { attribute, type H5Dataset, type H5Group, type Library } from "./library";

/** A table in an HDF5 file. */
export type Part =
  | { kind: "pandas fixed" | "pandas table"; path: string; group: H5Group; rows: number }
  | { kind: "data sets"; path: string; columns: PartColumn[]; rows: number; left: string[] };

export interface PartColumn {
  name: string;
  dataset: H5Dataset;
  /** Whether rows are the second dimension. */
  transposed: boolean;
}

const MOST_GROUPS = 1_000;

/** The tables of a file: frames of pandas, and groups whose data sets have rows in common. Links to other files are not followed. */
export function partsOf(library: Library, root: H5Group): Part[] {
  const parts: Part[] = [];
  const seen = new Set<string>();
  const visit = (group: H5Group, path: string): void => {
    if (seen.has(path) || seen.size > MOST_GROUPS) return;
    seen.add(path);
    const pandas = attribute(group, "pandas_type");
    if (pandas !== null) {
      const part = pandasPart(library, group, path, pandas);
      if (part) parts.push(part);
      return;
    }
    const datasets: [string, H5Dataset][] = [];
    for (const name of group.keys()) {
      if (name.startsWith("_i_")) continue;
      const entity = group.get(name);
      if (entity instanceof library.Dataset) datasets.push([name, entity]);
      else if (entity instanceof library.Group) visit(entity, `${path === "/" ? "" : path}/${name}`);
    }
    const part = datasetPart(path, datasets);
    if (part) parts.push(part);
  };
  visit(root, "/");
  return parts;
}

function pandasPart(library: Library, group: H5Group, path: string, type: string): Part | null {
  if (type === "frame_table") {
    const table = group.get("table");
    return table instanceof library.Dataset ? { kind: "pandas table", path, group, rows: table.shape?.[0] ?? 0 } : null;
  }
  if (type !== "frame") return null;
  const axis = group.get("axis1");
  return axis instanceof library.Dataset ? { kind: "pandas fixed", path, group, rows: axis.shape?.[0] ?? 0 } : null;
}

function datasetPart(path: string, datasets: readonly [string, H5Dataset][]): Part | null {
  const usable = datasets.filter(([, { shape }]) => shape !== null && shape.length > 0 && shape.every((n) => n > 0));
  if (usable.length === 0) return null;
  const rows = rowsOf(usable.map(([, { shape }]) => shape!));
  const columns: PartColumn[] = [];
  const left: string[] = [];
  for (const [name, dataset] of usable) {
    const shape = dataset.shape!;
    if (shape[0] === rows) columns.push({ name, dataset, transposed: false });
    else if (shape.length === 2 && shape[1] === rows) columns.push({ name, dataset, transposed: true });
    else left.push(name);
  }
  return { kind: "data sets", path, columns, rows, left };
}

/** The number of rows: of the lists of single values, as most of them have; without such lists the first dimension of the largest. */
function rowsOf(shapes: readonly number[][]): number {
  const votes = new Map<number, number>();
  for (const [length = 0] of shapes.filter(({ length }) => length === 1))
    votes.set(length, (votes.get(length) ?? 0) + 1);
  const fits = (rows: number): number =>
    shapes.filter((shape) => shape[0] === rows || (shape.length === 2 && shape[1] === rows)).length;
  const best = [...votes.keys()].sort((a, b) => fits(b) - fits(a) || b - a)[0];
  if (best !== undefined && best > 1) return best;
  const size = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);
  return [...shapes].sort((a, b) => size(b) - size(a))[0]?.[0] ?? 0;
}
