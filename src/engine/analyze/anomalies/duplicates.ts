import type { DuplicateGroup } from "../../../protocol/explore";
import type { NeighborGraph } from "../../types";
import { Forest } from "../forest";

/** Vectors closer than this share of what two items usually are apart differ by rounding alone. */
const SAME = 1e-6;

/**
 * Groups of items that are the same, and of items that are as similar as `threshold` to the one in the middle of their group:
 * those with the most such items come first and take what is still free. Chains of items, each near to the next, are no group.
 * The same vectors come first, then the most similar; the same vectors with others near to them are in a group of each kind.
 * @param graph the nearest of each item; ties count in both directions
 * @param similarity of a distance of the graph
 */
export function duplicateGroups(
  graph: NeighborGraph,
  similarity: (distance: number) => number,
  threshold: number,
): DuplicateGroup[] {
  const same = new Forest(graph.count);
  const ties = tiesOf(graph, similarity, Math.min(threshold, 1 - SAME));
  for (const { a, b, value } of ties) if (value >= 1 - SAME) same.join(a, b);
  const members = new Map<number, number[]>();
  for (let i = 0; i < graph.count; i++) append(members, same.find(i), i);
  const least = new Map<number, number>();
  const near = new Map<number, Map<number, number>>();
  for (const { a, b, value } of ties) {
    const [x, y] = [same.find(a), same.find(b)];
    if (x === y) least.set(x, Math.min(value, least.get(x) ?? 1));
    else {
      nearest(near, x, y, value);
      nearest(near, y, x, value);
    }
  }
  const middles = [...near].sort(([a, p], [b, q]) => q.size - p.size || a - b).map(([root]) => root);
  const exact = [...members]
    .filter(([, items]) => items.length > 1)
    .map(([root, items]) => ({ items, exact: true, similarity: least.get(root) ?? 1 }));
  const taken = new Set<number>();
  const similar = middles.flatMap((middle): DuplicateGroup[] => {
    if (taken.has(middle)) return [];
    const around = [...near.get(middle)!].filter(([root]) => !taken.has(root));
    if (around.length === 0) return [];
    const roots = [middle, ...around.map(([root]) => root)];
    for (const root of roots) taken.add(root);
    const items = roots.flatMap((root) => members.get(root)!).sort((a, b) => a - b);
    return [{ items, exact: false, similarity: Math.min(...around.map(([, value]) => value)) }];
  });
  return [...exact, ...similar].sort(
    (p, q) => Number(q.exact) - Number(p.exact) || q.similarity - p.similarity || p.items[0]! - q.items[0]!,
  );
}

function tiesOf({ count, k, index, distance }: NeighborGraph, similarity: (distance: number) => number, from: number) {
  const ties: { a: number; b: number; value: number }[] = [];
  for (let at = 0; at < count * k; at++) {
    const value = similarity(distance[at]!);
    if (value >= from) ties.push({ a: Math.floor(at / k), b: index[at]!, value });
  }
  return ties;
}

function append(lists: Map<number, number[]>, key: number, item: number): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

function nearest(near: Map<number, Map<number, number>>, from: number, to: number, value: number): void {
  const known = near.get(from) ?? new Map<number, number>();
  near.set(from, known.set(to, Math.max(value, known.get(to) ?? -Infinity)));
}
