// HDBSCAN as its papers define it, written for tests alone and unlike the engine's: every pair is looked at, levels are
// walked from the sparsest to the densest, and components are found anew at each of them. Far too slow for anything else.

/** A cluster of the condensed tree. Lambda is 1 / distance. */
interface Node {
  parent: Node | null;
  birth: number;
  children: Node[];
  /** Lambda at which each item left: it fell out, or the cluster split. */
  left: Map<number, number>;
}

/** (n × n) the distance of two items, or the core distance of either when that is larger (Campello et al. 2013). */
export function mutualReachability(rows: readonly (readonly number[])[], minSamples: number): number[][] {
  const distance = rows.map((a) => rows.map((b) => Math.hypot(...a.map((value, c) => value - b[c]!))));
  const core = distance.map((row) => [...row].sort((a, b) => a - b)[Math.min(minSamples, rows.length) - 1]!);
  return distance.map((row, i) => row.map((value, j) => Math.max(value, core[i]!, core[j]!)));
}

/**
 * The clusters with the most excess of mass (McInnes & Healy 2017, "Accelerated hierarchical density based clustering").
 * @returns (n) clusters, -1 is noise
 */
export function slowHdbscan(reach: readonly (readonly number[])[], minSize: number): number[] {
  const n = reach.length;
  const root: Node = { parent: null, birth: 0, children: [], left: new Map() };
  const levels = [...new Set(reach.flatMap((row, i) => row.filter((_, j) => j > i)))].sort((a, b) => b - a);
  let open: { node: Node; members: number[] }[] = [{ node: root, members: [...Array(n).keys()] }];
  for (const level of levels) {
    const lambda = density(level);
    open = open.flatMap(({ node, members }) => {
      // What holds together by pairs that are nearer than this level.
      const parts = components(members, (i, j) => reach[i]![j]! < level);
      if (parts.length === 1) return [{ node, members }];
      const large = parts.filter((part) => part.length >= minSize);
      const kept = large.length > 1 ? [] : large;
      for (const part of parts) if (!kept.includes(part)) for (const item of part) node.left.set(item, lambda);
      if (large.length <= 1) return kept.map((part) => ({ node, members: part }));
      return large.map((part) => {
        const child: Node = { parent: node, birth: lambda, children: [], left: new Map() };
        node.children.push(child);
        return { node: child, members: part };
      });
    });
  }
  for (const { node, members } of open) for (const item of members) node.left.set(item, density(0));
  const clusters = root.children.flatMap((child) => choose(child).nodes);
  const out = new Array<number>(n).fill(-1);
  clusters.forEach((node, number) => below(node).forEach((item) => (out[item] = number)));
  return out;
}

/** As in the engine: equal items count as very dense, not as endlessly dense. */
const density = (distance: number): number => Math.min(1 / distance, 1e12);

const stability = (node: Node): number => [...node.left.values()].reduce((sum, lambda) => sum + lambda - node.birth, 0);

/** A cluster, or the best of those below it when they are the more stable ones together. */
function choose(node: Node): { nodes: Node[]; stability: number } {
  const below = node.children.map(choose);
  const sum = below.reduce((total, one) => total + one.stability, 0);
  const own = stability(node);
  return node.children.length === 0 || own >= sum
    ? { nodes: [node], stability: own }
    : { nodes: below.flatMap(({ nodes }) => nodes), stability: sum };
}

/** All items that were ever in a cluster. */
const below = (node: Node): number[] => [...node.left.keys(), ...node.children.flatMap(below)];

function components(members: readonly number[], tied: (i: number, j: number) => boolean): number[][] {
  const open = new Set(members);
  const parts: number[][] = [];
  for (const first of members) {
    if (!open.delete(first)) continue;
    const part = [first];
    for (const i of part) for (const j of open) if (tied(i, j) && open.delete(j)) part.push(j);
    parts.push(part);
  }
  return parts;
}
