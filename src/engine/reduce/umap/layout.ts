import { createRandom } from "../../random";
import type { WeightedGraph } from "./fuzzy";
import { gradientTables } from "./gradient";
import type { Curve } from "./curve";
import { sweep, type Sweep } from "./sweep";

/** Items per partition, and the most partitions: fixed by the number of items alone, never by the number of threads. */
const PARTITION_SIZE = 250;
const PARTITIONS = 16;

export interface LayoutOptions {
  epochs: number;
  curve: Curve;
  seed: number;
  /** Called before every epoch; false ends the layout as it is. May throw to stop. */
  onEpoch: (epoch: number, positions: Float32Array) => boolean;
}

/** Epochs as umap-learn chooses them: 500 up to 10,000 items, 200 above. */
export const epochsFor = (count: number): number => (count <= 10_000 ? 500 : 200);

/**
 * Optimises a layout by stochastic gradient descent (McInnes, Healy & Melville 2018, algorithm 5), in place.
 *
 * An item is moved only by the partition that owns it: towards its neighbours twice as often as umap-learn draws the
 * edge, because there each end of an edge is moved from both sides. Within an epoch a partition sees its own items as
 * they move and all others as they were when the epoch began. The result therefore depends on the number of items and
 * the seed, and not on who computes which partition when.
 * @param positions (count × dims) interleaved
 * @returns epochs that were done: all, unless it was stopped
 */
export function optimizeLayout(
  positions: Float32Array,
  dims: 2 | 3,
  graph: WeightedGraph,
  options: LayoutOptions,
): number {
  const state = prepareSweep(positions, dims, graph, options);
  const layout = state.positions.subarray(0, positions.length);
  let epoch = 0;
  for (; epoch < options.epochs && options.onEpoch(epoch, layout); epoch++) {
    for (let p = 0; p + 1 < state.bounds.length; p++) sweep(state, p, epoch);
    state.positions.copyWithin(0, graph.count * dims);
  }
  positions.set(layout);
  return epoch;
}

export function prepareSweep(
  positions: Float32Array,
  dims: 2 | 3,
  graph: WeightedGraph,
  { epochs, curve, seed }: LayoutOptions,
): Sweep {
  const { count } = graph;
  const partitions = Math.max(1, Math.min(PARTITIONS, Math.floor(count / PARTITION_SIZE)));
  const bounds = Int32Array.from({ length: partitions + 1 }, (_, p) => Math.round((p * count) / partitions));
  const edges = scheduleEdges(graph, bounds, epochs);
  const random = createRandom(seed, 0x0a9);
  const both = new Float32Array(2 * positions.length);
  both.set(positions);
  both.set(positions, positions.length);
  return {
    count,
    dims,
    epochs,
    bounds,
    ...edges,
    positions: both,
    random: Uint32Array.from({ length: partitions }, () => 1 + random.below(0xffff_fffe)),
    ...gradientTables(curve),
  };
}

/** The edges that are strong enough to be drawn at all, with the epochs between two draws. */
function scheduleEdges(
  { count, start, target, weight }: WeightedGraph,
  bounds: Int32Array,
  epochs: number,
): Pick<Sweep, "start" | "target" | "interval" | "next"> {
  let strongest = 0;
  for (const value of weight) strongest = Math.max(strongest, value);
  const least = strongest / epochs;
  const kept = new Int32Array(count + 1);
  const targets = new Int32Array(target.length);
  const interval = new Float32Array(target.length);
  let filled = 0;
  let partition = 0;
  for (let i = 0; i < count; i++) {
    while (i >= bounds[partition + 1]!) partition++;
    const low = bounds[partition]!;
    const high = bounds[partition + 1]!;
    kept[i] = filled;
    for (let at = start[i]!; at < start[i + 1]!; at++) {
      if (weight[at]! < least) continue;
      const j = target[at]!;
      // Positions are held twice: as the epoch began (0 .. count) and as they move (count .. 2·count).
      targets[filled] = j >= low && j < high ? j + count : j;
      interval[filled++] = strongest / weight[at]! / 2;
    }
  }
  kept[count] = filled;
  return {
    start: kept,
    target: targets.slice(0, filled),
    interval: interval.slice(0, filled),
    next: interval.slice(0, filled),
  };
}
