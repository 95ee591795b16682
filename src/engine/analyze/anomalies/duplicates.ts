import type { DuplicateGroup } from "../../../protocol/explore";
import type { NeighborGraph, StageContext } from "../../types";
import { Forest } from "../forest";
import type { Likeness } from "./likeness";

/** Similarities from here on may be those of the same vectors. */
const NEARLY_SAME = 1 - 1e-6;
/** Pairs that are looked at beyond the graph (their bits take 50 MB), and numbers that are multiplied for it: some seconds. */
const MOST_PAIRS = 400_000_000;
const MOST_WORK = 200_000_000_000;

/**
 * Groups of items that are the same, and of items that are as similar as `threshold` to the one in the middle of their group:
 * those with the most such items come first and take what is still free. Chains of items, each near to the next, are no group.
 * The same vectors come first, then the most similar; the same vectors with others near to them are in a group of each kind.
 *
 * An item whose nearest are all as similar may have more such items than the graph knows: those are looked for among all that
 * have any, while these are not too many.
 * @param graph the nearest of each item; ties count in both directions
 */
export async function duplicateGroups(
  graph: NeighborGraph,
  likeness: Likeness,
  threshold: number,
  ctx: StageContext,
): Promise<DuplicateGroup[]> {
  const same = new Forest(graph.count);
  const ties = tiesOf(graph, likeness, Math.min(threshold, NEARLY_SAME));
  for (const { a, b, value } of ties) if (value >= NEARLY_SAME && likeness.same(a, b)) same.join(a, b);
  const members = new Map<number, number[]>();
  for (let i = 0; i < graph.count; i++) append(members, same.find(i), i);
  const least = new Map<number, number>();
  const known = new Map<number, Set<number>>();
  for (const { a, b, value } of ties) {
    const [x, y] = [same.find(a), same.find(b)];
    if (x === y) least.set(x, Math.min(value, least.get(x) ?? 1));
    else if (value >= threshold) {
      add(known, x, y);
      add(known, y, x);
    }
  }
  const near = await completed(known, members, graph, likeness, threshold, ctx);
  const middles = near.roots
    .map((root) => ({ root, size: near.sizeOf(root) }))
    .sort((p, q) => q.size - p.size || p.root - q.root)
    .map(({ root }) => root);
  const exact = [...members]
    .filter(([, items]) => items.length > 1)
    .map(([root, items]) => ({ items, exact: true, similarity: least.get(root) ?? 1 }));
  const taken = new Set<number>();
  const similar = middles.flatMap((middle): DuplicateGroup[] => {
    if (taken.has(middle)) return [];
    const around = near.of(middle).filter((root) => !taken.has(root));
    if (around.length === 0) return [];
    for (const root of [middle, ...around]) taken.add(root);
    const items = [middle, ...around].flatMap((root) => members.get(root)!).sort((a, b) => a - b);
    const similarity = around.reduce((low, root) => Math.min(low, likeness.between(middle, root)), 1);
    return [{ items, exact: false, similarity }];
  });
  return [...exact, ...similar].sort(
    (p, q) => Number(q.exact) - Number(p.exact) || q.similarity - p.similarity || p.items[0]! - q.items[0]!,
  );
}

/** What is similar to what; items stand for all that are the same. */
interface Near {
  /** Those that have similar ones. */
  roots: number[];
  sizeOf(root: number): number;
  of(root: number): number[];
}

/** With what the graph cannot know: other items around those whose nearest are all similar to them. */
async function completed(
  known: Map<number, Set<number>>,
  members: ReadonlyMap<number, readonly number[]>,
  { k, distance }: NeighborGraph,
  likeness: Likeness,
  threshold: number,
  ctx: StageContext,
): Promise<Near> {
  const isFull = (item: number): boolean => likeness.at(distance[(item + 1) * k - 1]!) >= threshold;
  const full = Int32Array.from([...members].flatMap(([root, items]) => (k > 0 && items.every(isFull) ? [root] : [])));
  const rowOf = new Map(Array.from(full, (root, row) => [root, row]));
  const columns = Int32Array.from([...new Set([...known.keys(), ...full])]);
  const pairs = full.length * columns.length;
  const few = pairs <= MOST_PAIRS && pairs * likeness.cols <= MOST_WORK;
  const bits = full.length > 0 && few ? await likeness.similar(full, columns, threshold, ctx) : null;
  if (bits) {
    const columnOf = new Map(Array.from(columns, (root, column) => [root, column]));
    for (const [root, row] of rowOf) for (const other of known.get(root) ?? []) bits.set(row, columnOf.get(other)!);
  }
  const rowIn = (root: number): number | undefined => (bits ? rowOf.get(root) : undefined);
  const sizeOf = (root: number): number => {
    const row = rowIn(root);
    return row === undefined ? (known.get(root)?.size ?? 0) : bits!.count(row);
  };
  return {
    roots: Array.from(columns).filter((root) => sizeOf(root) > 0),
    sizeOf,
    of: (root) => {
      const row = rowIn(root);
      return row === undefined ? [...(known.get(root) ?? [])] : bits!.of(row).map((column) => columns[column]!);
    },
  };
}

function tiesOf({ count, k, index, distance }: NeighborGraph, likeness: Likeness, from: number) {
  const ties: { a: number; b: number; value: number }[] = [];
  for (let at = 0; at < count * k; at++) {
    const value = likeness.at(distance[at]!);
    if (value >= from) ties.push({ a: Math.floor(at / k), b: index[at]!, value });
  }
  return ties;
}

function append(lists: Map<number, number[]>, key: number, item: number): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

function add(sets: Map<number, Set<number>>, key: number, item: number): void {
  const set = sets.get(key);
  if (set) set.add(item);
  else sets.set(key, new Set([item]));
}
