import type { Cluster, ClusterQuality } from "../../protocol/result";
import { createRandom, sampleIndices, type Random } from "../random";
import type { Matrix, StageContext } from "../types";
import { labelAgreement } from "./agreement";
import { gatherRows } from "./gather";
import { SquaredDistances } from "./pairs";
import { judgedOf } from "./quality";
import { Silhouettes } from "./silhouette";

/** Of each cluster so many items are in a sample at least; fewer, but two, where that would make more than some thousands of all. */
const OF_EACH = 20;
const OF_ALL = 4_000;

/**
 * The silhouettes of clusters, and how well they agree with labels. Of many items a sample is measured that has some of every
 * cluster: alone in a sample, an item would seem alone in its cluster.
 * @param space (n × d) where the clusters were looked for
 * @param cluster (n) -1 is noise
 * @param label (n) -1 is none
 * @returns the figures, and the clusters with their silhouettes
 */
export async function clusterQuality(
  input: { space: Matrix; cluster: Int32Array; clusters: Cluster[]; label: Int32Array; seed: number },
  ctx: StageContext,
): Promise<{ clusters: Cluster[]; figures: ClusterQuality }> {
  const { space, cluster, clusters, label, seed } = input;
  const agreement = labelAgreement(cluster, label);
  const labels = agreement ? { labels: agreement } : {};
  const judged = judgedOf(space.rows);
  if (clusters.length < 2) return { clusters, figures: { sample: judged, ...labels } };
  const index = someOfEach(cluster, clusters, judged, createRandom(seed, 0x511));
  const own = Int32Array.from(index, (i) => cluster[i]!);
  const silhouettes = new Silhouettes(own);
  const distances = await SquaredDistances.of(gatherRows(space, index));
  await distances.forEachRow(ctx, (i, squares) => silhouettes.add(i, squares));
  const sums = new Float64Array(clusters.length);
  const sizes = new Int32Array(clusters.length);
  own.forEach((c, at) => {
    if (c < 0) return;
    sums[c]! += silhouettes.values[at]!;
    sizes[c]!++;
  });
  // Each as often as its items stand for: small clusters have more than their share in a sample.
  const within = clusters.reduce((all, { size }) => all + size, 0);
  const whole = clusters.reduce((all, { id, size }) => all + (size * sums[id]!) / Math.max(1, sizes[id]!), 0);
  const mean = within > 0 ? { silhouette: whole / within } : {};
  return {
    clusters: clusters.map((one) =>
      sizes[one.id]! > 0 ? { ...one, silhouette: sums[one.id]! / sizes[one.id]! } : one,
    ),
    figures: { ...mean, sample: index.length, ...labels },
  };
}

/** All items where as many are to be judged; else the share of each cluster, and some at least, without noise; ascending. */
function someOfEach(cluster: Int32Array, clusters: readonly Cluster[], judged: number, random: Random): Int32Array {
  const n = cluster.length;
  if (judged === n) return Int32Array.from(cluster.keys());
  const members = clusters.map(() => [] as number[]);
  cluster.forEach((c, i) => members[c]?.push(i));
  const least = Math.max(2, Math.min(OF_EACH, Math.floor(OF_ALL / clusters.length)));
  const some = members.flatMap((own) => {
    const size = Math.min(own.length, Math.max(least, Math.round((judged * own.length) / n)));
    return Array.from(sampleIndices(own.length, size, random), (at) => own[at]!);
  });
  return Int32Array.from(some).sort();
}
