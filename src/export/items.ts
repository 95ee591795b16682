import type { ItemColumns, ResultItem } from "../protocol/result";

/** The id of an item: its own, else its path with its line or row ("notes.txt:12"). */
export function itemId(items: ItemColumns, index: number): string {
  const own = items.ids?.[index];
  if (own !== undefined) return own;
  const path = itemPath(items, index);
  return items.placeKind === "none" ? path : `${path}:${items.place[index]!}`;
}

export const itemPath = (items: ItemColumns, index: number): string => items.paths[items.path[index]!] ?? "";

/** Null when the item has no label. */
export function itemLabel(items: ItemColumns, index: number): string | null {
  return items.labels[items.label[index] ?? -1] ?? null;
}

/** One item as it stands in a file. */
export function resultItem(items: ItemColumns, index: number, text: string | undefined): ResultItem {
  return {
    id: itemId(items, index),
    label: itemLabel(items, index),
    path: itemPath(items, index),
    ...placeField(items.placeKind, items.place[index]),
    ...(text === undefined ? {} : { text }),
  };
}

/** `{ line }` or `{ row }`, or nothing when the item is a whole file. */
export function placeField(
  kind: ItemColumns["placeKind"],
  place: number | undefined,
): { line?: number } | { row?: number } {
  if (place === undefined || kind === "none") return {};
  return kind === "row" ? { row: place } : { line: place };
}
