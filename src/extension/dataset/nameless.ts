import type { Recipe } from "../../protocol/recipe";
import type { RunResult } from "../../protocol/result";

/** Whether nothing is known of vectors but their numbers, and nobody has said yet what to do about it. */
export function isNameless({ source }: Recipe, { items, columns, given }: RunResult): boolean {
  if (items.kind !== "vector" || given || source.texts !== undefined) return false;
  return !columns?.text && items.labels.length === 0 && items.ids === null && !items.meta?.length;
}
