import type { MapData } from "./data";
import { FAINT, outCategory, pointArea, pointOpacity, pointStyles } from "./map";
import type { CategoryStyle } from "./palette";
import { splat } from "./splat";
import type { ChartTheme } from "./theme";
import type { Size, Viewport } from "./viewport";

/** How the points of a crowded map look: what plain arrays, a graphics processor and a file draw alike. */
export interface PointLook {
  /** One per category; a map without categories has one. */
  styles: CategoryStyle[];
  /** 0..1 for each category. */
  opacity: number[];
  /** Pixels of the page. */
  radius: number;
  /** What points with a depth fade into. */
  background: string;
}

/** @param whole the viewport that shows all points: points grow where a part of them fills the plot */
export function pointLook(
  data: MapData,
  { theme, focus, viewport, whole }: { theme: ChartTheme; focus: number; viewport: Viewport; whole: Viewport },
): PointLook {
  const styles = pointStyles(data.categories, theme);
  const out = outCategory(data);
  const zoom = (whole.x[1] - whole.x[0]) / (viewport.x[1] - viewport.x[0]);
  const seen = data.x.length / Math.max(1, zoom) ** 2;
  const strong = pointOpacity(seen);
  return {
    styles,
    opacity: styles.map((_, category) => (category !== out && (focus === -1 || focus === category) ? strong : FAINT)),
    radius: Math.sqrt(pointArea(seen) / Math.PI),
    background: theme.background,
  };
}

/** The points as pixels of a file: straight RGBA, `scale` pixels for one of the plot. */
export function pointPicture(
  data: MapData,
  look: PointLook,
  viewport: Viewport,
  { width, height }: Size,
  scale: number,
): Size & { pixels: Uint8ClampedArray<ArrayBuffer> } {
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  const canvas = { ...size, pixels: new Uint8ClampedArray(4 * size.width * size.height) };
  splat(canvas, { points: data, viewport, ...look, radius: look.radius * scale });
  return canvas;
}
