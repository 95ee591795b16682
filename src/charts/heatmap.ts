import type { Axis, Legend, Mark, Scale, Signal, Spec, Title } from "vega";
import type { HeatmapData } from "./data";
import { groupMarks, groupScale, groupSignal, groupValues } from "./group-marks";
import { BELOW, heatmapBounds, heatmapLayout, type HeatmapLayout } from "./heatmap-layout";
import { DIVERGING } from "./palette";
import { heatmapRange } from "./pixels";
import { chartConfig, type ChartTheme } from "./theme";
import { BOLD, fitText, textWidth } from "./text";
import type { Viewport } from "./viewport";

/**
 * The picture of the cells, one pixel a cell: a data URL, or an object that a canvas can draw as it is (a canvas element).
 * Vega's `toSVG` without a browser takes `{ src, width, height }` with a data URL in `src`.
 */
export type HeatmapImage = string | object;

export interface HeatmapOptions {
  theme: ChartTheme;
  /** Pixels of the whole picture, title, labels and colour bar included. */
  width: number;
  height: number;
  image: HeatmapImage;
  /** The values that the colours of `image` span; absent: `heatmapRange(data)`. */
  range?: readonly [number, number];
  /** In cells from the first row and column; absent: everything. */
  viewport?: Viewport;
  /** Rows and columns that stand out. */
  selected?: readonly number[];
}

/** Names inside the spec that code around a view may set. */
export const HEATMAP_SIGNALS = { x: "xdom", y: "ydom" } as const;
export const HEATMAP_DATA = { selected: "selected", hovered: "hovered", groups: "groups" } as const;

/**
 * A similarity heatmap as one image with its lines as row and column labels: as many as fit, more when zoomed in.
 * The labels stand in data values, never in an expression.
 */
export function heatmapSpec(data: HeatmapData, options: HeatmapOptions): Spec {
  const { theme } = options;
  const n = data.index.length;
  const layout = heatmapLayout(data, options);
  const { padding, width, height, barBelow } = layout;
  const { groups } = data;
  const range = options.range ?? heatmapRange(data);
  return {
    $schema: "https://vega.github.io/schema/vega/v6.json",
    background: theme.background,
    autosize: "none",
    padding,
    width,
    height,
    config: chartConfig(theme),
    ...(data.title ? { title: title(data.title, layout, theme) } : {}),
    signals: [...signals(options.viewport ?? heatmapBounds(n), theme), ...(groups ? [groupSignal(groups, n)] : [])],
    data: [
      { name: "labels", values: labels(data.labels, layout, theme) },
      {
        name: "image",
        values: [typeof options.image === "string" ? { n, url: options.image } : { n, image: options.image }],
      },
      { name: HEATMAP_DATA.selected, values: selectedRuns(options.selected ?? []) },
      { name: HEATMAP_DATA.hovered, values: [] },
      ...(groups ? [{ name: HEATMAP_DATA.groups, values: groupValues(groups, theme) }] : []),
    ],
    scales: [...scales(range), ...(groups ? [groupScale(groups, theme)] : [])],
    axes: [labelAxis("bottom", BELOW), labelAxis("left", layout.groups)],
    legends: [colorBar(height, theme, barBelow)],
    marks: [
      imageMark(typeof options.image === "string"),
      ...(groups ? groupMarks(theme) : []),
      ...bandMarks(theme),
      cellMark(theme),
    ],
  };
}

/** Above the cells, wherever what stands between ends; one that is too long begins further left. */
function title(text: string, { width, padding }: HeatmapLayout, { fontSize }: ChartTheme): Title {
  const size = BOLD * (fontSize + 2);
  const room = width + padding.right - EDGE;
  const left = Math.max(0, Math.min(padding.left - EDGE, Math.ceil(textWidth(text, size)) - room));
  return {
    text: fitText(text, room + left, size),
    orient: "none",
    baseline: "top",
    encode: { group: { update: { x: { value: -left }, y: { value: EDGE - padding.top } } } },
  };
}

/** Pixels that a title keeps from the sides of the picture. */
const EDGE = 8;

/** Every item as its row and its column have room for it. */
function labels(
  texts: readonly string[],
  { rowLabels, columnLabels }: HeatmapLayout,
  { fontSize }: ChartTheme,
): object[] {
  return texts.map((text) => ({
    left: fitText(text, rowLabels - 6, fontSize - 1),
    bottom: fitText(text, columnLabels - 6, fontSize - 1),
  }));
}

function signals(viewport: Viewport, theme: ChartTheme): Signal[] {
  return [
    { name: HEATMAP_SIGNALS.x, value: viewport.x },
    { name: HEATMAP_SIGNALS.y, value: viewport.y },
    { name: "cell", update: "width / (xdom[1] - xdom[0])" },
    { name: "letters", update: `clamp(cell - 2, 9, ${theme.fontSize - 1})` },
    { name: "step", update: "max(1, ceil((letters + 2) / cell))" },
  ];
}

/** The middles of every `step`-th cell in view. */
const ticks = (domain: string) =>
  `sequence(ceil((${domain}[0] - 0.5) / step) * step + 0.5, ${domain}[1] + 0.001, step)`;

function scales(range: readonly [number, number]): Scale[] {
  const last = DIVERGING.length - 1;
  return [
    { name: "x", type: "linear", domain: { signal: HEATMAP_SIGNALS.x }, range: "width", zero: false, nice: false },
    {
      name: "y",
      type: "linear",
      domain: { signal: HEATMAP_SIGNALS.y },
      range: [0, { signal: "height" }],
      zero: false,
      nice: false,
    },
    {
      name: "heat",
      type: "linear",
      zero: false,
      domain: DIVERGING.map((_, i) => range[0] * (1 - i / last) + (range[1] * i) / last),
      range: [...DIVERGING],
    },
  ];
}

