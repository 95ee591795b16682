import type { Encode, Legend, Mark, Scale, Signal, Spec, SymbolEncodeEntry } from "vega";
import type { Category, MapData } from "./data";
import { categoryStyle, greyStyle, rampColor, RAMPS, type CategoryStyle, type Ramp } from "./palette";
import { depthColor } from "./depth";
import { place } from "./place";
import { chartConfig, type ChartTheme } from "./theme";
import { BOLD, fitText, textWidth } from "./text";
import { tieMark, tieValues } from "./ties";
import { fitViewport, type Size, type Viewport } from "./viewport";

export interface MapOptions {
  theme: ChartTheme;
  /** Pixels of the whole picture, title, axes and legend included. */
  width: number;
  height: number;
  /** Draws the legend inside the chart (exports); the panel has its own. */
  legend?: boolean;
  /** False leaves the points to the caller, who draws a crowd faster than Vega. Default true. */
  points?: boolean;
  /** The points as a picture that fills the plot: what Vega takes as an image, a URL of data or pixels with their size. */
  picture?: unknown;
  /** What to show; absent: everything. */
  viewport?: Viewport;
  /** Positions in the columns of the data that wear a ring. */
  selected?: readonly number[];
  /** The category whose points stand out, -1 for none. */
  focus?: number;
}

/** Names inside the spec that code around a view may set. */
export const MAP_SIGNALS = { x: "xdom", y: "ydom", focus: "focus" } as const;
export const MAP_DATA = { points: "points", selected: "selected", hovered: "hovered" } as const;

/** Where the plotting area of a map lies in the picture. */
export function mapLayout(data: MapData, options: Pick<MapOptions, "width" | "height" | "legend" | "theme">) {
  const legend = options.legend && hasLegend(data) ? legendWidth(data, options.theme) : 0;
  const padding = {
    top: data.title ? 36 : 10,
    // Numbers, and the title beside them.
    left: data.ticks ? EXTENT + 2 * options.theme.fontSize + 6 : 28,
    bottom: data.ticks ? 44 : 28,
    right: 12 + legend,
  };
  return {
    padding,
    width: Math.max(40, options.width - padding.left - padding.right),
    height: Math.max(40, options.height - padding.top - padding.bottom),
  };
}

/** Pixels that the numbers of the left axis may take, with their ticks. */
const EXTENT = 44;

const hasLegend = ({ colorTitle, categories }: MapData): boolean => colorTitle !== null && categories.length > 0;

/** How every category looks; grey for what has none. */
export function categoryStyles(categories: readonly Category[], theme: ChartTheme): CategoryStyle[] {
  return categories.map(({ kind, ramp }, i) =>
    ramp
      ? { color: rampColor(ramp.name, ramp.share, theme.shade), shape: "circle" }
      : kind === "named"
        ? categoryStyle(i, theme.shade)
        : greyStyle(theme.shade),
  );
}

/** How the points of every category look; those of a map without categories are of one. */
export const pointStyles = (categories: readonly Category[], theme: ChartTheme): CategoryStyle[] =>
  categories.length > 0 ? categoryStyles(categories, theme) : [categoryStyle(0, theme.shade)];

/** The category of what a filter leaves out, -1 when there is none: it is faint and cannot be pointed at. */
export const outCategory = ({ categories }: Pick<MapData, "categories">): number =>
  categories.at(-1)?.kind === "out" ? categories.length - 1 : -1;

/** Whether the colours are a scale, not names. */
export const isScale = (categories: readonly Category[]): boolean => categories[0]?.kind === "step";

/** Ten colours are not enough for this many names. */
const isShaped = (categories: readonly Category[]): boolean =>
  categories.filter(({ kind, ramp }) => kind === "named" && !ramp).length > 10;

/** From this many points on they have no rim, and whoever draws them looks for a fast way. */
export const CROWD = 1_000;

/** The opacity of a category when another one stands out. */
export const FAINT = 0.12;

