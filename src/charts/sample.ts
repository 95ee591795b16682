/**
 * At most `limit` of `count` indices, ascending: those with the smallest hash (the finalizer of MurmurHash3), so that
 * the sample is always the same and has no pattern in the order of the source.
 */
export function evenSample(count: number, limit: number): Int32Array {
  const all = Int32Array.from({ length: count }, (_, i) => i);
  if (count <= limit) return all;
  const hashes = Uint32Array.from(all, hash);
  const ranked = all.sort((a, b) => hashes[a]! - hashes[b]! || a - b);
  return ranked.slice(0, limit).sort();
}

function hash(value: number): number {
  let h = Math.imul(value + 1, 0x9e3779b9);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
