import type { DuplicateGroup } from "../../../protocol/explore";
import type { NeighborGraph } from "../../types";
import { Forest } from "../forest";

/** Vectors closer than this share of what two items usually are apart differ by rounding alone. */
const SAME = 1e-6;

/**
 * Groups of items that are tied by similarities from `threshold` on (single linkage over the graph of nearest items):
 * exact ones first, then the most similar.
 * @param similarity of a distance of the graph
 */
export function duplicateGroups(
  graph: NeighborGraph,
  similarity: (distance: number) => number,
  threshold: number,
): DuplicateGroup[] {
  const { count, k, index, distance } = graph;
  const ties: { a: number; b: number; similarity: number }[] = [];
  for (let at = 0; at < count * k; at++) {
    const value = similarity(distance[at]!);
    if (value >= Math.min(threshold, 1 - SAME)) ties.push({ a: Math.floor(at / k), b: index[at]!, similarity: value });
  }
  ties.sort((p, q) => q.similarity - p.similarity || p.a - q.a || p.b - q.b);
  const forest = new Forest(count);
  const weakest = new Map<number, number>();
  for (const { a, b, similarity: value } of ties) {
    const known = [forest.find(a), forest.find(b)].map((root) => weakest.get(root) ?? 1);
    if (forest.join(a, b)) weakest.set(forest.find(a), Math.min(value, ...known));
  }
  const groups = new Map<number, number[]>();
  for (let i = 0; i < count; i++) {
    const root = forest.find(i);
    if (!weakest.has(root)) continue;
    const group = groups.get(root);
    if (group) group.push(i);
    else groups.set(root, [i]);
  }
  return [...groups]
    .filter(([, items]) => items.length > 1)
    .map(([root, items]) => ({ items, exact: weakest.get(root)! >= 1 - SAME, similarity: weakest.get(root)! }))
    .sort((p, q) => Number(q.exact) - Number(p.exact) || q.similarity - p.similarity || p.items[0]! - q.items[0]!);
}
