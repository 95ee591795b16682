import { LensError } from "../../../protocol/errors";
import type { Cell } from "../cells";
import { readPickle } from "../pickle/reader";
import { PickleRefused } from "../pickle/values";
import { attribute, type H5Dataset, type H5Group, type Library } from "./library";
import { timeOf } from "./pandas-fixed";

/** Where a column of the frame is within the rows of the table. */
export interface TableField {
  name: string;
  /** Position of the field in a row. */
  field: number;
  /** Position in the field, null when it holds one value. */
  inner: number | null;
  isTime: boolean;
}

/** The data set and the columns, in the frame's order, of a frame in pandas' "table" format. @throws LensError "source" */
export function tableFields(
  library: Library,
  group: H5Group,
  path: string,
): { dataset: H5Dataset; fields: TableField[] } {
  const dataset = group.get("table");
  if (!(dataset instanceof library.Dataset)) throw new LensError("source", `${path} holds a frame without its table.`);
  const members = dataset.metadata.compound_type?.members ?? [];
  const found: TableField[] = [];
  members.forEach(({ name }, field) => {
    if (name === "index") return;
    const isTime = attribute(dataset, `${name}_dtype`)?.startsWith("datetime64") ?? false;
    const names = pickledTexts(path, attribute(dataset, `${name}_kind`));
    const isBlock = name.startsWith("values_block_");
    if (!isBlock || names.length === 0) found.push({ name: names[0] ?? name, field, inner: null, isTime });
    else
      names.forEach((column, inner) =>
        found.push({ name: column, field, inner: members[field]!.array_type ? inner : null, isTime }),
      );
  });
  const order = frameOrder(path, group);
  const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return { dataset, fields: found.sort((a, b) => place(a.name) - place(b.name)) };
}

/** The cell of a column in one row of the table. */
export function tableCell(row: unknown, { field, inner, isTime }: TableField): Cell {
  const value = Array.isArray(row) ? (row as unknown[])[field] : undefined;
  const one =
    inner === null || value === null || typeof value !== "object" ? value : (value as ArrayLike<unknown>)[inner];
  if (isTime) return timeOf(one);
  return one === "nan" ? null : one;
}

/** The columns as the frame had them: `non_index_axes` is a list of pairs (axis, names). */
function frameOrder(path: string, group: H5Group): string[] {
  const axes = unpickled(path, attribute(group, "non_index_axes"));
  const pair: unknown = Array.isArray(axes) ? axes[0] : null;
  const names: unknown = Array.isArray(pair) ? pair[1] : null;
  return Array.isArray(names) ? names.map(String) : [];
}

function pickledTexts(path: string, text: string | null): string[] {
  const value = unpickled(path, text);
  return Array.isArray(value) ? value.map(String) : [];
}

function unpickled(path: string, text: string | null): unknown {
  if (text === null || !/^[(\x80]/.test(text)) return null;
  try {
    return readPickle(Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff));
  } catch (error) {
    if (!(error instanceof PickleRefused)) throw error;
    throw new LensError(
      "source",
      `${path}: the names of its columns are a pickle that was not opened: ${error.message}.`,
      { cause: error },
    );
  }
}
