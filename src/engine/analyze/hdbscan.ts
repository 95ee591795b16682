import type { Matrix, StageContext } from "../types";
import { Forest } from "./forest";
import { reachabilityTree, type Edge } from "./spanning-tree";

/**
 * HDBSCAN (Campello, Moulavi & Sander 2013; McInnes & Healy 2017): the clusters of the condensed tree with the most
 * excess of mass. The whole set is not a cluster.
 * @param minSize the smallest group that counts as a cluster
 * @returns (n) clusters, -1 is noise
 */
export async function hdbscan(
  matrix: Matrix,
  { minSize, minSamples }: { minSize: number; minSamples: number },
  ctx: StageContext,
): Promise<Int32Array> {
  return clustersOfTree(await reachabilityTree(matrix, minSamples, ctx), matrix.rows, minSize);
}

/** A merge of single linkage; children below n are items, above n merges. */
interface Merge {
  left: number;
  right: number;
  length: number;
  size: number;
}

/** A cluster of the condensed tree. Density (lambda) is 1 / distance. */
interface Condensed {
  parent: number;
  birth: number;
  stability: number;
  children: number[];
}

/** The clusters that a spanning tree (ascending edges) gives. */
export function clustersOfTree(edges: readonly Edge[], count: number, minSize: number): Int32Array {
  const merges = singleLinkage(edges, count);
  const owner = new Int32Array(count).fill(0);
  const clusters = condense(merges, count, minSize, owner);
  const chosen = mostStable(clusters);
  const number = new Map<number, number>();
  const out = new Int32Array(count).fill(-1);
  for (let i = 0; i < count; i++) {
    let at = owner[i]!;
    while (at > 0 && !chosen[at]) at = clusters[at]!.parent;
    if (at <= 0) continue;
    if (!number.has(at)) number.set(at, number.size);
    out[i] = number.get(at)!;
  }
  return out;
}

function singleLinkage(edges: readonly Edge[], count: number): Merge[] {
  const forest = new Forest(count);
  const node = Int32Array.from({ length: count }, (_, i) => i);
  const merges: Merge[] = [];
  const sizeOf = (at: number): number => (at < count ? 1 : merges[at - count]!.size);
  for (const { a, b, length } of edges) {
    const left = node[forest.find(a)]!;
    const right = node[forest.find(b)]!;
    forest.join(a, b);
    node[forest.find(a)] = count + merges.length;
    merges.push({ left, right, length, size: sizeOf(left) + sizeOf(right) });
  }
  return merges;
}

/**
 * Walks down from the root: a split into two or more groups of at least minSize makes clusters, else items fall out. Ties
 * are cut at once, as Campello et al. say: core distances make many, and an order among them would be chance.
 */
function condense(merges: Merge[], count: number, minSize: number, owner: Int32Array): Condensed[] {
  const clusters: Condensed[] = [{ parent: -1, birth: 0, stability: 0, children: [] }];
  if (merges.length === 0) return clusters;
  const sizeOf = (at: number): number => (at < count ? 1 : merges[at - count]!.size);
  const stack: { node: number; cluster: number }[] = [{ node: count + merges.length - 1, cluster: 0 }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { length } = merges[next.node - count]!;
    const parts = partsBelow(next.node);
    const lambda = length > 0 ? 1 / length : Number.MAX_VALUE;
    const cluster = clusters[next.cluster]!;
    const large = parts.filter((child) => sizeOf(child) >= minSize);
    for (const child of parts) {
      if (sizeOf(child) < minSize) {
        for (const item of itemsBelow(child, merges, count)) {
          owner[item] = next.cluster;
          cluster.stability += excess(lambda, cluster.birth);
        }
      } else if (large.length > 1) {
        cluster.stability += excess(lambda, cluster.birth) * sizeOf(child);
        clusters.push({ parent: next.cluster, birth: lambda, stability: 0, children: [] });
        cluster.children.push(clusters.length - 1);
        descend(child, clusters.length - 1);
      } else descend(child, next.cluster);
    }
  }
  return clusters;

  /** What a merge and those of the same length below it hold together. */
  function partsBelow(node: number): number[] {
    const { length } = merges[node - count]!;
    const parts: number[] = [];
    const open = [node];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at >= count && merges[at - count]!.length === length) {
        open.push(merges[at - count]!.right, merges[at - count]!.left);
      } else parts.push(at);
    }
    return parts;
  }

  function descend(child: number, cluster: number): void {
    if (child >= count) stack.push({ node: child, cluster });
    else owner[child] = cluster;
  }
}

/** Items that are equal have no finite density: they count as very dense, not as endless. */
const excess = (lambda: number, birth: number): number => Math.min(lambda, 1e12) - Math.min(birth, 1e12);

function* itemsBelow(node: number, merges: Merge[], count: number): Generator<number> {
  const stack = [node];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (at < count) yield at;
    else stack.push(merges[at - count]!.left, merges[at - count]!.right);
  }
}

/** From the leaves up: a cluster stands when it is more stable than the best of what is below it. */
function mostStable(clusters: Condensed[]): boolean[] {
  const chosen = clusters.map(() => false);
  const best = new Float64Array(clusters.length);
  for (let at = clusters.length - 1; at > 0; at--) {
    const { children, stability } = clusters[at]!;
    const below = children.reduce((sum, child) => sum + best[child]!, 0);
    chosen[at] = children.length === 0 || stability >= below;
    best[at] = Math.max(stability, below);
  }
  // Only the topmost counts.
  for (let at = 1; at < clusters.length; at++) {
    for (let up = clusters[at]!.parent; up > 0; up = clusters[up]!.parent) if (chosen[up]) chosen[at] = false;
  }
  return chosen;
}