/** A crowd lets points behind others shine through. */
export const pointOpacity = (count: number): number => (count > CROWD ? 0.75 : 0.95);

/** The area of a point in square pixels: small enough for the crowd, large enough for the eye. */
export function pointArea(count: number): number {
  const area = Math.min(110, Math.max(16, 1300 / Math.sqrt(Math.max(1, count))));
  // 16 square pixels up to 10,000 points, 5 from 100,000 on.
  const crowd = Math.min(1, Math.max(0, Math.log10(Math.max(1, count) / 10_000)));
  return Math.round(10 * (area - 11 * crowd)) / 10;
}

/**
 * A scatter plot of a map. Every text of the data stands in data values or plain title strings, never in an expression.
 * Zoom, pan and hover are set from outside through `MAP_SIGNALS` and `MAP_DATA`; a click on the legend dims the other categories.
 */
export function mapSpec(data: MapData, options: MapOptions): Spec {
  const { theme } = options;
  const { padding, width, height } = mapLayout(data, options);
  const viewport = options.viewport ?? fitViewport(data.x, data.y, { width, height });
  const legend = options.legend === true && hasLegend(data);
  // It stands over the legend too.
  const room = Math.max(width, options.width - padding.left - 12);
  return {
    $schema: "https://vega.github.io/schema/vega/v6.json",
    background: theme.background,
    autosize: "none",
    padding,
    width,
    height,
    config: chartConfig(theme),
    ...(data.title
      ? { title: { text: fitText(data.title, room, BOLD * (theme.fontSize + 2)), frame: "group" as const } }
      : {}),
    signals: signals(viewport, options.focus ?? -1, legend),
    data: [
      { name: MAP_DATA.points, values: options.points === false || options.picture ? [] : points(data, theme) },
      ...(options.picture ? [{ name: "picture", values: [pictureOf(options.picture, { width, height })] }] : []),
      ...(data.ties ? [{ name: "ties", values: tieValues(data) }] : []),
      ...(legend ? [{ name: "categories", values: legendNames(data, theme) }] : []),
      { name: MAP_DATA.selected, values: (options.selected ?? []).map((at) => place(data, at)) },
      { name: MAP_DATA.hovered, values: [] },
    ],
    scales: scales(data, theme),
    ...(data.axes.every((name) => name === "")
      ? {}
      : { axes: [axis(data, "bottom", { width, height }), axis(data, "left", { width, height })] }),
    ...(legend
      ? { legends: [isScale(data.categories) ? scaleLegend(data, theme) : mapLegend(data, theme, height)] }
      : {}),
    marks: [
      ...(data.ties ? [tieMark(theme)] : []),
      ...(options.picture ? [pictureMark(typeof options.picture === "string")] : []),
      pointMark(data, theme),
      ringMark(data, theme, "hovered"),
      ringMark(data, theme, "selected"),
    ],
  };
}

const pictureOf = (picture: unknown, size: Size): object =>
  typeof picture === "string" ? { ...size, url: picture } : { ...size, image: picture };

function pictureMark(byUrl: boolean): Mark {
  return {
    type: "image",
    name: "pointPicture",
    from: { data: "picture" },
    interactive: false,
    encode: {
      enter: {
        x: { value: 0 },
        y: { value: 0 },
        width: { field: "width" },
        height: { field: "height" },
        aspect: { value: false },
        ...(byUrl ? { url: { field: "url" } } : { image: { field: "image" } }),
      },
    },
  };
}

/** Points with a depth have a colour of their own, "f". */
function points(data: MapData, theme: ChartTheme): object[] {
  const { x, category, depth } = data;
  if (!depth) return Array.from(x, (_, at) => place(data, at));
  const styles = pointStyles(data.categories, theme);
  return Array.from(x, (_, at) => {
    const color = depthColor(styles[category[at]!]!.color, theme.background, depth[at]!);
    return { ...place(data, at), f: `#${color.map((part) => part.toString(16).padStart(2, "0")).join("")}` };
  });
}

