import type { PanelComparison } from "../protocol/compare";
import type { RunResult } from "../protocol/result";
import { datasetCells, datasetNames, itemCells, itemNames, numberCell } from "./csv";
import { datasetColumns } from "./dataset-columns";

/**
 * What two models see in the items that both have, as CSV like `csvText`, in pieces. Columns: id, label, path, line or row, text; overlap
 * (share of the nearest that both models have), moved (the way from one map to the other, in root mean square radii of the first; empty
 * without maps), rank (1 moved most); x, y[, z] on the first map and x2, y2[, z2] on the second, laid onto the first; a dataset's other
 * columns.
 * @param texts of all items of the result
 * @param selection only these items of the result; absent: all
 */
export function* comparisonCsv(
  result: RunResult,
  comparison: PanelComparison,
  texts: readonly string[] | null,
  selection?: Int32Array,
): Generator<string> {
  const { items, x, y, z } = result;
  const { index, overlap, shift, moved, axes } = comparison;
  const names = ["x", "y", "z"].slice(0, axes.length);
  const head = [...itemNames(items), "overlap", "moved", "rank", ...names, ...names.map((name) => `${name}2`)];
  const others = datasetColumns(items, head);
  yield `${[...head, ...datasetNames(others)].join(",")}\r\n`;
  const rank = new Int32Array(index.length);
  moved.forEach((at, i) => (rank[at] = i + 1));
  const wanted = selection && new Set(selection);
  for (let at = 0; at < index.length; at++) {
    const i = index[at]!;
    if (wanted && !wanted.has(i)) continue;
    const first = [x, y, ...(z ? [z] : [])].slice(0, axes.length).map((axis) => numberCell(axis[i]));
    const cells = [
      ...itemCells(items, i, texts),
      numberCell(overlap[at]),
      numberCell(shift[at]),
      String(rank[at]!),
      ...first,
      ...axes.map((axis) => numberCell(axis[at])),
      ...datasetCells(others, i),
    ];
    yield `${cells.join(",")}\r\n`;
  }
}