/** @param offset pixels from the cells */
function labelAxis(orient: "bottom" | "left", offset: number): Axis {
  const across = orient === "bottom";
  return {
    scale: across ? "x" : "y",
    orient,
    domain: false,
    ticks: false,
    offset,
    labelPadding: across ? 0 : 4,
    values: { signal: ticks(across ? HEATMAP_SIGNALS.x : HEATMAP_SIGNALS.y) },
    labelLimit: 0,
    labelFontSize: { signal: "letters" },
    ...(across ? { labelAngle: -90, labelAlign: "right" as const, labelBaseline: "middle" as const } : {}),
    encode: { labels: { update: { text: { signal: `data('labels')[floor(datum.value)].${orient}` } } } },
  };
}

function colorBar(side: number, theme: ChartTheme, below: boolean): Legend {
  return {
    fill: "heat",
    type: "gradient",
    title: "Similarity",
    orient: below ? "bottom" : "right",
    direction: below ? "horizontal" : "vertical",
    offset: below ? 8 : 14,
    gradientLength: Math.min(220, below ? side : side - 24),
    gradientThickness: below ? 10 : 14,
    labelFontSize: theme.fontSize - 1,
    format: ".2~f",
    tickCount: 5,
  };
}

function imageMark(byUrl: boolean): Mark {
  return {
    type: "image",
    name: "cells",
    from: { data: "image" },
    clip: true,
    interactive: false,
    encode: {
      enter: {
        ...(byUrl ? { url: { field: "url" } } : { image: { field: "image" } }),
        aspect: { value: false },
        smooth: { value: false },
      },
      update: {
        x: { scale: "x", value: 0 },
        y: { scale: "y", value: 0 },
        width: { signal: "scale('x', datum.n) - scale('x', 0)" },
        height: { signal: "scale('y', datum.n) - scale('y', 0)" },
      },
    },
  };
}

/** Rows and columns that are selected and lie together: `from` up to, without, `to`. */
interface Run {
  from: number;
  to: number;
  /** Lines around the rows and columns; many of them would hide what they are about. */
  lined: boolean;
}

const MOST_LINED = 6;

/** What the chart's data of selected rows hold. */
export function selectedRuns(positions: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (const at of [...positions].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && at <= last.to) last.to = Math.max(last.to, at + 1);
    else runs.push({ from: at, to: at + 1, lined: false });
  }
  const lined = runs.length <= MOST_LINED;
  return runs.map((run) => ({ ...run, lined }));
}

/** The selected rows and columns: bars right of the cells and below them, and lines around few of them. No cell is covered. */
function bandMarks(theme: ChartTheme): Mark[] {
  return (["y", "x"] as const).flatMap((scale): Mark[] => {
    const end = `${scale}2`;
    const [across, length] = scale === "y" ? ["x", "width"] : ["y", "height"];
    const along = scale === "y" ? "height" : "width";
    const domain = HEATMAP_SIGNALS[scale];
    const edge = (at: "from" | "to"): string => `clamp(scale('${scale}', datum.${at}), 0, ${along})`;
    const inView = `datum.to > ${domain}[0] && datum.from < ${domain}[1]`;
    const name = scale === "y" ? "rows" : "columns";
    // Around what is thinner than two pixels there is no frame: one line stands for it, and covers no more than it must.
    const [from, to] = [`scale('${scale}', datum.from)`, `scale('${scale}', datum.to)`];
    const side = (frame: string): string => `${to} - ${from} < 2 ? floor((${from} + ${to}) / 2) : ${frame}`;
    const line = theme.shade === "dark" ? "#000000" : theme.accent;
    return [
      {
        type: "rect",
        name: `${name}Lines`,
        from: { data: HEATMAP_DATA.selected },
        clip: true,
        interactive: false,
        encode: {
          enter: { fill: { value: "transparent" }, stroke: { value: line }, strokeWidth: { value: 1 } },
          update: {
            strokeOpacity: { signal: "datum.lined ? 1 : 0" },
            [across]: { value: -1 },
            [`${across}2`]: { signal: `${length} + 1` },
            [scale]: { signal: side(`${from} - 0.5`) },
            [end]: { signal: side(`${to} + 0.5`) },
          },
        },
      },
      {
        type: "rect",
        name,
        from: { data: HEATMAP_DATA.selected },
        interactive: false,
        encode: {
          enter: { fill: { value: theme.accent } },
          update: {
            [across]: { signal: `${length} + 3` },
            [`${across}2`]: { signal: `${length} + 8` },
            [scale]: { signal: edge("from") },
            [end]: { signal: `${inView} ? max(${edge("to")}, ${edge("from")} + 2) : ${edge("to")}` },
          },
        },
      },
    ];
  });
}

function cellMark(theme: ChartTheme): Mark {
  return {
    type: "rect",
    name: "hoveredMarks",
    from: { data: HEATMAP_DATA.hovered },
    clip: true,
    interactive: false,
    encode: {
      enter: {
        fill: { value: "transparent" },
        stroke: { value: theme.shade === "dark" ? "#000000" : "#222222" },
        strokeWidth: { value: 1.5 },
      },
      update: {
        x: { scale: "x", field: "col" },
        x2: { scale: "x", signal: "datum.col + 1" },
        y: { scale: "y", field: "row" },
        y2: { scale: "y", signal: "datum.row + 1" },
      },
    },
  };
}
