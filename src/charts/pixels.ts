import type { HeatmapData } from "./data";
import { divergingColor } from "./palette";

/**
 * The values that the colours of a heatmap span: the smallest off-diagonal value to 1 for cosine, to the largest value for other metrics;
 * `fixed` asks for −1 to 1, which only cosine has.
 */
export function heatmapRange(data: Pick<HeatmapData, "values" | "index" | "metric">, fixed = false): [number, number] {
  if (fixed && data.metric === "cosine") return [-1, 1];
  const n = data.index.length;
  let low = Infinity;
  let high = -Infinity;
  for (let row = 0; row < n; row++) {
    for (let col = 0; col < n; col++) {
      const value = data.values[row * n + col]!;
      if (row !== col && value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (data.metric === "cosine") high = 1;
  if (!(low < high)) return [high === -Infinity ? 0 : high - 1, high === -Infinity ? 1 : high];
  return [Number(low.toPrecision(7)), Number(high.toPrecision(7))];
}

/** The picture of a heatmap, one pixel a cell: (n × n × 4) red, green, blue, opacity; row-major from the top. */
export function heatmapPixels(
  data: Pick<HeatmapData, "values" | "index">,
  [low, high]: readonly [number, number],
): Uint8ClampedArray<ArrayBuffer> {
  const cells = data.index.length ** 2;
  const table = new Uint32Array(STEPS + 1);
  for (let step = 0; step <= STEPS; step++) {
    const [red, green, blue] = divergingColor(step / STEPS);
    table[step] = LITTLE_ENDIAN
      ? (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0
      : ((red << 24) | (green << 16) | (blue << 8) | 0xff) >>> 0;
  }
  const pixels = new Uint32Array(cells);
  const scale = STEPS / (high - low || 1);
  for (let cell = 0; cell < cells; cell++) {
    const step = (data.values[cell]! - low) * scale + 0.5;
    pixels[cell] = table[step <= 0 ? 0 : step >= STEPS ? STEPS : step | 0]!;
  }
  return new Uint8ClampedArray(pixels.buffer);
}

const STEPS = 1023;
const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
