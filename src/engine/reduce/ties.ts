import { EqualRows } from "../linear/equal-rows";
import { createRandom } from "../random";
import type { Matrix, NeighborGraph } from "../types";

/** Groups of equal items are looked at when they hold so many times the neighbours of an item. */
const LARGE = 3;
/** Distance below which two items may be equal. */
const NEAR = 1e-6;

/**
 * Neighbours at the same distance go by index, so thousands of equal items, and all that are near them, have the same few as their
 * neighbours, and a layout draws them as strings around these. Here each takes others of the equal items, by chance: they are as
 * near.
 * @param matrix (n × d) the vectors of the graph
 */
export function spreadTies(graph: NeighborGraph, matrix: Matrix, seed: number): NeighborGraph {
  const { count, k } = graph;
  const { of, groups } = equalItems(graph, matrix);
  if (groups.length === 0) return graph;
  const random = createRandom(seed, 0x71e5);
  const index = graph.index.slice();
  for (let i = 0; i < count; i++) {
    const chosen = new Set<number>([i]);
    for (let at = i * k; at < (i + 1) * k; at++) {
      const group = groups[of[graph.index[at]!]!];
      if (!group) continue;
      let other = i;
      while (chosen.has(other)) other = group[random.below(group.length)]!;
      chosen.add(other);
      index[at] = other;
    }
  }
  return { ...graph, index };
}

/** The large groups of equal items, and the group of each item (n), −1 for none. */
function equalItems({ count, k, distance }: NeighborGraph, matrix: Matrix): { of: Int32Array; groups: number[][] } {
  const equal = new EqualRows(matrix);
  const byFirst = new Map<number, number[]>();
  for (let i = 0; i < count; i++) {
    // Of a large group all neighbours are equal items.
    if (k === 0 || distance[(i + 1) * k - 1]! > NEAR) continue;
    const first = equal.firstOf(i);
    if (first === i) byFirst.set(i, [i]);
    else byFirst.get(first)!.push(i);
  }
  const groups = [...byFirst.values()].filter(({ length }) => length > LARGE * (k + 1));
  const of = new Int32Array(count).fill(-1);
  groups.forEach((group, g) => group.forEach((i) => (of[i] = g)));
  return { of, groups };
}
