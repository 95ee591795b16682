import type { Neighbor, RunResult } from "./result";

/** Findings of a kind that are told: a longer list helps nobody. */
export const MOST_FINDINGS = 200;

/** Items that are the same or nearly so. */
export interface DuplicateGroup {
  /** Two or more items of the result, ascending. */
  items: number[];
  /** All of them have the same vector but for rounding; for cosine, the same direction. */
  exact: boolean;
  /** The least similarity to the item in the middle of the group: cosine, or for euclidean 1 − d² / median d² of two items. */
  similarity: number;
}

/** An item far from its nearest. */
export interface Outlier {
  index: number;
  /** Robust z-score of its mean distance to the nearest items. */
  score: number;
  /** How many times the usual such distance it is. */
  times: number;
}

/** An item among items of another label. */
export interface DoubtfulLabel {
  index: number;
  /** Share of its nearest labelled items that carry another label. */
  share: number;
  /** The label that most of them carry, as an index into the result's labels, and how many of how many. */
  label: number;
  votes: number;
  of: number;
}

/** What is worth a second look, each list with the worst first. */
export interface Anomalies {
  /** Nearest items that were asked. */
  k: number;
  /** Similarity from which two items count as near-duplicates. */
  threshold: number;
  duplicates: DuplicateGroup[];
  outliers: Outlier[];
  doubtful: DoubtfulLabel[];
}

/** The items nearest to some words. */
export interface Found {
  /** Best first. */
  hits: Neighbor[];
  /** Only the beginning of the words was read. */
  truncated: boolean;
}

/** How two models differ in what they see in the same n items. */
export interface Compared {
  /** Neighbours that were compared. */
  k: number;
  /** (n) share of the k nearest in the vectors that both models have. */
  overlap: Float32Array;
  /** The mean of `overlap`. */
  mean: number;
  /** Two or three axes (n each) of the second map, laid onto the first by Procrustes; empty without maps. */
  axes: Float32Array[];
  /** What the laying could not bring together, 0..1; null without maps. */
  disparity: number | null;
  /** (n) how far each item is from its place in the first map, in the root mean square radius of that map; empty without maps. */
  shift: Float32Array;
  /** (n) positions in these columns, the items that moved most first: least overlap, then the longest way, then the first. */
  moved: Int32Array;
}

/** What two models see in the same items; columns are of the n items that both have embedded. */
export interface Comparison extends Compared {
  result: RunResult;
  other: RunResult;
  /** (n) each item as an index into `result`, ascending. */
  index: Int32Array;
  /** (n) the same items as indices into `other`. */
  inOther: Int32Array;
}

/** What a network is made of. */
export interface NetworkSettings {
  /** Nearest items that each item is tied to. */
  k: number;
  /** Ties below this similarity are left out. */
  threshold: number;
}

/** The graph of nearest neighbours. */
export interface Network {
  settings: NetworkSettings;
  /** (n) the items shown, as indices into the result, ascending. */
  index: Int32Array;
  /** (n) where each is drawn; empty above NETWORK_LIMIT items. */
  x: Float32Array;
  y: Float32Array;
  /** (m) ends of each tie as positions in `index`, the smaller first. */
  source: Int32Array;
  target: Int32Array;
  /** (m) similarity by the recipe's metric. */
  weight: Float32Array;
  /** The least similarity of two nearest items, those below the threshold included; 0 where there are no two. */
  least: number;
  /** Items there are: above n when a seeded sample is shown. */
  total: number;
}