function signals(viewport: Viewport, focus: number, legend: boolean): Signal[] {
  const click = {
    events: "@legendSymbols:click, @legendLabels:click",
    update: "focus === datum.value ? -1 : datum.value",
  };
  return [
    { name: MAP_SIGNALS.x, value: viewport.x },
    { name: MAP_SIGNALS.y, value: viewport.y },
    { name: MAP_SIGNALS.focus, value: focus, ...(legend ? { on: [click] } : {}) },
  ];
}

function scales(data: MapData, theme: ChartTheme): Scale[] {
  const styles = categoryStyles(data.categories, theme);
  const domain = styles.map((_, i) => i);
  return [
    { name: "x", type: "linear", domain: { signal: MAP_SIGNALS.x }, range: "width", zero: false, nice: false },
    { name: "y", type: "linear", domain: { signal: MAP_SIGNALS.y }, range: "height", zero: false, nice: false },
    { name: "color", type: "ordinal", domain, range: styles.map((style) => style.color) },
    { name: "shape", type: "ordinal", domain, range: styles.map((style) => style.shape) },
    ...(isScale(data.categories) ? [shareScale(data.categories[0]!.ramp!.name, theme)] : []),
  ];
}

function shareScale(ramp: Ramp, { shade }: ChartTheme): Scale {
  const range = [...RAMPS[ramp][shade]];
  return { name: "share", type: "linear", domain: range.map((_, i) => i / (range.length - 1)), range };
}

function axis(data: MapData, orient: "bottom" | "left", { width, height }: Size): NonNullable<Spec["axes"]>[number] {
  const across = orient === "bottom";
  return {
    scale: across ? "x" : "y",
    orient,
    title: data.axes[across ? 0 : 1],
    titlePadding: data.ticks ? 6 : 8,
    labels: data.ticks,
    ticks: data.ticks,
    grid: data.ticks,
    gridOpacity: 0.35,
    labelFlush: true,
    ...(data.ticks && !across ? { maxExtent: EXTENT, labelLimit: EXTENT - 8 } : {}),
    labelOverlap: true,
    tickCount: Math.max(2, Math.round((across ? width : height) / 110)),
  };
}

function pointMark(data: MapData, theme: ChartTheme): Mark {
  const area = pointArea(data.x.length);
  const out = outCategory(data);
  const colored = data.categories.length > 0;
  const shaped = isShaped(data.categories);
  const crowded = data.x.length > CROWD;
  const encode: Encode<SymbolEncodeEntry> = {
    enter: {
      size: data.size ? { signal: `${area} * datum.s * datum.s` } : { value: area },
      fill: data.depth
        ? { field: "f" }
        : colored
          ? { scale: "color", field: "c" }
          : { value: categoryStyle(0, theme.shade).color },
      ...(shaped ? { shape: { scale: "shape", field: "c" } } : {}),
      // A rim in the colour of the background keeps overlapping points apart; a crowd is drawn faster without.
      ...(crowded ? {} : { stroke: { value: theme.background }, strokeWidth: { value: 1 } }),
    },
    update: {
      x: { scale: "x", field: "x" },
      y: { scale: "y", field: "y" },
      opacity: [
        ...(out < 0 ? [] : [{ test: `datum.c === ${out}`, value: FAINT }]),
        { test: "focus !== -1 && focus !== datum.c", value: FAINT },
        { value: pointOpacity(data.x.length) },
      ],
    },
  };
  return {
    type: "symbol",
    name: "pointMarks",
    from: { data: MAP_DATA.points },
    clip: true,
    interactive: false,
    encode,
  };
}

