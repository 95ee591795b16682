import { LensError } from "../../protocol/errors";
import type { ClusterSettings } from "../../protocol/recipe";

/** The most items of a way of clustering, and what it is called. */
const LIMITS: Partial<Record<ClusterSettings["method"], { most: number; name: string }>> = {
  // A hierarchy holds all distances at once: 4·n² bytes.
  agglomerative: { most: 8_000, name: "Agglomerative clustering" },
  // Density clusters compare all pairs several times.
  dbscan: { most: 20_000, name: "DBSCAN" },
  hdbscan: { most: 20_000, name: "HDBSCAN" },
};

/** @throws LensError "recipe" with the ways out when there are more items than the method takes */
export function refuseTooMany({ method }: Pick<ClusterSettings, "method">, count: number): void {
  const limit = LIMITS[method];
  if (!limit || count <= limit.most) return;
  const [most, there] = [limit.most, count].map((n) => n.toLocaleString("en-US"));
  throw new LensError(
    "recipe",
    `${limit.name} takes up to ${most} items; there are ${there}. Use k-means, or a sample.`,
  );
}
