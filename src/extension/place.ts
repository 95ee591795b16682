import type { ItemColumns } from "../protocol/result";

/** "line 12", "row 3", or "" for an item that is a whole file. */
export function placeOf(items: ItemColumns, index: number): string {
  const place = items.place[index] ?? 0;
  return items.placeKind === "none" || place === 0 ? "" : `${items.placeKind} ${place}`;
}
