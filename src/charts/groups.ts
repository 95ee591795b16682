import type { RunResult } from "../protocol/result";
import { coloring, type Category } from "./coloring";
import { fieldOf } from "./fields";
import type { HeatmapOrder } from "./order";

/** Neighbouring rows and columns of one label or cluster: `from` up to, without, `to`. */
export interface Group {
  name: string;
  from: number;
  to: number;
  /** Index into the categories: the group's colour. */
  category: number;
  /** Items of the result that belong to it: above `to - from` when a sample is drawn. */
  size: number;
}

/** What stands together in a heatmap, in the colours that the map's legend has for it. */
export interface Groups {
  /** What they are groups by. */
  colorTitle: string;
  categories: Category[];
  /** All rows, in their order. */
  runs: Group[];
}

/**
 * The groups of a heatmap that is ordered by label or by cluster; null for other orders, and where there are no labels or clusters.
 * @param index which item of the result each row is
 * @param kept (count) 0 for the items that a filter leaves out; null for none
 */
export function heatmapGroups(
  result: RunResult,
  index: Int32Array,
  order: HeatmapOrder,
  kept: Uint8Array | null = null,
): Groups | null {
  if (order !== "label" && order !== "cluster") return null;
  const field = fieldOf(result, order);
  if (field?.kind !== "category") return null;
  const { values, code, none, title } = field;
  const { column, categories } = coloring(result, order, kept);
  const sizes = new Map<number, number>();
  code.forEach((one, item) => kept?.[item] !== 0 && sizes.set(one, (sizes.get(one) ?? 0) + 1));
  const runs: Group[] = [];
  index.forEach((item, at) => {
    const own = code[item]!;
    const last = runs.at(-1);
    if (last && code[index[at - 1]!] === own) last.to = at + 1;
    else {
      const name = values[own] ?? none.name;
      runs.push({ name, from: at, to: at + 1, category: column[item]!, size: sizes.get(own)! });
    }
  });
  return { colorTitle: title, categories, runs };
}

/** The group of a row. */
export const groupAt = (groups: Groups, row: number): Group | undefined =>
  groups.runs.find(({ from, to }) => row >= from && row < to);
