import type { Cluster, ClusterQuality } from "../../protocol/result";
import { createRandom, sampleIndices } from "../random";
import type { Matrix, StageContext } from "../types";
import { labelAgreement } from "./agreement";
import { gatherRows } from "./gather";
import { SquaredDistances } from "./pairs";
import { judgedOf } from "./quality";
import { Silhouettes } from "./silhouette";

/**
 * The silhouettes of clusters, and how well they agree with labels.
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
  const index = sampleIndices(space.rows, judgedOf(space.rows), createRandom(seed, 0x511));
  if (clusters.length < 2) return { clusters, figures: { sample: index.length, ...labels } };
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
  const within = sizes.reduce((all, size) => all + size, 0);
  const mean = within > 0 ? { silhouette: sums.reduce((all, value) => all + value, 0) / within } : {};
  return {
    clusters: clusters.map((one) =>
      sizes[one.id]! > 0 ? { ...one, silhouette: sums[one.id]! / sizes[one.id]! } : one,
    ),
    figures: { ...mean, sample: index.length, ...labels },
  };
}
