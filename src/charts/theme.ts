import type { Config } from "vega";
import type { Shade } from "./palette";

/** The colours and letters of a chart: from the editor's theme in the panel, from a constant elsewhere. */
export interface ChartTheme {
  shade: Shade;
  /** Opaque; exports are drawn on it. */
  background: string;
  foreground: string;
  /** Axis titles and the like. */
  muted: string;
  /** Axis lines and grids. */
  line: string;
  /** The ring of a selected point. */
  accent: string;
  font: string;
  /** Pixels. */
  fontSize: number;
}

const FONT = 'system-ui, -apple-system, "Segoe UI", Ubuntu, "DejaVu Sans", sans-serif';

export const LIGHT_THEME: ChartTheme = {
  shade: "light",
  background: "#ffffff",
  foreground: "#222222",
  muted: "#5f5f5f",
  line: "#d4d4d4",
  accent: "#005fb8",
  font: FONT,
  fontSize: 12,
};

export const DARK_THEME: ChartTheme = {
  shade: "dark",
  background: "#1f1f1f",
  foreground: "#cccccc",
  muted: "#9d9d9d",
  line: "#3c3c3c",
  accent: "#ffffff",
  font: FONT,
  fontSize: 12,
};

/** Vega's config of a theme. */
export function chartConfig(theme: ChartTheme): Config {
  const { font, fontSize, foreground, muted, line } = theme;
  return {
    title: { font, fontSize: fontSize + 2, fontWeight: 600, color: foreground, anchor: "start", offset: 10 },
    axis: {
      labelFont: font,
      labelFontSize: fontSize - 1,
      labelColor: muted,
      titleFont: font,
      titleFontSize: fontSize,
      titleFontWeight: "normal",
      titleColor: muted,
      domainColor: line,
      tickColor: line,
      gridColor: line,
    },
    legend: {
      labelFont: font,
      labelFontSize: fontSize,
      labelColor: foreground,
      titleFont: font,
      titleFontSize: fontSize,
      titleFontWeight: 600,
      titleColor: foreground,
    },
  };
}
