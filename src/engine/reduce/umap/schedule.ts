import { createRandom } from "../../random";
import type { SimdMemory } from "../../simd/simd";
import { planRounds, type Rounds } from "./blocks";
import type { Curve } from "./curve";
import { strongestOf, type WeightedGraph } from "./fuzzy";
import { gradientTables, TABLE_SIZE } from "./gradient";
import { strideOf, type Sweep } from "./sweep";

/** Where the arrays of a layout live: ordinary memory, or that of the kernels. */
type Arrays = Pick<SimdMemory, "float32" | "int32">;

const ORDINARY: Arrays = {
  float32: (length) => new Float32Array(length),
  int32: (length) => new Int32Array(length),
};

/** The edges of a layout by block, before they are laid into memory. */
export interface Plan {
  rounds: Rounds;
  /** (blocks + 1) */
  begin: Int32Array;
  strongest: number;
}

/** Cuts the edges that are strong enough to be drawn at all into blocks. */
export function planEdges(graph: WeightedGraph, parts: number, epochs: number): Plan {
  const rounds = planRounds(parts);
  const blocks = rounds.rounds[rounds.rounds.length - 1]!.to;
  const strongest = strongestOf(graph);
  const begin = new Int32Array(blocks + 1);
  forEachEdge(graph, rounds, strongest / epochs, (_at, _i, b) => begin[b + 1]!++);
  for (let b = 0; b < blocks; b++) begin[b + 1]! += begin[b]!;
  return { rounds, begin, strongest };
}

/** Bytes that `laySweep` takes. */
export function bytesOf({ begin }: Plan, count: number, dims: 2 | 3): number {
  const blocks = begin.length - 1;
  return 4 * (4 * begin[blocks]! + 2 * count * strideOf(dims) + 2 * TABLE_SIZE + 2 * blocks + 64) + 256;
}

/** Lays the edges and the start of a layout into memory. */
export function laySweep(
  positions: Float32Array,
  dims: 2 | 3,
  graph: WeightedGraph,
  { rounds, begin, strongest }: Plan,
  { epochs, curve, seed }: { epochs: number; curve: Curve; seed: number },
  arrays: Arrays = ORDINARY,
): Sweep {
  const { count } = graph;
  const blocks = begin.length - 1;
  const size = begin[blocks]!;
  const start = copy(arrays.int32(begin.length), begin);
  const head = arrays.int32(size);
  const tail = arrays.int32(size);
  const interval = arrays.float32(size);
  const fill = begin.slice();
  forEachEdge(graph, rounds, strongest / epochs, (at, i, b) => {
    const place = fill[b]!++;
    head[place] = i;
    tail[place] = graph.target[at]!;
    interval[place] = strongest / graph.weight[at]!;
  });
  const stride = strideOf(dims);
  const own = arrays.float32(count * stride);
  for (let i = 0; i < count; i++) for (let d = 0; d < dims; d++) own[i * stride + d] = positions[i * dims + d]!;
  const random = createRandom(seed, 0x0a9);
  const states = Int32Array.from({ length: blocks }, () => 1 + random.below(0x7fff_fffe));
  const tables = gradientTables(curve);
  return {
    count,
    dims,
    epochs,
    start,
    head,
    tail,
    interval,
    next: copy(arrays.float32(size), interval),
    positions: own,
    // One part alone sees everything as it moves.
    pushers: rounds.parts === 1 ? own : copy(arrays.float32(own.length), own),
    random: copy(arrays.int32(blocks), states),
    pull: copy(arrays.float32(TABLE_SIZE), tables.pull),
    push: copy(arrays.float32(TABLE_SIZE), tables.push),
  };
}

function forEachEdge(
  { count, start, target, weight }: WeightedGraph,
  { parts, block }: Rounds,
  least: number,
  visit: (at: number, item: number, block: number) => void,
): void {
  // Dealt out like cards: files are often sorted, and a part of like items would be swept at once.
  const partOf = (i: number): number => i % parts;
  for (let i = 0; i < count; i++) {
    const row = partOf(i) * parts;
    for (let at = start[i]!; at < start[i + 1]!; at++) {
      if (weight[at]! >= least) visit(at, i, block[row + partOf(target[at]!)]!);
    }
  }
}

function copy<T extends Float32Array | Int32Array>(to: T, from: T): T {
  to.set(from);
  return to;
}
