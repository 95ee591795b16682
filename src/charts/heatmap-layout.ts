import type { HeatmapData } from "./data";
import { groupRoom } from "./group-marks";
import { BOLD, textWidth } from "./text";
import type { ChartTheme } from "./theme";
import type { Size, Viewport } from "./viewport";

/** Pixels of the colour bar below the column labels. */
const BAR_BELOW = 56;
/** Pixels right of the cells when nothing stands there. */
const RIM = 14;
/** Pixels between the cells and the column labels, for the bars of selected columns. */
export const BELOW = 10;

/**
 * Where the square of cells lies in the picture; in a high and narrow one the colour bar goes below. The labels of rows and of columns
 * get what the square leaves them.
 */
export function heatmapLayout(
  data: Pick<HeatmapData, "labels" | "title" | "groups">,
  { width, height, theme }: Size & { theme: ChartTheme },
) {
  const words = data.labels.reduce((most, label) => Math.max(most, textWidth(label, theme.fontSize - 1)), 0);
  const longest = Math.max(24, Math.ceil(words) + 8);
  const least = (share: number): number =>
    Math.min(longest, 240, Math.max(24, Math.round(Math.min(width, height) * share)));
  // Columns are read with the head on a side: where one of the two has to be short, it is they.
  const [rows, columns] = [least(0.3), least(0.2)];
  const groups = data.groups ? groupRoom(theme) : 0;
  const top = (data.title ? 36 : 12) + groups;
  const barBeside = Math.ceil(BOLD * textWidth("Similarity", theme.fontSize)) + 18;
  const room = (right: number, bottom: number): [number, number] => [
    width - rows - groups - right,
    height - columns - BELOW - bottom - top,
  ];
  const sideOf = ([across, down]: [number, number]): number => Math.max(40, Math.floor(Math.min(across, down)));
  const [below, beside] = [room(RIM, BAR_BELOW), room(barBeside, 0)];
  const barBelow = sideOf(below) > sideOf(beside);
  const side = sideOf(barBelow ? below : beside);
  const spare = (barBelow ? below : beside).map((all) => Math.max(0, all - side));
  const rowLabels = Math.min(longest, rows + spare[0]!);
  const left = Math.floor((spare[0]! - (rowLabels - rows)) / 2);
  const before = rowLabels + groups + left;
  return {
    rowLabels,
    columnLabels: Math.min(longest, columns + spare[1]!),
    barBelow,
    /** Pixels of the bands of groups and their names; 0 without groups. */
    groups,
    padding: { top, left: before, bottom: height - top - side, right: width - before - side },
    width: side,
    height: side,
  };
}

export type HeatmapLayout = ReturnType<typeof heatmapLayout>;

/** Everything, in cells. */
export const heatmapBounds = (n: number): Viewport => ({ x: [0, n], y: [0, n] });

/** What is at a place: a cell, the label of a row or column, or the band of their groups. For the last three row and column are one. */
export interface CellsAt {
  row: number;
  col: number;
  on: "cell" | "row" | "column" | "group";
}

/**
 * @param at pixels from the left top corner of the cells
 * @param n rows
 */
export function cellsAt(
  at: { x: number; y: number },
  view: Viewport,
  { width, height, groups }: Pick<HeatmapLayout, "width" | "height" | "groups">,
  n: number,
): CellsAt | null {
  const col = Math.floor(view.x[0] + (at.x / width) * (view.x[1] - view.x[0]));
  const row = Math.floor(view.y[0] + (at.y / height) * (view.y[1] - view.y[0]));
  const inX = at.x >= 0 && at.x < width && col >= 0 && col < n;
  const inY = at.y >= 0 && at.y < height && row >= 0 && row < n;
  if (inX && inY) return { row, col, on: "cell" };
  if (inY && at.x < 0) return { row, col: row, on: at.x >= -groups ? "group" : "row" };
  if (inX && at.y < 0 && at.y >= -groups) return { row: col, col, on: "group" };
  return inX && at.y >= height ? { row: col, col, on: "column" } : null;
}

/** Pixels around the pointer that show the cell under it and those beside it. */
export const cellGap = (view: Viewport, { width }: Size): number =>
  Math.max(24, Math.min(64, (2 * width) / (view.x[1] - view.x[0])));
