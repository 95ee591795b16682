import { depthColor } from "./depth";
import { parseHex, type CategoryStyle, type Shape } from "./palette";
import type { Size, Viewport } from "./viewport";

/** A picture of many points: straight (not premultiplied) RGBA, row-major from the top. */
export interface Canvas extends Size {
  /** (height × width × 4) */
  pixels: Uint8ClampedArray;
}

export interface Splat {
  points: { x: Float32Array; y: Float32Array; category: Int32Array; size?: Float32Array; depth?: Float32Array };
  viewport: Viewport;
  /** One per category; a map without categories has one. */
  styles: readonly CategoryStyle[];
  /** 0..1 for each category: those that do not stand out are faint. */
  opacity: readonly number[];
  /** Pixels of the canvas; times the size of a point where the points have sizes. */
  radius: number;
  /** What points with a depth fade into. */
  background: string;
}

/** The pixels that a shape covers, in a square around it. */
interface Mask {
  side: number;
  x: Int32Array;
  y: Int32Array;
  /** Places relative to the square's left top corner in the rows of the canvas. */
  offset: Int32Array;
  /** How much of each pixel is covered, 0..1. */
  cover: Float32Array;
}

/** A mask in a colour: for every pixel what it adds and how much of what is below stays. */
interface Stamp extends Mask {
  /** Premultiplied, packed in pairs: red and blue, green and alpha (these 8 bits further up). */
  redBlue: Int32Array;
  greenAlpha: Int32Array;
  /** 0..256 */
  keep: Int32Array;
}

/** Sizes of points are rounded to so many steps a radius, and end at so many radii. */
const SIZE_STEPS = 16;
const MOST_SIZE = 3;
/** Depths are told apart in so many colours. */
const DEPTH_STEPS = 16;
const SIZES = MOST_SIZE * SIZE_STEPS + 1;

const PAIR = 0xff00ff;
const HALF = 0x800080;

/**
 * Clears the canvas and draws every point in plain typed arrays: where no graphics processor helps, that is many times faster than
 * paths on a canvas. The order of the points is the order of drawing, the faint categories before the others. Pixels are mixed
 * premultiplied, two channels in one multiplication, and taken apart at the end.
 */
export function splat(canvas: Canvas, scene: Splat): void {
  const { pixels, width, height } = canvas;
  const packed = new Int32Array(pixels.buffer, pixels.byteOffset, width * height);
  packed.fill(0);
  const { points, viewport, opacity, radius } = scene;
  const { x, y, category, size, depth } = points;
  const strongest = Math.max(...opacity);
  const levels = opacity.some((one) => one < strongest) ? [false, true] : [true];
  const stampOf = stampsOf(scene, width);
  const sx = width / (viewport.x[1] - viewport.x[0]);
  const sy = height / (viewport.y[1] - viewport.y[0]);
  const [x0, y0] = [viewport.x[0], viewport.y[0]];
  const reach = radius * (size ? MOST_SIZE : 1) + 2;
  for (const strong of levels) {
    const drawn = opacity.map((one) => (one === strongest) === strong);
    for (let i = 0; i < x.length; i++) {
      const at = category[i]!;
      if (!drawn[at]) continue;
      const px = (x[i]! - x0) * sx;
      const py = height - (y[i]! - y0) * sy;
      if (px < -reach || py < -reach || px > width + reach || py > height + reach) continue;
      const step = size ? Math.min(SIZES - 1, Math.round(size[i]! * SIZE_STEPS)) : SIZE_STEPS;
      const stamp = stampOf(at, step, depth ? Math.round(depth[i]! * (DEPTH_STEPS - 1)) : DEPTH_STEPS - 1);
      const left = Math.round(px - stamp.side / 2);
      const top = Math.round(py - stamp.side / 2);
      const inside = left >= 0 && top >= 0 && left + stamp.side <= width && top + stamp.side <= height;
      if (inside) press(packed, stamp, top * width + left);
      else pressAtEdge(packed, stamp, left, top, width, height);
    }
  }
  takeApart(pixels, packed);
}

/** The masks of the last picture: a map that is turned needs the same ones for every frame. */
let masks = { radius: 0, width: 0, made: new Map<string, Mask>() };

/** Makes each stamp when it is first needed: by category, step of size and step of depth. */
function stampsOf(
  { styles, opacity, radius, background, points: { depth } }: Splat,
  width: number,
): (at: number, step: number, near: number) => Stamp {
  if (masks.radius !== radius || masks.width !== width) masks = { radius, width, made: new Map() };
  const { made } = masks;
  const maskOf = (shape: Shape, step: number): Mask => {
    const key = `${shape} ${step}`;
    let mask = made.get(key);
    if (!mask) made.set(key, (mask = makeMask(shape, Math.max(0.6, (radius * step) / SIZE_STEPS), width)));
    return mask;
  };
  const stamps: (Stamp | undefined)[] = [];
  return (at, step, near) => {
    const key = (at * SIZES + step) * DEPTH_STEPS + near;
    const known = stamps[key];
    if (known) return known;
    const { shape, color } = styles[at]!;
    const shown = depth ? depthColor(color, background, near / (DEPTH_STEPS - 1)) : parseHex(color);
    return (stamps[key] = makeStamp(maskOf(shape, step), shown, opacity[at]!));
  };
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

function makeStamp(mask: Mask, [red, green, blue]: readonly number[], alpha: number): Stamp {
  const { length } = mask.cover;
  const [redBlue, greenAlpha, keep] = [new Int32Array(length), new Int32Array(length), new Int32Array(length)];
  for (let e = 0; e < length; e++) {
    const weight = Math.round(mask.cover[e]! * alpha * 256);
    redBlue[e] = ((red! * weight) >> 8) | (((blue! * weight) >> 8) << 16);
    greenAlpha[e] = (((green! * weight) >> 8) << 8) | (((255 * weight) >> 8) << 24);
    keep[e] = 256 - weight;
  }
  return { ...mask, redBlue, greenAlpha, keep };
}

const SAMPLES = 4;

/** Counts, in each pixel, the 4 × 4 samples inside the shape. */
function makeMask(shape: Shape, radius: number, width: number): Mask {
  const side = 2 * Math.ceil(radius + 0.5);
  const cover = new Float32Array(side * side);
  for (let y = 0; y < side * SAMPLES; y++) {
    for (let x = 0; x < side * SAMPLES; x++) {
      const dx = ((x + 0.5) / SAMPLES - side / 2) / radius;
      const dy = ((y + 0.5) / SAMPLES - side / 2) / radius;
      if (inside(shape, dx, dy)) cover[Math.floor(y / SAMPLES) * side + Math.floor(x / SAMPLES)]! += 1 / SAMPLES ** 2;
    }
  }
  const covered = Int32Array.from(cover.keys()).filter((at) => cover[at]! > 0);
  const x = covered.map((at) => at % side);
  const y = covered.map((at) => Math.floor(at / side));
  return { side, x, y, offset: x.map((column, e) => y[e]! * width + column), cover: cover.filter((part) => part > 0) };
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
