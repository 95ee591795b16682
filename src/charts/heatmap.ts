import type { Axis, Legend, Mark, Scale, Signal, Spec } from "vega";
import type { HeatmapData } from "./data";
import { DIVERGING } from "./palette";
import { heatmapRange } from "./pixels";
import { chartConfig, type ChartTheme } from "./theme";
import { fitText, textWidth } from "./text";
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
export const HEATMAP_DATA = { selected: "selected", hovered: "hovered" } as const;

/** Pixels of the colour bar below the column labels. */
const BAR_BELOW = 56;
/** Pixels right of the cells when nothing stands there. */
const RIM = 14;

/** Where the square of cells lies in the picture; in a high and narrow one the colour bar goes below. */
export function heatmapLayout(
  data: Pick<HeatmapData, "labels" | "title">,
  { width, height, theme }: Pick<HeatmapOptions, "width" | "height" | "theme">,
) {
  const longest = data.labels.reduce((most, label) => Math.max(most, textWidth(label, theme.fontSize - 1)), 0);
  const labels = Math.max(24, Math.min(Math.ceil(longest) + 8, 240, Math.round(Math.min(width, height) * 0.3)));
  const top = data.title ? 36 : 12;
  const barBeside = Math.ceil(textWidth("Similarity", theme.fontSize) * 1.1) + 18;
  const sideWith = (right: number, bottom: number): number =>
    Math.max(40, Math.floor(Math.min(width - labels - right, height - labels - bottom - top)));
  const barBelow = sideWith(RIM, BAR_BELOW) > sideWith(barBeside, 0);
  const beside = barBelow ? RIM : barBeside;
  const side = barBelow ? sideWith(RIM, BAR_BELOW) : sideWith(barBeside, 0);
  const spare = Math.max(0, width - labels - beside - side);
  const left = Math.floor(spare / 2);
  return {
    labels,
    barBelow,
    beside,
    padding: { top, left: labels + left, bottom: height - top - side, right: beside + spare - left },
    width: side,
    height: side,
  };
}

/** Everything, in cells. */
export const heatmapBounds = (n: number): Viewport => ({ x: [0, n], y: [0, n] });

/**
 * A similarity heatmap as one image with its lines as row and column labels: as many as fit, more when zoomed in.
 * The labels stand in data values, never in an expression.
 */
export function heatmapSpec(data: HeatmapData, options: HeatmapOptions): Spec {
  const { theme } = options;
  const n = data.index.length;
  const { padding, width, height, labels, barBelow, beside } = heatmapLayout(data, options);
  const range = options.range ?? heatmapRange(data);
  return {
    $schema: "https://vega.github.io/schema/vega/v6.json",
    background: theme.background,
    autosize: "none",
    padding,
    width,
    height,
    config: chartConfig(theme),
    ...(data.title
      ? { title: { text: fitText(data.title, width + beside, theme.fontSize + 2), frame: "group" as const } }
      : {}),
    signals: signals(options.viewport ?? heatmapBounds(n), theme),
    data: [
      { name: "labels", values: data.labels.map((text) => ({ text: fitText(text, labels - 6, theme.fontSize - 1) })) },
      {
        name: "image",
        values: [typeof options.image === "string" ? { n, url: options.image } : { n, image: options.image }],
      },
      { name: HEATMAP_DATA.selected, values: selectedRuns(options.selected ?? []) },
      { name: HEATMAP_DATA.hovered, values: [] },
    ],
    scales: scales(range),
    axes: [labelAxis("bottom"), labelAxis("left")],
    legends: [colorBar(height, theme, barBelow)],
    marks: [imageMark(typeof options.image === "string"), ...bandMarks(theme), cellMark(theme)],
  };
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

function labelAxis(orient: "bottom" | "left"): Axis {
  const across = orient === "bottom";
  return {
    scale: across ? "x" : "y",
    orient,
    domain: false,
    ticks: false,
    labelPadding: 4,
    values: { signal: ticks(across ? HEATMAP_SIGNALS.x : HEATMAP_SIGNALS.y) },
    labelLimit: 0,
    labelFontSize: { signal: "letters" },
    ...(across ? { labelAngle: -90, labelAlign: "right" as const, labelBaseline: "middle" as const } : {}),
    encode: { labels: { update: { text: { signal: "data('labels')[floor(datum.value)].text" } } } },
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

/** The selected rows and columns: bars beside and above the cells, and lines around few of them. No cell is covered. */
function bandMarks(theme: ChartTheme): Mark[] {
  return (["y", "x"] as const).flatMap((scale): Mark[] => {
    const end = `${scale}2`;
    const [across, length] = scale === "y" ? ["x", "width"] : ["y", "height"];
    const along = scale === "y" ? "height" : "width";
    const domain = HEATMAP_SIGNALS[scale];
    const edge = (at: "from" | "to"): string => `clamp(scale('${scale}', datum.${at}), 0, ${along})`;
    const inView = `datum.to > ${domain}[0] && datum.from < ${domain}[1]`;
    const name = scale === "y" ? "rows" : "columns";
    const bar = scale === "y" ? [{ signal: "width + 3" }, { signal: "width + 8" }] : [{ value: -8 }, { value: -3 }];
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
            [scale]: { signal: `scale('${scale}', datum.from) - 0.5` },
            [end]: { signal: `scale('${scale}', datum.to) + 0.5` },
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
            [across]: bar[0]!,
            [`${across}2`]: bar[1]!,
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
