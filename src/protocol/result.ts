import type { Recipe } from "./recipe";
import type { UsedColumns } from "./table";

/** One item that was left out, by name, and why. `place` is its line or row from 1. */
export interface Skipped {
  path: string;
  place?: number;
  reason: string;
}

/** The model that made the vectors. `tensor` names the graph's output that is the embedding. */
export interface ModelUsed {
  id: string;
  name: string;
  dims: number;
  tensor: string;
}

/** Where items came from, as columns: what travels between processes. No texts and no vectors. */
export interface ItemColumns {
  count: number;
  kind: "text" | "image" | "vector";
  /** (count) index among all items of the source, those left out included: texts and thumbnails are asked for by it. */
  source: Int32Array;
  /** Explicit ids (a column of the data), else null: an item is then known by its path and place. */
  ids: string[] | null;
  /** Distinct labels, in the order of their first item. */
  labels: string[];
  /** (count) index into `labels`, -1 for none. */
  label: Int32Array;
  /** Distinct paths, relative to the recipe's folder, with forward slashes. */
  paths: string[];
  /** (count) index into `paths`. */
  path: Int32Array;
  /** What `place` counts; "none" when an item is a whole file. */
  placeKind: "line" | "row" | "none";
  /** (count) line or row from 1; 0 when an item is a whole file. */
  place: Int32Array;
  /** (count) the line of the file, from 1, at which the item starts; 0 when the file has no lines. Equals `place` for lines. */
  line: Int32Array;
  /** The other columns of a table, in its order: to colour, size and filter by, and for tooltips. Absent when there are none. */
  meta?: MetaColumn[];
}

/** One more column of a table. */
export type MetaColumn =
  | {
      name: string;
      kind: "category" | "boolean";
      /** Distinct values (at most META_VALUES, by their first row; of booleans "false", "true"); cut to META_LENGTH characters. */
      values: string[];
      /** (count) index into `values`; -1 for an empty cell, -2 for one of the values that are too many. */
      code: Int32Array;
    }
  | {
      name: string;
      kind: "number" | "date";
      /** (count) the number, or milliseconds since 1970 (UTC); NaN for an empty cell. */
      value: Float64Array;
    }
  /** Long or almost always different texts: not carried along, but asked for with the record of an item. */
  | { name: string; kind: "text" };

/** Distinct values that a column of categories carries at most. */
export const META_VALUES = 1_000;
/** Characters of such a value at most. */
export const META_LENGTH = 200;

/** The record an item came from: every column with its value as text, in the order of the table. */
export type ItemRecord = { name: string; value: string }[];

export interface Cluster {
  /** 0-based; noise (-1) has no entry. */
  id: number;
  size: number;
  label: string;
  /** Index of the item nearest to the centre. */
  exemplar: number;
  /** Mean silhouette of its items, -1..1; absent when there is but one cluster. */
  silhouette?: number;
}

/** How well the clusters are set apart, where they were looked for: in the vectors or on the map. */
export interface ClusterQuality {
  /** Mean silhouette of all items that are in a cluster, -1..1; absent when there are fewer than two clusters. */
  silhouette?: number;
  /** Items that silhouettes were taken on; below the number of items when sampled. */
  sample: number;
  /** How well they agree with the labels; absent without labels. */
  labels?: LabelAgreement;
}

/** Clusters beside labels, of the items that have a label. Noise counts as a group of its own. */
export interface LabelAgreement {
  /** Items with a label. */
  count: number;
  /** Share of the items whose label is the most frequent of their cluster, 0..1. */
  purity: number;
  /** Rand index, adjusted for chance (Hubert & Arabie 1985): 1 for equal groups, about 0 for chance. */
  adjustedRand: number;
  /** Mutual information over the mean of the two entropies, 0..1. */
  mutualInformation: number;
}

/** Share of the labelled items whose label is guessed right by their nearest labelled items, 0..1. */
export interface LabelAccuracy {
  /** Items that were asked; below the number with a label when sampled. */
  count: number;
  /** By the nearest one, and by a vote of the ten nearest (the nearer label among equals). */
  vectors: { nearest: number; ten: number };
  map: { nearest: number; ten: number };
}

/** How far each item can be trusted on the map: (count) each, NaN where it was not measured. */
export interface PointFigures {
  /** Of the penalties of the whole map those of the item, so that their means are the figures of the map. */
  trustworthiness: Float32Array;
  continuity: Float32Array;
  /** Spearman's rank correlation of its distances to about a hundred items in the vectors and on the map, -1..1. */
  distanceCorrelation: Float32Array;
  /** The share of its nearest that are kept. */
  kept?: Float32Array;
}

