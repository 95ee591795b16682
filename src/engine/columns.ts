import type { ItemColumns, MetaColumn } from "../protocol/result";
import type { Embedded } from "./embed-items";
import type { ItemSet } from "./types";

/**
 * The items as columns that can travel: no texts, no files.
 * @param source index of each item among all items of the source, which `meta` has a cell for each of
 */
export function itemColumns({ kind, items, meta }: ItemSet, source: Int32Array): ItemColumns {
  const labels = new Dictionary();
  const paths = new Dictionary();
  const count = items.length;
  const columns: ItemColumns = {
    count,
    kind,
    source,
    ids: items.some(({ id }) => id !== undefined) ? items.map(({ id }, i) => id ?? String(i + 1)) : null,
    labels: labels.words,
    label: new Int32Array(count),
    paths: paths.words,
    path: new Int32Array(count),
    placeKind: items.some(({ row }) => row !== undefined)
      ? "row"
      : items.some(({ line }) => line !== undefined)
        ? "line"
        : "none",
    place: new Int32Array(count),
    line: new Int32Array(count),
    ...(meta && { meta: meta.map((column) => cellsOf(column, source)) }),
  };
  items.forEach((item, i) => {
    columns.label[i] = item.label === null ? -1 : labels.index(item.label);
    columns.path[i] = paths.index(item.path);
    columns.place[i] = item.row ?? item.line ?? 0;
    columns.line[i] = item.line ?? 0;
  });
  return columns;
}

/**
 * The embedded items with the labels, ids and other columns of this run: an earlier one may have taken them from other columns.
 * `meta` and `map` keep the cells of all items of the source.
 */
export const named = ({ items, source }: Embedded, { items: all, columns, meta, map, axes }: ItemSet): ItemSet => ({
  ...items,
  items: Array.from(source, (i) => all[i]!),
  ...(columns && { columns }),
  ...(meta && { meta }),
  ...(map && axes && { map, axes }),
});

/** The cells of some items; the arrays own their buffers. */
export function cellsOf(column: MetaColumn, source: Int32Array): MetaColumn {
  if ("code" in column) return { ...column, code: Int32Array.from(source, (i) => column.code[i]!) };
  return "value" in column ? { ...column, value: Float64Array.from(source, (i) => column.value[i]!) } : column;
}

/** Numbers distinct words in the order of their first use. */
class Dictionary {
  readonly words: string[] = [];
  private readonly known = new Map<string, number>();

  index(word: string): number {
    const known = this.known.get(word);
    if (known !== undefined) return known;
    this.known.set(word, this.words.length);
    return this.words.push(word) - 1;
  }
}
