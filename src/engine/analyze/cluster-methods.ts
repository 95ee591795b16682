import type { ClusterSettings } from "../../protocol/recipe";
import type { Matrix, StageContext } from "../types";
import { chooseCut, chooseK } from "./choose-k";
import { refuseTooMany } from "./cluster-limits";
import { dbscan, kneeRadius } from "./dbscan";
import { differentRows } from "./different";
import { hdbscan } from "./hdbscan";
import { cut, cutAt, hierarchy } from "./hierarchy";
import { kmeans, restartsFor } from "./kmeans";
import { nearestNeighbors } from "./neighbors";
import { allSquares } from "./pairs";

/** The groups of one method: clusters in any order, -1 is noise. */
export interface Groups {
  cluster: Int32Array;
  warnings: string[];
  /** What was chosen. */
  notes?: string[];
}

/** An item, itself counted, needs so many within the radius to be dense. */
const DENSE = 5;

/** @throws LensError "recipe" when there are too many items for the method */
export async function groupItems(
  space: Matrix,
  settings: ClusterSettings,
  seed: number,
  ctx: StageContext,
): Promise<Groups> {
  refuseTooMany(settings, space.rows);
  switch (settings.method) {
    case "none":
      return { cluster: new Int32Array(space.rows).fill(-1), warnings: [] };
    case "kmeans": {
      const { k, ...said } = await clusterCount(space, settings, () => chooseK(space, seed, ctx));
      const { cluster } = await kmeans(space, k, { seed, restarts: restartsFor(space.rows) }, ctx);
      return { cluster, ...said };
    }
    case "agglomerative": {
      const { linkage = "ward", distance } = settings;
      const joins = hierarchy(await allSquares(space, ctx), space.rows, linkage, ctx);
      if (distance !== undefined) return { cluster: cutAt(joins, space.rows, distance), warnings: [] };
      const { k, ...said } = await clusterCount(space, settings, () => chooseCut(space, joins, seed, ctx));
      return { cluster: cut(joins, space.rows, k), ...said };
    }
    case "hdbscan": {
      // From pairs in a handful of items to groups of fifty in ten thousand.
      const minSize = settings.minClusterSize ?? Math.max(2, Math.round(Math.sqrt(space.rows) / 2));
      const minSamples = settings.minSamples ?? Math.min(minSize, DENSE);
      const cluster = await hdbscan(space, { minSize, minSamples }, ctx);
      return {
        cluster,
        warnings: noGroups(cluster, `HDBSCAN found no group of ${minSize} or more items that stands out`, settings),
      };
    }
    case "dbscan": {
      const minPoints = settings.minPoints ?? Math.min(DENSE, space.rows);
      const radius = settings.eps ?? (await radiusOf(space, minPoints, ctx));
      const cluster = await dbscan(space, radius, minPoints, ctx);
      const notes =
        settings.eps === undefined
          ? [`DBSCAN's radius was chosen by the curve of distances: ${Number(radius.toPrecision(3))}.`]
          : [];
      const none = noGroups(cluster, "DBSCAN found no dense group", settings);
      return { cluster, warnings: [...none, ...oneGroup(cluster, settings)], notes };
    }
  }
}

/** The number of clusters: as asked, by silhouette for "auto"; at most one for each different vector, so that equal items share one. */
async function clusterCount(
  space: Matrix,
  { k: wanted, on }: ClusterSettings,
  choose: () => Promise<number>,
): Promise<{ k: number; warnings: string[]; notes?: string[] }> {
  const asked = wanted === "auto" ? await choose() : wanted;
  const k = differentRows(space, asked);
  if (wanted === "auto") {
    return { k, warnings: [], notes: [`K was chosen by the silhouette: ${k === 1 ? "1 cluster" : `${k} clusters`}.`] };
  }
  return { k, warnings: k === asked ? [] : [tooMany(asked, k, space.rows, on)] };
}

function tooMany(asked: number, different: number, count: number, on: ClusterSettings["on"]): string {
  if (different === count) return `${asked} clusters are more than the ${count} items: every item is its own cluster.`;
  const what = on === "map" ? "places on the map" : "vectors";
  if (different === 1) return `All ${count} ${what} are the same: there is one cluster instead of ${asked}.`;
  return `${asked} clusters are more than the ${different} different ${what}: equal items share one.`;
}

/** The knee of the distances to the minPoints-th item, itself counted; a little more, so that rounding decides nothing. */
async function radiusOf(space: Matrix, minPoints: number, ctx: StageContext): Promise<number> {
  const graph = await nearestNeighbors(space, minPoints - 1, "euclidean", ctx);
  if (graph.k === 0) return 0;
  return kneeRadius(graph.distance.filter((_, at) => at % graph.k === graph.k - 1)) * (1 + 1e-6);
}

function noGroups(cluster: Int32Array, sentence: string, { on }: ClusterSettings): string[] {
  if (cluster.some((c) => c >= 0)) return [];
  // Distances of many dimensions are much alike; those on a map are not.
  return [`${sentence}: every item is noise.${on === "map" ? "" : " Clusters on the map, or k-means, may say more."}`];
}

/** The share of items in one cluster from which a density has told nothing apart. */
const ONE = 0.8;

function oneGroup(cluster: Int32Array, { on }: ClusterSettings): string[] {
  const sizes = new Map<number, number>();
  for (const c of cluster) if (c >= 0) sizes.set(c, (sizes.get(c) ?? 0) + 1);
  const largest = Math.max(0, ...sizes.values());
  if (largest < ONE * cluster.length) return [];
  const ways = ["A smaller radius", ...(on === "map" ? [] : ["clusters on the map"]), "HDBSCAN"];
  return [
    `${largest.toLocaleString("en-US")} of ${cluster.length.toLocaleString("en-US")} items are in one cluster. ${ways.slice(0, -1).join(", ")} or ${ways.at(-1)} may tell them apart.`,
  ];
}
