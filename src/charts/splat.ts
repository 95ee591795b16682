import { parseHex, type CategoryStyle, type Shape } from "./palette";
import type { Size, Viewport } from "./viewport";

/** A picture of many points: straight (not premultiplied) RGBA, row-major from the top. */
export interface Canvas extends Size {
  /** (height × width × 4) */
  pixels: Uint8ClampedArray;
}

export interface Splat {
  points: { x: Float32Array; y: Float32Array; category: Int32Array };
  viewport: Viewport;
  /** One per category; a map without categories has one. */
  styles: readonly CategoryStyle[];
  /** 0..1 for each category: those that do not stand out are faint. */
  opacity: readonly number[];
  /** Pixels of the canvas. */
  radius: number;
}

/** How much of each pixel a shape covers: (side × side) 0..1. */
interface Mask {
  side: number;
  cover: Float32Array;
}

/**
 * Clears the canvas and draws every point in plain typed arrays: where no graphics processor helps, that is many times faster than
 * paths on a canvas. The order of the points is the order of drawing, the faint categories before the others.
 */
export function splat(canvas: Canvas, { points, viewport, styles, opacity, radius }: Splat): void {
  canvas.pixels.fill(0);
  const masks = new Map<Shape, Mask>();
  const colors = styles.map(({ color }) => parseHex(color));
  const strongest = Math.max(...opacity);
  const levels = opacity.some((one) => one < strongest) ? [false, true] : [true];
  const sx = canvas.width / (viewport.x[1] - viewport.x[0]);
  const sy = canvas.height / (viewport.y[1] - viewport.y[0]);
  for (const strong of levels) {
    for (let i = 0; i < points.x.length; i++) {
      const category = points.category[i]!;
      const alpha = opacity[category] ?? strongest;
      if ((alpha === strongest) !== strong) continue;
      const shape = styles[category]!.shape;
      let mask = masks.get(shape);
      if (!mask) masks.set(shape, (mask = makeMask(shape, radius)));
      const left = Math.round((points.x[i]! - viewport.x[0]) * sx - mask.side / 2);
      const top = Math.round(canvas.height - (points.y[i]! - viewport.y[0]) * sy - mask.side / 2);
      stamp(canvas, mask, left, top, colors[category]!, alpha);
    }
  }
}

/** Lays a mask in one colour over what is there: Porter and Duff's "over" (1984). */
function stamp(canvas: Canvas, mask: Mask, left: number, top: number, color: readonly number[], alpha: number): void {
  const { pixels, width, height } = canvas;
  const [red, green, blue] = color as [number, number, number];
  const { side, cover } = mask;
  const x1 = Math.min(side, width - left);
  const y1 = Math.min(side, height - top);
  for (let y = Math.max(0, -top); y < y1; y++) {
    for (let x = Math.max(0, -left); x < x1; x++) {
      const above = cover[y * side + x]! * alpha;
      if (above === 0) continue;
      const at = 4 * ((top + y) * width + left + x);
      const below = (pixels[at + 3]! / 255) * (1 - above);
      const whole = above + below;
      pixels[at] = (red * above + pixels[at]! * below) / whole;
      pixels[at + 1] = (green * above + pixels[at + 1]! * below) / whole;
      pixels[at + 2] = (blue * above + pixels[at + 2]! * below) / whole;
      pixels[at + 3] = 255 * whole;
    }
  }
}

const SAMPLES = 4;

/** Counts, in each pixel, the 4 × 4 samples inside the shape. */
function makeMask(shape: Shape, radius: number): Mask {
  const side = 2 * Math.ceil(radius + 0.5);
  const cover = new Float32Array(side * side);
  for (let y = 0; y < side * SAMPLES; y++) {
    for (let x = 0; x < side * SAMPLES; x++) {
      const dx = ((x + 0.5) / SAMPLES - side / 2) / radius;
      const dy = ((y + 0.5) / SAMPLES - side / 2) / radius;
      if (inside(shape, dx, dy)) cover[Math.floor(y / SAMPLES) * side + Math.floor(x / SAMPLES)]! += 1 / SAMPLES ** 2;
    }
  }
  return { side, cover };
}

/** Whether a place is inside a shape that has about the area of the unit circle; y points down. */
function inside(shape: Shape, x: number, y: number): boolean {
  switch (shape) {
    case "circle":
      return x * x + y * y <= 1;
    case "square":
      return Math.max(Math.abs(x), Math.abs(y)) <= 0.89;
    case "diamond":
      return Math.abs(x) * 1.15 + Math.abs(y) * 0.85 <= 1.15;
    case "triangle-up":
      return y <= 0.9 && Math.abs(x) <= (y + 1.1) * 0.58;
    case "triangle-down":
      return y >= -0.9 && Math.abs(x) <= (1.1 - y) * 0.58;
    case "cross":
      return Math.max(Math.abs(x), Math.abs(y)) <= 1.1 && Math.min(Math.abs(x), Math.abs(y)) <= 0.38;
  }
}
