import { trianglePlace } from "../protocol/triangle";
import type { Category, MapData } from "./data";
import type { Turn } from "./turn";

/** A similarity matrix small enough for a page: 16 bits a value of its triangle. */
export interface PackedValues {
  low: number;
  high: number;
  /** Base64 of n·(n + 1)/2 little-endian unsigned 16-bit numbers; 0 is `low`, 65535 is `high`. */
  base64: string;
}

/** Points of a map as plain JSON. */
export interface PackedPoints {
  x: number[];
  y: number[];
  /** Of a map with three dimensions, which the page turns. */
  z?: number[];
  category: number[];
  size?: number[];
  categories: Category[];
  /** How a map of three dimensions is turned at first; absent: as every one is. */
  turn?: Turn;
}

const digits = (values: Float32Array): number[] => Array.from(values, (value) => Number(value.toPrecision(6)));

export const packPoints = ({ x, y, z, category, size, categories }: MapData): PackedPoints => ({
  x: digits(x),
  y: digits(y),
  ...(z && { z: digits(z) }),
  category: [...category],
  ...(size && { size: digits(size) }),
  categories,
});

/** A map that has points and colours and no words. */
export function unpackPoints({ x, y, z, category, size, categories }: PackedPoints): MapData {
  return {
    title: "",
    axes: ["", ""],
    ticks: false,
    colorTitle: null,
    categories,
    index: Int32Array.from(x, (_, i) => i),
    x: Float32Array.from(x),
    y: Float32Array.from(y),
    ...(z && { z: Float32Array.from(z) }),
    ...(size && { size: Float32Array.from(size) }),
    category: Int32Array.from(category),
    total: x.length,
  };
}

/** What an HTML export hands to `drawEmbeddingLens(element, payload)` of dist/chart.js: plain JSON. */
export interface StandalonePayload {
  kind: "map" | "similarity";
  /** A Vega spec made by `mapSpec` or `heatmapSpec`; the image of a heatmap is a data URL. */
  spec: object;
  /** One text per drawn item, in the order of the spec's data. */
  tooltips: string[];
  /** A small picture per drawn item as a data URL, null where there is none; absent for texts. */
  pictures?: (string | null)[];
  /** The points of a crowded map or of one with three dimensions, which the spec then has not. */
  layer?: PackedPoints;
  /** The values of a heatmap for its tooltip; absent for maps. */
  values?: PackedValues;
  /** Absent: light. */
  theme?: "light" | "dark";
}

/** @param triangle of a symmetric matrix */
export function packValues(triangle: Float32Array): PackedValues {
  let low = Infinity;
  let high = -Infinity;
  for (const value of triangle) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) low = high = 0;
  const scale = high > low ? 65535 / (high - low) : 0;
  const packed = new Uint8Array(2 * triangle.length);
  const view = new DataView(packed.buffer);
  triangle.forEach((value, at) => view.setUint16(2 * at, Math.round((value - low) * scale), true));
  return { low, high, base64: toBase64(packed) };
}

/** Undoes `packValues`: the value of a row and a column, off by at most (high − low) / 131070. */
export function unpackValues(packed: PackedValues, n: number): (row: number, col: number) => number {
  const bytes = Uint8Array.from(atob(packed.base64), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const scale = (packed.high - packed.low) / 65535;
  return (row, col) => packed.low + view.getUint16(2 * trianglePlace(n, row, col), true) * scale;
}

function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 0x8000) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  }
  return btoa(parts.join(""));
}
