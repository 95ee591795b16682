import { LensError } from "../../protocol/errors";
import type { ClusterSettings } from "../../protocol/recipe";
import type { Matrix, StageContext } from "../types";
import { chooseCut, chooseK } from "./choose-k";
import { dbscan, kneeRadius } from "./dbscan";
import { hdbscan } from "./hdbscan";
import { cut, cutAt, hierarchy } from "./hierarchy";
import { kmeans, restartsFor } from "./kmeans";
import { nearestNeighbors } from "./neighbors";
import { allSquares } from "./pairs";

/** The groups of one method: clusters in any order, -1 is noise. */
export interface Groups {
  cluster: Int32Array;
  warnings: string[];
}

/** An item, itself counted, needs so many within the radius to be dense. */
const DENSE = 5;
/** A hierarchy holds all distances at once: 4·n² bytes. */
const HIERARCHY_LIMIT = 8_000;
/** Density clusters compare all pairs several times. */
const DENSITY_LIMIT = 20_000;

/** @throws LensError "recipe" when there are too many items for the method */
export async function groupItems(
  space: Matrix,
  settings: ClusterSettings,
  seed: number,
  ctx: StageContext,
): Promise<Groups> {
  switch (settings.method) {
    case "none":
      return { cluster: new Int32Array(space.rows).fill(-1), warnings: [] };
    case "kmeans": {
      const { k, warnings } = await clusterCount(space, settings, () => chooseK(space, seed, ctx));
      const { cluster } = await kmeans(space, k, { seed, restarts: restartsFor(space.rows) }, ctx);
      const found = new Set(cluster).size;
      if (found < k) {
        const what = settings.on === "map" ? "places on the map" : "vectors";
        warnings.push(`${k} clusters are more than the ${found} different ${what}: equal items share one.`);
      }
      return { cluster, warnings };
    }
    case "agglomerative": {
      limit(space, HIERARCHY_LIMIT, "Agglomerative clustering");
      const { linkage = "ward", distance } = settings;
      const joins = hierarchy(await allSquares(space, ctx), space.rows, linkage, ctx);
      if (distance !== undefined) return { cluster: cutAt(joins, space.rows, distance), warnings: [] };
      const { k, warnings } = await clusterCount(space, settings, () => chooseCut(space, joins, seed, ctx));
      return { cluster: cut(joins, space.rows, k), warnings };
    }
    case "hdbscan": {
      limit(space, DENSITY_LIMIT, "HDBSCAN");
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
      limit(space, DENSITY_LIMIT, "DBSCAN");
      const minPoints = settings.minPoints ?? Math.min(DENSE, space.rows);
      const radius = settings.eps ?? (await radiusOf(space, minPoints, ctx));
      const cluster = await dbscan(space, radius, minPoints, ctx);
      const chosen =
        settings.eps === undefined
          ? [`DBSCAN's radius was chosen by the curve of distances: ${Number(radius.toPrecision(3))}.`]
          : [];
      const none = noGroups(cluster, "DBSCAN found no dense group", settings);
      return { cluster, warnings: [...chosen, ...none, ...oneGroup(cluster, settings)] };
    }
  }
}

/** The number of clusters: as asked, by silhouette for "auto", at most one per item. */
async function clusterCount(
  space: Matrix,
  { k: wanted }: ClusterSettings,
  choose: () => Promise<number>,
): Promise<{ k: number; warnings: string[] }> {
  if (wanted === "auto") {
    const k = await choose();
    return { k, warnings: [`K was chosen by the silhouette: ${k === 1 ? "1 cluster" : `${k} clusters`}.`] };
  }
  const k = Math.min(wanted, space.rows);
  if (k === wanted) return { k, warnings: [] };
  return { k, warnings: [`${wanted} clusters are more than the ${k} items: every item is its own cluster.`] };
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
    `${largest} of ${cluster.length} items are in one cluster. ${ways.slice(0, -1).join(", ")} or ${ways.at(-1)} may tell them apart.`,
  ];
}

function limit(space: Matrix, most: number, name: string): void {
  if (space.rows <= most) return;
  throw new LensError(
    "recipe",
    `${name} takes up to ${most} items; there are ${space.rows}. Use k-means, or a sample.`,
  );
}
