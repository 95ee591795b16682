import { MAP_LIMIT } from "../protocol/constants";
import type { Network } from "../protocol/explore";
import type { Recipe } from "../protocol/recipe";
import type { RunResult, SimilarityMatrix } from "../protocol/result";
import { evenSample } from "./sample";
import { shorten } from "./text";

/** What the colours of a map stand for. */
export const COLOR_BY = ["label", "cluster", "trust", "none"] as const;
export type ColorBy = (typeof COLOR_BY)[number];

/** One colour of the map and its legend. */
export interface Category {
  /** A label of the data or of a cluster: untrusted text. */
  name: string;
  /** "none" and "noise" are grey and stand last; all are "step" where the colours are a scale from 0 to 1. */
  kind: "named" | "none" | "noise" | "step";
  /** Items of this category, drawn or not. */
  count: number;
}

/** A map as plain columns of the points that are drawn. */
export interface MapData {
  title: string;
  axes: [string, string];
  /** Whether places on an axis mean something by themselves (PCA). */
  ticks: boolean;
  /** Heading of the legend; null when all points have one colour. */
  colorTitle: string | null;
  categories: Category[];
  /** (n) which item of the result each point is. */
  index: Int32Array;
  /** (n) */
  x: Float32Array;
  y: Float32Array;
  /** (n) of a map with three dimensions. */
  z?: Float32Array;
  /** (n) how many times the usual radius each point has, 0 to 2; absent: all alike. */
  size?: Float32Array;
  /** (n) index into `categories`; all 0 when there are none. */
  category: Int32Array;
  /** Items there are: above n when a sample is drawn. */
  total: number;
  /** Lines between points, by their positions in the columns: a network. */
  ties?: { source: Int32Array; target: Int32Array; weight: Float32Array };
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
  /** Items there are: above n when a sample is drawn. */
  total: number;
}

/** The colours that fit a result best when nobody has chosen. */
export function defaultColorBy(result: RunResult): ColorBy {
  if (result.items.labels.length > 0) return "label";
  return result.cluster.length > 0 ? "cluster" : "none";
}

/**
 * The points of a map with their categories. Labels stay in the order of the source; more than `limit` points become an even
 * sample that is always the same.
 */
export function mapData(
  result: RunResult,
  colorBy: ColorBy,
  options: { title: string; limit?: number } = { title: "" },
): MapData {
  const count = result.x.length;
  const index = evenSample(count, options.limit ?? MAP_LIMIT);
  const { column, categories, colorTitle } = categorize(result, colorBy);
  const { z } = result;
  return {
    title: options.title,
    axes: [result.axes[0] ?? "", result.axes[1] ?? ""],
    ticks: result.recipe.reduce.method === "pca",
    colorTitle,
    categories,
    index,
    x: Float32Array.from(index, (i) => result.x[i]!),
    y: Float32Array.from(index, (i) => result.y[i]!),
    ...(z ? { z: Float32Array.from(index, (i) => z[i]!) } : {}),
    category: Int32Array.from(index, (i) => column[i]!),
    total: result.items.count,
  };
}

/** A network as a map of its nodes with lines between them, in the colours of the map. */
export function networkData(
  result: RunResult,
  { index, x, y, source, target, weight, total }: Network,
  colorBy: ColorBy,
  { title }: { title: string },
): MapData {
  const { column, categories, colorTitle } = categorize(result, colorBy);
  const category = Int32Array.from(index, (i) => column[i]!);
  const ties = { source, target, weight };
  return { title, axes: ["", ""], ticks: false, colorTitle, categories, index, x, y, category, total, ties };
}

function categorize(
  result: RunResult,
  colorBy: ColorBy,
): { column: Int32Array; categories: Category[]; colorTitle: string | null } {
  const { items } = result;
  switch (colorBy) {
    case "label":
      if (items.labels.length === 0) break;
      return { ...group(items.label, items.labels, { name: "(no label)", kind: "none" }), colorTitle: "Label" };
    case "cluster": {
      if (result.cluster.length === 0) break;
      const names: string[] = [];
      for (const cluster of result.clusters) names[cluster.id] = cluster.label;
      const named = Array.from(names, (name: string | undefined, i) => name ?? `Cluster ${i + 1}`);
      return { ...group(result.cluster, named, { name: "(noise)", kind: "noise" }), colorTitle: "Cluster" };
    }
    case "trust": {
      const kept = result.quality?.kept;
      if (!kept) break;
      const column = Int32Array.from(kept, (share) => Math.round(share * STEPS));
      const counts = new Int32Array(STEPS + 1);
      for (const step of column) counts[step]!++;
      const categories = Array.from(counts, (count, step) => ({
        name: `${Math.round((100 * step) / STEPS)} %`,
        kind: "step" as const,
        count,
      }));
      return { column, categories, colorTitle: "Neighbours kept" };
    }
    case "none":
      break;
  }
  return { column: new Int32Array(items.count), categories: [], colorTitle: null };
}

/** Shares of ten neighbours: every one has a colour of its own. */
const STEPS = 10;

function group(
  values: Int32Array,
  names: readonly string[],
  rest: { name: string; kind: "none" | "noise" },
): { column: Int32Array; categories: Category[] } {
  const counts = new Int32Array(names.length + 1);
  const column = values.map((value) => (value < 0 ? names.length : value));
  for (const value of column) counts[value]!++;
  const categories: Category[] = names.map((name, i) => ({ name, kind: "named", count: counts[i]! }));
  if (counts[names.length]! > 0) categories.push({ ...rest, count: counts[names.length]! });
  return { column, categories };
}

/** @param texts (n) the text or name of each item of the matrix, in its order */
export function heatmapData(
  matrix: SimilarityMatrix,
  texts: readonly string[],
  options: { title: string } = { title: "" },
): HeatmapData {
  return {
    title: options.title,
    metric: matrix.metric,
    index: matrix.index,
    values: matrix.values,
    labels: Array.from(matrix.index, (_, i) => shorten(texts[i] ?? "", 48)),
    total: matrix.total,
  };
}