/** How far the map can be trusted, each in 0..1 at k neighbours. */
export interface Quality {
  k: number;
  trustworthiness: number;
  continuity: number;
  /** Among all items, also where the other figures are taken within a sample. */
  neighborsKept: number;
  /** Items the figures were taken on; below the number of items when sampled. (`neighborsKept` has a sample of its own.) */
  sample: number;
  /** The figures of single items. */
  points?: PointFigures;
  /** Spearman's rank correlation of the distances of pairs in the vectors and on the map, -1..1; absent below 3 items. */
  distanceCorrelation?: number;
  /** How well near items tell a label, before and after the reduction; absent without labels. */
  labels?: LabelAccuracy;
}

/** Milliseconds of each stage; 0 when the stage's output was still there. */
export interface Timings {
  items: number;
  embed: number;
  neighbors: number;
  reduce: number;
  cluster: number;
  quality: number;
  total: number;
}

/** What a run gives, as it travels from the engine to the panel: typed columns that own their buffers. */
export interface RunResult {
  version: 1;
  recipe: Recipe;
  model: ModelUsed;
  items: ItemColumns;
  /** Items in the source before a sample was drawn. */
  total: number;
  /** Of a dataset: which of its columns the items are made of. */
  columns?: UsedColumns;
  /** The source has ready coordinates: the method "none" draws them, any other where there are vectors besides. */
  given?: true;
  /** (count) coordinates; empty when reduce.method is "none" and none are given. */
  x: Float32Array;
  y: Float32Array;
  z?: Float32Array;
  /** What the axes are called, with the explained variance for PCA: "PC 1 (34 %)"; else "UMAP 1", …; the columns' names when given. */
  axes: string[];
  /** (count) cluster of each item, -1 is noise; empty when cluster.method is "none". */
  cluster: Int32Array;
  clusters: Cluster[];
  /** Absent without clusters. */
  clusterQuality?: ClusterQuality;
  quality: Quality | null;
  /** The reduction was stopped before its end and its layout kept: the recipe alone does not give it. */
  stopped?: boolean;
  skipped: Skipped[];
  /** What a person should look at: the picture may not be what was meant. */
  warnings: string[];
  /** What was done and is no fault: what was chosen, joined or passed over. Absent in results of earlier versions. */
  notes?: string[];
  /** Texts of which only the beginning was embedded; absent when there are none. */
  truncated?: number;
  timings: Timings;
  /** Changes when a source file changes (size and time of each file). */
  fingerprint: string;
}

/** A pairwise similarity matrix of some items. */
export interface SimilarityMatrix {
  /** (n) the items shown, as indices into the result. */
  index: Int32Array;
  /** The similarities of all pairs: the upper triangle (`triangle.ts`). */
  triangle: Float32Array;
  /** Items there are; above `index.length` when a seeded sample is shown. */
  total: number;
  metric: Recipe["metric"];
}

export interface Neighbor {
  index: number;
  similarity: number;
}

/** The result as a JSON file (`--out result.json`): see docs/architecture.md. */
export interface ResultFile {
  version: 1;
  recipe: Recipe;
  model: { id: string; dims: number; tensor: string };
  items: ResultItem[];
  x?: number[];
  y?: number[];
  z?: number[];
  cluster?: number[];
  clusters?: Cluster[];
  clusterQuality?: ClusterQuality;
  quality: Omit<Quality, "points"> | null;
  /** (items each) how far each item can be trusted on the map; null where it was not measured. Absent without a map. */
  points?: Partial<
    Record<"trustworthiness" | "continuity" | "distanceCorrelation" | "neighborsKept", (number | null)[]>
  >;
  matrix?: number[][];
  /** (items × dims) the embeddings, in the file of `embed` only. */
  vectors?: number[][];
  skipped: ({ path: string; reason: string } & ({ line?: number } | { row?: number }))[];
  warnings: string[];
  notes: string[];
  timings: Timings;
}

export interface ResultItem {
  id: string;
  label: string | null;
  path: string;
  line?: number;
  row?: number;
  text?: string;
  /** Of a dataset: its other columns by name; dates as ISO 8601, null for an empty cell. */
  columns?: Record<string, string | number | boolean | null>;
}