function ringMark(data: MapData, theme: ChartTheme, name: "hovered" | "selected"): Mark {
  const radius = Math.sqrt(pointArea(data.x.length) / Math.PI);
  const gap = name === "selected" ? 4 : 2.5;
  return {
    type: "symbol",
    name: `${name}Marks`,
    from: { data: MAP_DATA[name] },
    clip: true,
    interactive: false,
    encode: {
      enter: {
        size: data.size
          ? { signal: `4 * pow(${radius} * datum.s + ${gap}, 2)` }
          : { value: Math.round(4 * (radius + gap) ** 2) },
        fill: { value: "transparent" },
        stroke: { value: name === "selected" ? theme.accent : theme.foreground },
        strokeWidth: { value: name === "selected" ? 2.5 : 1.5 },
      },
      update: { x: { scale: "x", field: "x" }, y: { scale: "y", field: "y" } },
    },
  };
}

function legendWidth({ categories, colorTitle, scaleTicks }: MapData, theme: ChartTheme): number {
  if (isScale(categories)) {
    const labels = (scaleTicks ?? []).map(({ label }) => textWidth(label, theme.fontSize) + SCALE_GAP);
    const title = textWidth(fitText(colorTitle ?? "", SCALE_WIDTH, theme.fontSize), theme.fontSize) + LEGEND_GAP;
    return Math.ceil(Math.max(100, title, ...labels));
  }
  const longest = Math.max(...categories.map((category) => textWidth(category.name, theme.fontSize)));
  return Math.min(240, LEGEND_GAP + Math.max(50, Math.ceil(longest)));
}

/** Pixels that the title of a scale may take, and those of a scale beside its labels. */
const SCALE_WIDTH = 160;
const SCALE_GAP = 52;

function scaleLegend(data: MapData, theme: ChartTheme): Legend {
  return {
    fill: "share",
    type: "gradient",
    title: fitText(data.colorTitle ?? "", SCALE_WIDTH, theme.fontSize),
    orient: "right",
    offset: 16,
    gradientLength: 160,
    gradientThickness: 14,
    labelFontSize: theme.fontSize - 1,
    labelLimit: 0,
    values: (data.scaleTicks ?? []).map(({ share }) => share),
    encode: { labels: { update: { text: { signal: SCALE_TEXT } } } },
  };
}

/** The name of a place on a scale: names of dates and of the data never stand in an expression. */
const SCALE_TEXT = "data('categories')[indexof(pluck(data('categories'), 'share'), datum.value)].name";

function legendNames(data: MapData, theme: ChartTheme): { name: string; share?: number }[] {
  if (isScale(data.categories)) return (data.scaleTicks ?? []).map(({ label, share }) => ({ name: label, share }));
  const room = legendWidth(data, theme) - LEGEND_GAP;
  return data.categories.map(({ name }) => ({ name: fitText(name, room, theme.fontSize) }));
}

/** Pixels of a legend beside its names. */
const LEGEND_GAP = 40;

/** The name of a category; Vega's own words for those that did not fit ("…45 entries"). */
const LEGEND_TEXT = "slice(datum.label, 0, 1) === '\u2026' ? datum.label : data('categories')[datum.value].name";

function mapLegend(data: MapData, theme: ChartTheme, height: number): Legend {
  const row = theme.fontSize + 6;
  const opacity = [{ test: "focus !== -1 && focus !== datum.value", value: 0.35 }, { value: 1 }];
  const shaped = isShaped(data.categories);
  return {
    fill: "color",
    ...(shaped ? { shape: "shape" } : {}),
    ...(outCategory(data) < 0 ? {} : { values: Array.from({ length: outCategory(data) }, (_, i) => i) }),
    title: fitText(data.colorTitle ?? "", legendWidth(data, theme) - 8, theme.fontSize),
    orient: "right",
    offset: 16,
    symbolType: "circle",
    symbolSize: 90,
    symbolStrokeWidth: 0,
    symbolLimit: Math.max(3, Math.floor((height - row) / row)),
    labelLimit: 0,
    encode: {
      symbols: { name: "legendSymbols", interactive: true, update: { opacity } },
      labels: {
        name: "legendLabels",
        interactive: true,
        update: { text: { signal: LEGEND_TEXT }, opacity },
      },
    },
  };
}
