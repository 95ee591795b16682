import type { Linkage } from "../../protocol/recipe";
import type { StageContext } from "../types";
import { Forest } from "./forest";

/** A merge of two groups, named by one item of each, at a height. */
export interface Join {
  a: number;
  b: number;
  height: number;
}

/**
 * The agglomerative hierarchy by the nearest-neighbour chain (Murtagh 1983; Müllner 2011): O(n²) time and memory.
 * @param squares (n × n) squared euclidean distances; overwritten
 * @returns n − 1 joins by ascending height, as scikit-learn's: the mean distance of the pairs for "average"; for "ward" the
 * root of twice the sum of squares that the join adds, which is the distance for two items
 */
export function hierarchy(squares: Float32Array, count: number, linkage: Linkage, ctx: StageContext): Join[] {
  const distance = squares;
  if (linkage === "average") for (let i = 0; i < distance.length; i++) distance[i] = Math.sqrt(distance[i]!);
  const size = new Float64Array(count).fill(1);
  const chain: number[] = [];
  const joins: Join[] = [];
  let first = 0;
  while (joins.length < count - 1) {
    if (joins.length % 64 === 0) {
      ctx.signal.throwIfAborted();
      ctx.report(joins.length, count - 1);
    }
    while (size[first] === 0) first++;
    if (chain.length === 0) chain.push(first);
    const tip = chain[chain.length - 1]!;
    const before = chain.length > 1 ? chain[chain.length - 2]! : -1;
    let nearest = before;
    let least = before >= 0 ? distance[tip * count + before]! : Infinity;
    for (let j = 0; j < count; j++) {
      if (j === tip || size[j] === 0) continue;
      const value = distance[tip * count + j]!;
      if (value < least) {
        least = value;
        nearest = j;
      }
    }
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    merge(distance, size, count, Math.min(tip, nearest), Math.max(tip, nearest), least, linkage);
    joins.push({
      a: Math.min(tip, nearest),
      b: Math.max(tip, nearest),
      height: linkage === "ward" ? Math.sqrt(least) : least,
    });
  }
  return joins.sort((p, q) => p.height - q.height);
}

/** Group `kept` takes in group `gone`: the Lance–Williams update. */
function merge(
  distance: Float32Array,
  size: Float64Array,
  count: number,
  gone: number,
  kept: number,
  between: number,
  linkage: Linkage,
): void {
  const a = size[gone]!;
  const b = size[kept]!;
  size[gone] = 0;
  size[kept] = a + b;
  for (let j = 0; j < count; j++) {
    const c = size[j]!;
    if (c === 0 || j === kept) continue;
    const fromGone = distance[gone * count + j]!;
    const fromKept = distance[kept * count + j]!;
    const value =
      linkage === "average"
        ? (a * fromGone + b * fromKept) / (a + b)
        : ((a + c) * fromGone + (b + c) * fromKept - c * between) / (a + b + c);
    distance[kept * count + j] = value;
    distance[j * count + kept] = value;
  }
}

/** Cuts a hierarchy of `count` items into k groups, at most `count`. @returns (count) groups, numbered by their first item */
export const cut = (joins: readonly Join[], count: number, k: number): Int32Array =>
  joined(joins.slice(0, Math.max(0, count - k)), count);

/** Cuts a hierarchy at a distance: groups that are joined at `distance` or above stay apart, as in scikit-learn. */
export const cutAt = (joins: readonly Join[], count: number, distance: number): Int32Array =>
  joined(
    joins.filter(({ height }) => height < distance),
    count,
  );

/** The groups that some joins make, numbered by their first item. */
function joined(joins: readonly Join[], count: number): Int32Array {
  const forest = new Forest(count);
  for (const { a, b } of joins) forest.join(a, b);
  const number = new Map<number, number>();
  return Int32Array.from({ length: count }, (_, i) => {
    const root = forest.find(i);
    if (!number.has(root)) number.set(root, number.size);
    return number.get(root)!;
  });
}
