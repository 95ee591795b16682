import { createRandom } from "../../random";
import type { Matrix, NeighborGraph, StageContext } from "../../types";
import { principalComponents } from "../pca";
import { conditionalProbabilities, jointProbabilities } from "./affinity";
import type { Laid } from "../watch";
import { descend, SCHEDULE, type Repulsion } from "./descent";
import { barnesHutRepulsion } from "./barnes-hut";
import { attraction, exactRepulsion } from "./exact";
import { gridSize, interpolatedRepulsion } from "./interpolation";

/** Up to this many items every pair counts. */
export const EXACT_LIMIT = 500;
/** From so many items a grid can be cheaper than a tree. */
export const GRID_LIMIT = 20_000;
/** A step of interpolation on a grid of n × n costs less than one of the tree up to so many n² for each item (bench). */
const GRID_PER_ITEM = 10;
/** Standard deviation of the first axis at the start. */
const START_DEVIATION = 1e-4;

/** The perplexity that can be reached: a third of the other items, at least 1. */
export const usablePerplexity = (wanted: number, count: number): number =>
  Math.max(1, Math.min(wanted, (count - 1) / 3));

/** Neighbours that carry the affinities: three times the perplexity, as scikit-learn. */
export function tsneNeighbors(perplexity: number, count: number): number {
  return Math.min(count - 1, Math.floor(3 * usablePerplexity(perplexity, count) + 1));
}

/**
 * t-SNE (van der Maaten & Hinton 2008) with scikit-learn's conventions: PCA start with standard deviation 1e-4, early
 * exaggeration 12 for 250 of 1000 iterations.
 * @param graph `tsneNeighbors` nearest neighbours of each item, distances not negative
 */
export async function tsne(
  matrix: Matrix,
  graph: NeighborGraph,
  { dims, perplexity, seed }: { dims: 2 | 3; perplexity: number; seed: number },
  ctx: StageContext,
): Promise<Laid> {
  const affinities = jointProbabilities(graph, conditionalProbabilities(graph, perplexity));
  const positions = await tsneStart(matrix, dims, seed, ctx);
  const repel = repulsionFor(graph.count, dims);
  const done = descend(positions, graph.count, attraction(affinities, dims), repel, SCHEDULE, ctx);
  return { positions: Float32Array.from(positions), done, total: SCHEDULE.iterations };
}

/** Every pair, the tree of Barnes and Hut, or, as long as it is the cheaper one, interpolation on a grid. */
export function repulsionFor(count: number, dims: 2 | 3): Repulsion {
  if (count <= EXACT_LIMIT) return exactRepulsion(count, dims);
  const tree = barnesHutRepulsion(count, dims);
  if (count <= GRID_LIMIT || dims === 3) return tree;
  const grid = interpolatedRepulsion(count);
  return (positions, force) =>
    gridSize(positions) ** 2 <= GRID_PER_ITEM * count ? grid(positions, force) : tree(positions, force);
}

/** The principal components, so scaled that the first has standard deviation 1e-4; a hundredth of it in noise parts equals; in float32, as the last bits of logarithms differ between machines. */
export async function tsneStart(matrix: Matrix, dims: 2 | 3, seed: number, ctx: StageContext): Promise<Float64Array> {
  const { scores } = await principalComponents(matrix, dims, "start", seed, { ...ctx, report: () => undefined });
  const random = createRandom(seed, 0x75e);
  const count = matrix.rows;
  const deviation = Math.sqrt(scores[0]!.reduce((sum, value) => sum + value * value, 0) / count);
  const scale = deviation > 0 ? START_DEVIATION / deviation : 0;
  const out = new Float64Array(count * dims);
  scores.forEach((axis, d) => {
    const flat = axis.every((value) => value === 0);
    const noise = START_DEVIATION * (flat ? 1 : 0.01);
    for (let i = 0; i < count; i++) out[i * dims + d] = Math.fround(axis[i]! * scale + noise * random.normal());
  });
  return out;
}
