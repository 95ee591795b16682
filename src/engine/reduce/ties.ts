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
  const byHash = new Map<number, number[][]>();
  const all: number[][] = [];
  for (let i = 0; i < count; i++) {
    // Of a large group all neighbours are equal items.
    if (k === 0 || distance[(i + 1) * k - 1]! > NEAR) continue;
    const hash = hashOf(matrix, i);
    const met = byHash.get(hash) ?? [];
    byHash.set(hash, met);
    const group = met.find(([first]) => areEqual(matrix, first!, i));
    if (group) {
      group.push(i);
      continue;
    }
    met.push([i]);
    all.push(met.at(-1)!);
  }
  const groups = all.filter(({ length }) => length > LARGE * (k + 1));
  const of = new Int32Array(count).fill(-1);
  groups.forEach((group, g) => group.forEach((i) => (of[i] = g)));
  return { of, groups };
}

/** FNV-1a (Fowler, Noll & Vo) over the bits of a row, 32 at a time. */
function hashOf({ data, cols }: Matrix, row: number): number {
  const bits = new Int32Array(data.buffer, data.byteOffset + 4 * row * cols, cols);
  let hash = 0x811c9dc5 | 0;
  for (const word of bits) hash = Math.imul(hash ^ word, 0x01000193);
  return hash;
}

function areEqual({ data, cols }: Matrix, a: number, b: number): boolean {
  for (let c = 0; c < cols; c++) if (data[a * cols + c] !== data[b * cols + c]) return false;
  return true;
}
