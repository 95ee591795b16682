import { LensError } from "../../protocol/errors";
import type { ClusterSettings, Metric } from "../../protocol/recipe";
import type { Cluster, ClusterQuality } from "../../protocol/result";
import { squaredDistanceAt } from "../linear/vectors";
import type { Matrix, StageContext } from "../types";
import { clusterQuality } from "./cluster-quality";
import { groupItems } from "./cluster-methods";
import { centroidsOf } from "./kmeans";
import { distinctNames, labelNames } from "./labels";
import { prepareFor } from "./normalize";
import type { MapPoints } from "./quality";
import { termLabels } from "./terms";

export interface Clustering {
  /** (n) cluster of each item, -1 is noise. */
  cluster: Int32Array;
  /** By size, the largest first, so that colours stay where they are. */
  clusters: Cluster[];
  warnings: string[];
  /** What was chosen. */
  notes?: string[];
  /** Absent without items or method. */
  quality?: ClusterQuality;
}

export interface ClusterInput {
  /** (n × d) without bad rows. */
  matrix: Matrix;
  /** The layout, for settings.on "map". */
  map: MapPoints | null;
  settings: ClusterSettings;
  metric: Metric;
  seed: number;
  /** (n) label of each item. */
  labels: (string | null)[];
  /** (n) text of each item; null for pictures and ready vectors. */
  texts: (string | null)[] | null;
}

/**
 * Groups the items, on the vectors (cosine: on those of length 1) or on the map.
 * @throws LensError "recipe" for "map" without a map, or more items than the method can take
 */
export async function clusterItems(input: ClusterInput, ctx: StageContext): Promise<Clustering> {
  const { settings, seed } = input;
  if (settings.method === "none" || input.matrix.rows === 0) {
    return { cluster: new Int32Array(0), clusters: [], warnings: [] };
  }
  const space = spaceOf(input);
  const { cluster, ...said } = await groupItems(space, settings, seed, ctx);
  const named = describe(space, cluster, input);
  const label = numbered(input.labels);
  const { clusters, figures } = await clusterQuality({ space, ...named, label, seed }, ctx);
  return { cluster: named.cluster, clusters, ...said, quality: figures };
}

/** Labels by number, -1 for none. */
function numbered(labels: readonly (string | null)[]): Int32Array {
  const known = new Map<string, number>();
  return Int32Array.from(labels, (label) => {
    if (label === null) return -1;
    if (!known.has(label)) known.set(label, known.size);
    return known.get(label)!;
  });
}

function spaceOf({ matrix, map, settings, metric }: ClusterInput): Matrix {
  if (settings.on === "vectors") return prepareFor(matrix, metric);
  if (map === null)
    throw new LensError("recipe", "Clusters on the map need a map: choose a reduction, or cluster on the vectors.");
  const axes = map.z ? [map.x, map.y, map.z] : [map.x, map.y];
  const data = Float32Array.from(
    { length: matrix.rows * axes.length },
    (_, i) => axes[i % axes.length]![Math.floor(i / axes.length)]!,
  );
  return { rows: matrix.rows, cols: axes.length, data };
}

/** Renumbers clusters by size and finds their exemplars and names. */
function describe(space: Matrix, raw: Int32Array, input: ClusterInput): Pick<Clustering, "cluster" | "clusters"> {
  const cluster = bySize(raw);
  const count = cluster.reduce((most, c) => Math.max(most, c + 1), 0);
  const sizes = new Int32Array(count);
  for (const c of cluster) if (c >= 0) sizes[c]!++;
  const exemplars = exemplarsOf(space, cluster, count);
  const terms = input.texts ? termLabels(input.texts, cluster, count) : [];
  const byLabel = labelNames(input.labels, cluster, count);
  const names = distinctNames(
    Array.from(sizes, (_, id) => (terms[id] ?? "") || (byLabel[id] ?? "") || `Cluster ${id + 1}`),
  );
  const clusters = Array.from(sizes, (size, id) => ({ id, size, label: names[id]!, exemplar: exemplars[id]! }));
  return { cluster, clusters };
}

/** The same groups numbered from the largest, equal sizes by their first item; noise stays -1. */
function bySize(raw: Int32Array): Int32Array {
  const sizes = new Map<number, number>();
  for (const c of raw) if (c >= 0) sizes.set(c, (sizes.get(c) ?? 0) + 1);
  // A Map keeps the order of first items and the sort is stable.
  const order = [...sizes].sort((a, b) => b[1] - a[1]);
  const renamed = new Map(order.map(([c], at) => [c, at]));
  return raw.map((c) => renamed.get(c) ?? -1);
}

/** The item nearest to the mean of each cluster. */
function exemplarsOf(space: Matrix, cluster: Int32Array, count: number): Int32Array {
  const { cols, data } = space;
  const centroids = centroidsOf(space, cluster, count);
  const exemplar = new Int32Array(count).fill(-1);
  const least = new Float64Array(count).fill(Infinity);
  cluster.forEach((c, i) => {
    if (c < 0) return;
    const distance = squaredDistanceAt(data, i * cols, centroids, c * cols, cols);
    if (distance < least[c]!) {
      least[c] = distance;
      exemplar[c] = i;
    }
  });
  return exemplar;
}
