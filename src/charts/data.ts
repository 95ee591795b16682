import { MAP_LIMIT } from "../protocol/constants";
import type { Network } from "../protocol/explore";
import type { Recipe } from "../protocol/recipe";
import type { RunResult, SimilarityMatrix } from "../protocol/result";
import { unpackTriangle } from "../protocol/triangle";
import { coloring, type Category, type ColorBy } from "./coloring";
import { fieldOf } from "./fields";
import type { Groups } from "./groups";
import { evenSample } from "./sample";
import { shareOf, type Tick } from "./scale";
import { shorten } from "./text";
import type { Ties } from "./ties";

export { COLOR_BY, defaultColorBy, type Category, type ColorBy } from "./coloring";

/** A map as plain columns of the points that are drawn. */
export interface MapData {
  title: string;
  axes: [string, string];
  /** Whether places on an axis mean something by themselves (PCA). */
  ticks: boolean;
  /** Heading of the legend; null when all points have one colour. */
  colorTitle: string | null;
  categories: Category[];
  /** Where the colours are a scale: its places with names. */
  scaleTicks?: Tick[];
  /** (n) which item of the result each point is. */
  index: Int32Array;
  /** (n) */
  x: Float32Array;
  y: Float32Array;
  /** (n) of a map with three dimensions. */
  z?: Float32Array;
  /** (n) how many times the usual radius each point has, 0 to 3; absent: all alike. */
  size?: Float32Array;
  /** (n) how near each point of a turned map is, 0 (far) to 1 (near): far ones fade into the background. */
  depth?: Float32Array;
  /** (n) index into `categories`; all 0 when there are none. */
  category: Int32Array;
  /** Items there are: above n when a sample is drawn. */
  total: number;
  /** Of a network. */
  ties?: Ties;
}

/** A heatmap as plain columns. */
export interface HeatmapData {
  title: string;
  metric: Recipe["metric"];
  /** (n) which item of the result each row and column is. */
  index: Int32Array;
  /** (n × n) row-major. */
  values: Float32Array;
  /** (n) one short line each. */
  labels: string[];
  /** What stands together, where the order is one of groups. */
  groups?: Groups;
  /** Items there are: above n when a sample is drawn. */
  total: number;
}

export interface MapOptions {
  title: string;
  /** The most points. */
  limit?: number;
  /** The id of a field of numbers. */
  sizeBy?: string | null;
  /** (count) 0 for items that a filter leaves out; null: none. */
  kept?: Uint8Array | null;
}

/**
 * The points of a map with their categories. Labels stay in the order of the source; more than `limit` points become an even
 * sample that is always the same.
 */
export function mapData(result: RunResult, colorBy: ColorBy, options: MapOptions = { title: "" }): MapData {
  const { index, x, y, z } = placesOf(result, options.limit ?? MAP_LIMIT);
  const { column, ...colors } = coloring(result, colorBy, options.kept);
  const size = sizesOf(result, options.sizeBy ?? null);
  return {
    title: options.title,
    axes: [result.axes[0] ?? "", result.axes[1] ?? ""],
    ticks: result.recipe.reduce.method === "pca",
    ...colors,
    index,
    x,
    y,
    ...(z ? { z } : {}),
    ...(size && { size: Float32Array.from(index, (i) => size[i]!) }),
    category: Int32Array.from(index, (i) => column[i]!),
    total: result.items.count,
  };
}

type MapPlaces = Pick<MapData, "index" | "x" | "y" | "z">;
const places = new WeakMap<RunResult, MapPlaces & { limit: number }>();

/** The points that are drawn: the same columns for other colours of a result, so that what is made of them holds. */
function placesOf(result: RunResult, limit: number): MapPlaces {
  let known = places.get(result);
  if (known?.limit !== limit) {
    const index = evenSample(result.x.length, limit);
    const pick = (from: Float32Array): Float32Array => Float32Array.from(index, (i) => from[i]!);
    known = { limit, index, x: pick(result.x), y: pick(result.y), ...(result.z ? { z: pick(result.z) } : {}) };
    places.set(result, known);
  }
  return known;
}

/** Radii in the usual one: areas grow with the number, around 0 with its distance from it; null when there is no such field. */
export function sizesOf(result: RunResult, sizeBy: string | null): Float32Array | null {
  const field = fieldOf(result, sizeBy);
  if (field?.kind !== "number") return null;
  const { scale, value } = field;
  return Float32Array.from(value, (one) => {
    const share = shareOf(scale, one);
    const far = scale.kind === "diverging" ? Math.abs(2 * share - 1) : share;
    return Number.isNaN(far) ? 0.4 : Math.sqrt(0.2 + 3.8 * far);
  });
}

/** A network as a map of its nodes with lines between them, in the colours of the map. */
export function networkData(
  result: RunResult,
  { index, x, y, source, target, weight, total }: Network,
  colorBy: ColorBy,
  { title, sizeBy = null, kept = null }: MapOptions,
): MapData {
  const { column, ...colors } = coloring(result, colorBy, kept);
  const category = Int32Array.from(index, (i) => column[i]!);
  const size = sizesOf(result, sizeBy);
  return {
    title,
    axes: ["", ""],
    ticks: false,
    ...colors,
    index,
    x,
    y,
    ...(size && { size: Float32Array.from(index, (i) => size[i]!) }),
    category,
    total,
    ties: { source, target, weight },
  };
}

/** @param texts (n) the text or name of each item of the matrix, in its order */
export function heatmapData(
  matrix: SimilarityMatrix,
  texts: readonly string[],
  { title, groups = null }: { title: string; groups?: Groups | null } = { title: "" },
): HeatmapData {
  return {
    title,
    metric: matrix.metric,
    index: matrix.index,
    values: unpackTriangle(matrix.triangle, matrix.index.length),
    labels: Array.from(matrix.index, (_, i) => shorten(texts[i] ?? "", 48)),
    ...(groups && { groups }),
    total: matrix.total,
  };
}
