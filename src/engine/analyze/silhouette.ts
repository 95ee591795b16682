/**
 * The silhouettes of items (Rousseeuw 1987), one after another from their rows of squared distances, so that n × n values
 * need not be held: how much nearer an item's own cluster is than the next, in −1..1; 0 for one that is alone in its cluster
 * or in none.
 */
export class Silhouettes {
  /** (n) of the items that were added. */
  readonly values: Float64Array;
  private readonly sizes: Float64Array;
  private readonly sums: Float64Array;

  /** @param cluster (n) -1 is none */
  constructor(private readonly cluster: Int32Array) {
    const count = cluster.reduce((most, c) => Math.max(most, c + 1), 0);
    this.values = new Float64Array(cluster.length);
    this.sizes = new Float64Array(count);
    this.sums = new Float64Array(count);
    for (const c of cluster) if (c >= 0) this.sizes[c]!++;
  }

  /** @param squares (n) squared euclidean distances of item `i` to all */
  add(i: number, squares: Float32Array): void {
    const { cluster, sizes, sums } = this;
    const own = cluster[i]!;
    if (own < 0 || sizes[own]! < 2) return;
    sums.fill(0);
    for (let j = 0; j < cluster.length; j++) {
      const c = cluster[j]!;
      if (c >= 0) sums[c]! += Math.sqrt(squares[j]!);
    }
    const within = sums[own]! / (sizes[own]! - 1);
    let next = Infinity;
    sums.forEach((sum, c) => {
      if (c !== own && sizes[c]! > 0) next = Math.min(next, sum / sizes[c]!);
    });
    const larger = Math.max(within, next);
    this.values[i] = next < Infinity && larger > 0 ? (next - within) / larger : 0;
  }
}

/**
 * The mean silhouette of items; those alone or without a cluster count as 0.
 * @param squares (n × n) squared euclidean distances
 * @param cluster (n) -1 is none
 */
export function meanSilhouette(squares: Float32Array, cluster: Int32Array): number {
  const n = cluster.length;
  const silhouettes = new Silhouettes(cluster);
  for (let i = 0; i < n; i++) silhouettes.add(i, squares.subarray(i * n, (i + 1) * n));
  return silhouettes.values.reduce((sum, value) => sum + value, 0) / Math.max(1, n);
}
