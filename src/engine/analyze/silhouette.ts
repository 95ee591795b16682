/**
 * The silhouette of each item (Rousseeuw 1987): how much nearer its own cluster is than the next, in −1..1; 0 for an item
 * alone in its cluster or without one.
 * @param squares (n × n) squared euclidean distances
 */
export function silhouette(squares: Float32Array, cluster: Int32Array): Float64Array {
  const n = cluster.length;
  const count = cluster.reduce((most, c) => Math.max(most, c + 1), 0);
  const sizes = new Float64Array(count);
  for (const c of cluster) if (c >= 0) sizes[c]!++;
  const sums = new Float64Array(count);
  return Float64Array.from(cluster, (own, i) => {
    if (own < 0 || sizes[own]! < 2) return 0;
    sums.fill(0);
    for (let j = 0; j < n; j++) {
      const c = cluster[j]!;
      if (c >= 0) sums[c]! += Math.sqrt(squares[i * n + j]!);
    }
    const within = sums[own]! / (sizes[own]! - 1);
    let next = Infinity;
    for (let c = 0; c < count; c++) if (c !== own && sizes[c]! > 0) next = Math.min(next, sums[c]! / sizes[c]!);
    const larger = Math.max(within, next);
    return next < Infinity && larger > 0 ? (next - within) / larger : 0;
  });
}

export function meanSilhouette(squares: Float32Array, cluster: Int32Array): number {
  const values = silhouette(squares, cluster);
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
