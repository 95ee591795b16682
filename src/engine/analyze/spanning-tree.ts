import type { Matrix, StageContext } from "../types";
import { Smallest } from "../linear/best";
import { Forest } from "./forest";
import { SquaredDistances } from "./pairs";

export interface Edge {
  a: number;
  b: number;
  length: number;
}

/**
 * The minimum spanning tree by mutual reachability: the distance of two items, or the core distance of either when that
 * is larger (Campello, Moulavi & Sander 2013). Borůvka's algorithm, each round one pass over all pairs.
 * @param minSamples the core distance reaches the minSamples-th item, itself counted
 * @returns n − 1 edges, ascending
 */
export async function reachabilityTree(matrix: Matrix, minSamples: number, ctx: StageContext): Promise<Edge[]> {
  const { rows } = matrix;
  const distances = await SquaredDistances.of(matrix, 6);
  const core = await coreSquares(distances, minSamples, ctx);
  const forest = new Forest(rows);
  const edges: Edge[] = [];
  while (edges.length < rows - 1) {
    const root = Int32Array.from({ length: rows }, (_, i) => forest.find(i));
    const best = new Float64Array(rows).fill(Infinity);
    const from = new Int32Array(rows);
    const to = new Int32Array(rows);
    await distances.forEachRow(ctx, (i, squares) => {
      const own = root[i]!;
      const ownCore = core[i]!;
      let least = best[own]!;
      for (let j = 0; j < rows; j++) {
        if (root[j] === own) continue;
        const square = squares[j]!;
        const reach = square > ownCore ? square : ownCore;
        const mutual = reach > core[j]! ? reach : core[j]!;
        // Among equals the smallest pair wins, so that two sets never choose different edges in a ring.
        if (mutual < least || (mutual === least && isBefore(i, j, from[own]!, to[own]!))) {
          least = mutual;
          from[own] = i;
          to[own] = j;
        }
      }
      best[own] = least;
    });
    for (let set = 0; set < rows; set++) {
      if (best[set] === Infinity) continue;
      const a = from[set]!;
      const b = to[set]!;
      if (forest.join(a, b)) edges.push({ a, b, length: Math.sqrt(best[set]!) });
    }
  }
  return edges.sort((p, q) => p.length - q.length || p.a - q.a || p.b - q.b);
}

function isBefore(a: number, b: number, c: number, d: number): boolean {
  const low = Math.min(a, b);
  const other = Math.min(c, d);
  return low < other || (low === other && Math.max(a, b) < Math.max(c, d));
}

async function coreSquares(distances: SquaredDistances, minSamples: number, ctx: StageContext): Promise<Float64Array> {
  const core = new Float64Array(distances.rows);
  const near = new Smallest(Math.min(minSamples, distances.rows));
  await distances.forEachRow(ctx, (i, squares) => {
    near.clear();
    for (let j = 0; j < squares.length; j++) if (squares[j]! < near.limit) near.add(j, squares[j]!);
    core[i] = near.value[near.count - 1]!;
  });
  return core;
}
