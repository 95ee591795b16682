/**
 * Ten colours for categories, found by simulated annealing over OKLCH: each stands out from its background by 3:1 (WCAG 2.1, 1.4.11)
 * and every two of them, the grey included, stay at least 8 apart in OKLab (×100), also for protan, deutan and tritan eyes
 * (Machado et al. 2009, severity 1). test/unit/charts/palette.test.ts measures it.
 */
const COLORS = {
  light: ["#1e97fe", "#d67e4e", "#286305", "#ab394b", "#7d3bca", "#9a7003", "#820168", "#04798f", "#543527", "#3f00a4"],
  dark: ["#366eda", "#e66a00", "#93ffb9", "#fe9787", "#c985ff", "#f5c93c", "#cc00ab", "#0dcebb", "#9f5f36", "#c6c1ff"],
} as const;

/** What has no label, and noise. */
const GREY = { light: "#909090", dark: "#8c8c8c" } as const;

/** Vega's symbol shapes; the second ten categories are squares of the same ten colours, and so on. */
const SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"] as const;

export type Shape = (typeof SHAPES)[number];
export type Shade = keyof typeof COLORS;

export interface CategoryStyle {
  color: string;
  shape: Shape;
}

/** How the category with this number (from 0) looks; 60 categories differ, then the styles repeat. */
export function categoryStyle(number: number, shade: Shade): CategoryStyle {
  const colors = COLORS[shade];
  return {
    color: colors[number % colors.length]!,
    shape: SHAPES[Math.floor(number / colors.length) % SHAPES.length]!,
  };
}

/** How items without a category look. */
export function greyStyle(shade: Shade): CategoryStyle {
  return { color: GREY[shade], shape: "circle" };
}

/** Blue to red through a light grey, even in lightness on both sides: the cool-warm map of Moreland (2009) at ninths. */
export const DIVERGING = [
  "#3b4cc0",
  "#5f7fe8",
  "#86a9fc",
  "#adc8fd",
  "#dddddd",
  "#f4c4ad",
  "#f49a7b",
  "#de604d",
  "#b40426",
] as const;

/** The colour of `share` (0..1) of the diverging scale as red, green, blue (0..255 each), linear in sRGB between the stops. */
export function divergingColor(share: number): [number, number, number] {
  const at = Math.min(1, Math.max(0, share)) * (DIVERGING.length - 1);
  const low = Math.min(DIVERGING.length - 2, Math.floor(at));
  const rest = at - low;
  const from = parseHex(DIVERGING[low]!);
  const to = parseHex(DIVERGING[low + 1]!);
  return [0, 1, 2].map((i) => Math.round(from[i]! + (to[i]! - from[i]!) * rest)) as [number, number, number];
}

/**
 * Colours of numbers: every place stands out from the background by 3:1. "sequential" goes from the weaker to the stronger contrast,
 * even in hue for colour-blind eyes; "diverging" from orange over grey (the middle) to blue.
 */
export const RAMPS = {
  sequential: {
    light: ["#c07a08", "#c2404f", "#8a2a86", "#341a78"],
    dark: ["#5a82e0", "#2fb1ae", "#a5d35e", "#fdf08a"],
  },
  diverging: {
    light: ["#b84d00", "#8a8a8a", "#0a5fc4"],
    dark: ["#ff9447", "#9a9a9a", "#55aaff"],
  },
} as const;

export type Ramp = keyof typeof RAMPS;

/** The colour of a share of 0..1 on a ramp, linear in sRGB between its stops. */
export function rampColor(name: Ramp, share: number, shade: Shade): string {
  const stops = RAMPS[name][shade].map(parseHex);
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(at));
  const parts = stops[low]!.map((from, i) => Math.round(from + (stops[low + 1]![i]! - from) * (at - low)));
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** "#rrggbb" as three numbers of 0..255. */
export function parseHex(hex: string): [number, number, number] {
  return [1, 3, 5].map((start) => Number.parseInt(hex.slice(start, start + 2), 16)) as [number, number, number];
}
