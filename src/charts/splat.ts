import { parseHex, type CategoryStyle, type Shape } from "./palette";
import type { Size, Viewport } from "./viewport";

/** A picture of many points: straight (not premultiplied) RGBA, row-major from the top. */
export interface Canvas extends Size {
  /** (height × width × 4) */
  pixels: Uint8ClampedArray;
}

export interface Splat {
  points: { x: Float32Array; y: Float32Array; category: Int32Array; size?: Float32Array };
  viewport: Viewport;
  /** One per category; a map without categories has one. */
  styles: readonly CategoryStyle[];
  /** 0..1 for each category: those that do not stand out are faint. */
  opacity: readonly number[];
  /** Pixels of the canvas; times the size of a point where the points have sizes. */
  radius: number;
}

/** How much of each pixel a shape covers: (side × side) 0..1. */
interface Mask {
  side: number;
  cover: Float32Array;
}

/** A mask in a colour: for every pixel that it covers its place, what it adds and how much of what is below stays. */
interface Stamp {
  side: number;
  x: Int32Array;
  y: Int32Array;
  /** Places relative to the stamp's left top corner in the rows of the canvas. */
  offset: Int32Array;
  /** Premultiplied, packed in pairs: red and blue, green and alpha (these 8 bits further up). */
  redBlue: Int32Array;
  greenAlpha: Int32Array;
  /** 0..256 */
  keep: Int32Array;
}

/** Sizes of points are rounded to so many steps between nothing and twice the radius. */
const SIZE_STEPS = 16;

const PAIR = 0xff00ff;
const HALF = 0x800080;

/**
 * Clears the canvas and draws every point in plain typed arrays: where no graphics processor helps, that is many times faster than
 * paths on a canvas. The order of the points is the order of drawing, the faint categories before the others. Pixels are mixed
 * premultiplied, two channels in one multiplication, and taken apart at the end.
 */
export function splat(canvas: Canvas, { points, viewport, styles, opacity, radius }: Splat): void {
  const { pixels, width, height } = canvas;
  const packed = new Int32Array(pixels.buffer, pixels.byteOffset, width * height);
  packed.fill(0);
  const { x, y, category, size } = points;
  const strongest = Math.max(...opacity);
  const levels = opacity.some((one) => one < strongest) ? [false, true] : [true];
  const steps = size ? 2 * SIZE_STEPS + 1 : 1;
  const stamps: (Stamp | undefined)[] = [];
  const stampOf = (at: number, step: number): Stamp => {
    const known = stamps[at * steps + step];
    if (known) return known;
    const mask = makeMask(styles[at]!.shape, size ? Math.max(0.6, (radius * step) / SIZE_STEPS) : radius);
    return (stamps[at * steps + step] = makeStamp(mask, parseHex(styles[at]!.color), opacity[at]!, width));
  };
  const sx = width / (viewport.x[1] - viewport.x[0]);
  const sy = height / (viewport.y[1] - viewport.y[0]);
  const [x0, y0] = [viewport.x[0], viewport.y[0]];
  const reach = radius * (size ? 2 : 1) + 2;
  for (const strong of levels) {
    const drawn = opacity.map((one) => (one === strongest) === strong);
    for (let i = 0; i < x.length; i++) {
      const at = category[i]!;
      if (!drawn[at]) continue;
      const px = (x[i]! - x0) * sx;
      const py = height - (y[i]! - y0) * sy;
      if (px < -reach || py < -reach || px > width + reach || py > height + reach) continue;
      const stamp = stampOf(at, size ? Math.min(steps - 1, Math.round(size[i]! * SIZE_STEPS)) : 0);
      const left = Math.round(px - stamp.side / 2);
      const top = Math.round(py - stamp.side / 2);
      const inside = left >= 0 && top >= 0 && left + stamp.side <= width && top + stamp.side <= height;
      if (inside) press(packed, stamp, top * width + left);
      else pressAtEdge(packed, stamp, left, top, width, height);
    }
  }
  takeApart(pixels, packed);
}

/** Lays a stamp over what is there: Porter and Duff's "over" (1984). */
function press(packed: Int32Array, { offset, redBlue, greenAlpha, keep }: Stamp, base: number): void {
  for (let e = 0; e < offset.length; e++) {
    const at = base + offset[e]!;
    const below = packed[at]!;
    packed[at] = below === 0 ? redBlue[e]! | greenAlpha[e]! : over(below, redBlue[e]!, greenAlpha[e]!, keep[e]!);
  }
}

function pressAtEdge(packed: Int32Array, stamp: Stamp, left: number, top: number, width: number, height: number): void {
  const { x, y, redBlue, greenAlpha, keep } = stamp;
  for (let e = 0; e < x.length; e++) {
    const column = left + x[e]!;
    const row = top + y[e]!;
    if (column < 0 || row < 0 || column >= width || row >= height) continue;
    const at = row * width + column;
    packed[at] = over(packed[at]!, redBlue[e]!, greenAlpha[e]!, keep[e]!);
  }
}

/** Rounded up below and down above, so that the sum of two never carries into the next channel. */
function over(below: number, redBlue: number, greenAlpha: number, keep: number): number {
  const low = ((Math.imul(below & PAIR, keep) + HALF) >>> 8) & PAIR;
  const high = (Math.imul((below >>> 8) & PAIR, keep) + HALF) & ~PAIR;
  return (low + redBlue) | ((high + greenAlpha) & ~PAIR);
}

function takeApart(pixels: Uint8ClampedArray, packed: Int32Array): void {
  for (let i = 0; i < packed.length; i++) {
    const value = packed[i]!;
    if (value === 0) continue;
    const alpha = value >>> 24;
    if (alpha === 255) continue;
    const whole = 255 / alpha;
    const at = 4 * i;
    pixels[at] = (value & 255) * whole;
    pixels[at + 1] = ((value >>> 8) & 255) * whole;
    pixels[at + 2] = ((value >>> 16) & 255) * whole;
  }
}

function makeStamp({ side, cover }: Mask, [red, green, blue]: readonly number[], alpha: number, width: number): Stamp {
  const covered = Array.from(cover.keys()).filter((at) => Math.round(cover[at]! * alpha * 256) > 0);
  const weights = Int32Array.from(covered, (at) => Math.round(cover[at]! * alpha * 256));
  const part = (value: number, weight: number): number => Math.floor((value * weight) / 256);
  const x = Int32Array.from(covered, (at) => at % side);
  const y = Int32Array.from(covered, (at) => Math.floor(at / side));
  return {
    side,
    x,
    y,
    offset: x.map((column, e) => y[e]! * width + column),
    redBlue: weights.map((weight) => part(red!, weight) | (part(blue!, weight) << 16)),
    greenAlpha: weights.map((weight) => (part(green!, weight) << 8) | (part(255, weight) << 24)),
    keep: weights.map((weight) => 256 - weight),
  };
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
