import { LensError } from "../../protocol/errors";

/**
 * The columns that are asked for by name.
 * @throws LensError "source" for a name that is not there
 */
export function chosenColumns<T>(
  all: readonly T[],
  names: readonly string[],
  nameOf: (column: T) => string,
  path: string,
): T[] {
  return names.map((name) => {
    const found = all.find((column) => nameOf(column) === name);
    if (found) return found;
    const some = all.slice(0, 12).map((column) => `“${nameOf(column)}”`);
    throw new LensError(
      "source",
      `${path} has no column “${name}”. Its columns: ${some.join(", ")}${all.length > 12 ? ", …" : ""}.`,
    );
  });
}

/** Rows 0 to count − 1. */
export const firstRows = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);

/** @throws RangeError when rows are not ascending or beyond the table: a fault of the caller */
export function checkRows(rows: Int32Array, count: number): void {
  for (let i = 0; i < rows.length; i++) {
    if (rows[i]! < 0 || rows[i]! >= count || (i > 0 && rows[i]! <= rows[i - 1]!)) {
      throw new RangeError(`row ${rows[i]!} of ${count}`);
    }
  }
}

/** Names made distinct: a second "a" becomes "a_2", an empty name "column_3". */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set(names.filter((name) => name.trim() !== ""));
  const used = new Set<string>();
  return names.map((raw, i) => {
    const name = raw.trim() === "" ? `column_${i + 1}` : raw;
    let distinct = name;
    for (let n = 2; used.has(distinct) || (n > 2 && taken.has(distinct)); n++) distinct = `${name}_${n}`;
    used.add(distinct);
    return distinct;
  });
}
