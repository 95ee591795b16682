import type { Metric } from "../../protocol/recipe";
import { unpackTriangle } from "../../protocol/triangle";
import type { StageContext } from "../types";
import { Forest } from "./forest";
import { hierarchy } from "./hierarchy";

/**
 * A group of the hierarchy, as places in the order of the tree: its halves are [from, mid) and [mid, to). A single item
 * is its own only half.
 */
interface Group {
  from: number;
  mid: number;
  to: number;
  halves?: readonly [Group, Group];
}

/** Pairs of items, by their places in the order of the tree: groups are ranges, so that the inner loops run along rows. */
interface Pairs {
  count: number;
  /** (count × count) */
  distance: Float32Array;
  /** (count × count) the shortest order of the smallest common group that starts with one item and ends with the other. */
  length: Float32Array;
}

/**
 * The order of items in which neighbours are most alike among all orders that keep the groups of an average-linkage
 * hierarchy together (Bar-Joseph, Gifford & Jaakkola 2001: "Fast optimal leaf ordering for hierarchical clustering").
 * O(n³) time at worst, O(n²) memory.
 * @param triangle similarities as of `similarityMatrix`
 * @returns (n) positions; of an order and its mirror the one whose first position is the smaller
 */
export function similarityOrder(triangle: Float32Array, count: number, metric: Metric, ctx: StageContext): Int32Array {
  if (count < 3) return Int32Array.from({ length: count }, (_, i) => i);
  const given = distancesOf(unpackTriangle(triangle, count), count, metric);
  const { groups, items } = treeOf(given, count, ctx);
  const distance = new Float32Array(count * count);
  items.forEach((i, p) => items.forEach((j, q) => (distance[p * count + q] = given[i * count + j]!)));
  const pairs: Pairs = { count, distance, length: new Float32Array(count * count) };
  measure(groups, pairs, ctx);
  const order = trace(groups.at(-1)!, pairs).map((place) => items[place]!);
  return order[0]! <= order.at(-1)! ? order : order.reverse();
}

/** How far two items are apart: 0 for the most alike. Products have no scale of their own: theirs are shares of the largest. */
function distancesOf(values: Float32Array, count: number, metric: Metric): Float32Array {
  switch (metric) {
    case "cosine":
      return values.map((value) => 1 - value);
    case "euclidean":
      return values.map((value) => 1 / Math.max(value, 1e-12) - 1);
    case "dot": {
      const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
      const apart = most - values.reduce((a, b) => Math.min(a, b), Infinity);
      return values.map((value, at) => (at % (count + 1) === 0 || apart === 0 ? 0 : (most - value) / apart));
    }
  }
}

/** The groups of two items or more, halves before the whole, and the item at each place of the tree. */
function treeOf(distance: Float32Array, count: number, ctx: StageContext): { groups: Group[]; items: Int32Array } {
  const squares = distance.map((value) => value * value);
  const joins = hierarchy(squares, count, "average", { ...ctx, report: () => undefined });
  const forest = new Forest(count);
  const members: number[][] = Array.from({ length: count }, (_, i) => [i]);
  const now: Group[] = members.map(() => ({ from: 0, mid: 1, to: 1 }));
  const groups = joins.map(({ a, b }): Group => {
    const [left, right] = [forest.find(a), forest.find(b)];
    const halves = [now[left]!, now[right]!] as const;
    const inLeft = members[left]!.length;
    const joined = members[left]!.concat(members[right]!);
    forest.join(a, b);
    const root = forest.find(a);
    members[root] = joined;
    return (now[root] = { from: 0, mid: inLeft, to: joined.length, halves });
  });
  // From the whole down every group learns where it stands.
  const open = [{ group: groups.at(-1)!, shift: 0 }];
  for (let one = open.pop(); one; one = open.pop()) {
    const { group, shift } = one;
    if (group.halves) {
      open.push({ group: group.halves[0], shift }, { group: group.halves[1], shift: shift + group.mid });
    }
    group.from += shift;
    group.mid += shift;
    group.to += shift;
  }
  return { groups, items: Int32Array.from(members[forest.find(0)]!) };
}

/** Where the other end of a group may be when `place` is one: in its other half. */
const otherEnds = ({ from, mid, to, halves }: Group, place: number): readonly [number, number] =>
  !halves ? [from, to] : place < mid ? [mid, to] : [from, mid];

/** Fills `length`, from the smallest groups to the whole. */
function measure(groups: readonly Group[], { count, distance, length }: Pairs, ctx: StageContext): void {
  const through = new Float32Array(count);
  const all = (count * (count - 1)) / 2;
  let done = 0;
  for (const group of groups) {
    ctx.signal.throwIfAborted();
    const [left, right] = group.halves!;
    for (let u = left.from; u < left.to; u++) {
      // The shortest way from u through the left half to each item of the right one.
      const [mFrom, mTo] = otherEnds(left, u);
      for (let k = right.from; k < right.to; k++) {
        through[k] = leastSum(length, u * count, distance, k * count, mFrom, mTo);
      }
      for (let v = right.from; v < right.to; v++) {
        const [kFrom, kTo] = otherEnds(right, v);
        const best = leastSum(through, 0, length, v * count, kFrom, kTo);
        length[u * count + v] = best;
        length[v * count + u] = best;
      }
    }
    done += (left.to - left.from) * (right.to - right.from);
    ctx.report(done, all);
  }
}

/** The least a[i + at] + b[j + at] over a range of `at`. */
function leastSum(a: Float32Array, i: number, b: Float32Array, j: number, from: number, to: number): number {
  let best = Infinity;
  for (let at = from; at < to; at++) {
    const value = a[i + at]! + b[j + at]!;
    if (value < best) best = value;
  }
  return best;
}

/** The shortest order of the whole: its ends first, then the ends of its halves, and so on. */
function trace(root: Group, { count, distance, length }: Pairs): Int32Array {
  const order = new Int32Array(count);
  const ends = least([root.from, root.mid], [root.mid, root.to], (u, v) => length[u * count + v]!);
  const open = [{ group: root, first: ends[0], last: ends[1], at: 0 }];
  for (let task = open.pop(); task; task = open.pop()) {
    const { group, first, last, at } = task;
    if (!group.halves) {
      order[at] = first;
      continue;
    }
    const [a, b] = first < group.mid ? group.halves : ([group.halves[1], group.halves[0]] as const);
    const [m, k] = least(
      otherEnds(a, first),
      otherEnds(b, last),
      (m, k) => length[first * count + m]! + distance[m * count + k]! + length[k * count + last]!,
    );
    open.push({ group: a, first, last: m, at }, { group: b, first: k, last, at: at + a.to - a.from });
  }
  return order;
}

type Range = readonly [from: number, to: number];

/** The pair of two ranges with the smallest value, the earliest among equals. */
function least(as: Range, bs: Range, value: (a: number, b: number) => number): [number, number] {
  let best = Infinity;
  let pair: [number, number] = [as[0], bs[0]];
  for (let a = as[0]; a < as[1]; a++) {
    for (let b = bs[0]; b < bs[1]; b++) {
      const here = value(a, b);
      if (here < best) {
        best = here;
        pair = [a, b];
      }
    }
  }
  return pair;
}
