import { createRandom } from "../../random";
import type { Matrix, NeighborGraph, StageContext } from "../../types";
import { principalComponents } from "../pca";
import { conditionalProbabilities, jointProbabilities, type Affinities } from "./affinity";
import type { Laid } from "../watch";
import { descend, SCHEDULE, type Repulsion } from "./descent";
import { barnesHutRepulsion } from "./barnes-hut";
import { attraction, divergence, exactRepulsion } from "./exact";
import { createGrid, gridSizes } from "./grid";
import { interpolatedRepulsion } from "./interpolation";

/** Up to this many items every pair counts. */
export const EXACT_LIMIT = 500;
/** Up to so many items it is a tree, above a grid. */
export const GRID_LIMIT = 10_000;
/** What n² a grid may have for each item, where a step of it costs up to twice one of the tree but is truer, and n at most. */
const GRID = { perItem: 35, most: 864 };
/** Starts of which the best is kept, where every pair counts: as many as cost what the most cost for a hundred items. */
const STARTS = { least: 4, most: 32, items: 100 };
/** Standard deviation of the first axis at the start. */
const START_DEVIATION = 1e-4;

/** The perplexity that can be reached: a third of the other items, at least 1. */
export const usablePerplexity = (wanted: number, count: number): number =>
  Math.max(1, Math.min(wanted, (count - 1) / 3));

/** Neighbours that carry the affinities: three times the perplexity, as scikit-learn. */
export function tsneNeighbors(perplexity: number, count: number): number {
  return Math.min(count - 1, Math.floor(3 * usablePerplexity(perplexity, count) + 1));
}

/** How many starts a layout of so many items takes. */
export function startsFor(count: number): number {
  if (count > EXACT_LIMIT) return 1;
  const { least, most, items } = STARTS;
  return Math.max(least, Math.min(most, Math.floor(most * (items / count) ** 2)));
}

/**
 * t-SNE (van der Maaten & Hinton 2008) with scikit-learn's conventions: PCA start with standard deviation 1e-4, early
 * exaggeration 12 for 250 of 1000 iterations. Of few items, whose layout hangs on the noise of its start, the layout with
 * the least divergence of several starts, as van der Maaten advises.
 * @param graph `tsneNeighbors` nearest neighbours of each item, distances not negative
 */
export async function tsne(
  matrix: Matrix,
  graph: NeighborGraph,
  { dims, perplexity, seed }: { dims: 2 | 3; perplexity: number; seed: number },
  ctx: StageContext,
): Promise<Laid> {
  const { count } = graph;
  const starts = startsFor(count);
  const { attract, repel, judge } = forcesOf(graph, perplexity, dims, starts > 1);
  const nextStart = await tsneStarts(matrix, dims, seed, ctx);
  const { iterations } = SCHEDULE;
  const total = starts * iterations;
  let best: Float64Array = new Float64Array(0);
  let least = Infinity;
  let done = 0;
  for (let start = 0; start < starts && done === start * iterations; start++) {
    const positions = nextStart();
    done += descend(positions, count, attract, repel, SCHEDULE, partOf(ctx, start, total));
    // A layout that was stopped half-way is worth less than a whole one.
    if (start > 0 && done < (start + 1) * iterations) break;
    const left = judge?.(positions) ?? 0;
    if (start > 0 && !(left < least)) continue;
    best = positions;
    least = left;
  }
  return { positions: Float32Array.from(best), done, total };
}

/** The forces of a layout, and the divergence that it leaves where layouts are to be judged: else the affinities would be kept for nothing. */
function forcesOf(graph: NeighborGraph, perplexity: number, dims: 2 | 3, isJudged: boolean) {
  const affinities = jointProbabilities(graph, conditionalProbabilities(graph, perplexity));
  const [attract, repel] = [attraction(affinities, dims), repulsionFor(graph.count, dims)];
  return { attract, repel, judge: isJudged ? judgeBy(affinities, dims, repel) : null };
}

function judgeBy(affinities: Affinities, dims: 2 | 3, repel: Repulsion): (positions: Float64Array) => number {
  return (positions) => divergence(affinities, positions, dims, repel);
}

/** What a start reports, as a part of all steps; only the first is seen to form. */
function partOf({ show, ...ctx }: StageContext, start: number, total: number): StageContext {
  const before = start * SCHEDULE.iterations;
  const report = (done: number): void => ctx.report(before + done, total);
  if (!show || start > 0) return { ...ctx, report };
  return { ...ctx, report, show: (done, _, columns) => show(done, total, columns) };
}

/** Nodes on each axis that a grid for so many items has at most. */
export const largestGrid = (count: number): number =>
  gridSizes(Math.min(GRID.most, Math.sqrt(GRID.perItem * count))).at(-1)!;

/** Every pair, the tree of Barnes and Hut, or interpolation on a grid, but for layouts so wide that the tree is cheaper. */
export function repulsionFor(count: number, dims: 2 | 3): Repulsion {
  if (count <= EXACT_LIMIT) return exactRepulsion(count, dims);
  const grid = count > GRID_LIMIT && dims === 2 ? createGrid(largestGrid(count), count) : null;
  if (!grid) return barnesHutRepulsion(count, dims);
  return interpolatedRepulsion(grid, count, () => barnesHutRepulsion(count, dims));
}

/**
 * Makes one start after the other: the principal components, so scaled that the first has standard deviation 1e-4; a
 * hundredth of it in noise parts equals.
 */
export async function tsneStarts(
  matrix: Matrix,
  dims: 2 | 3,
  seed: number,
  ctx: StageContext,
): Promise<() => Float64Array> {
  const { scores } = await principalComponents(matrix, dims, "start", seed, { ...ctx, report: () => undefined });
  const random = createRandom(seed, 0x75e);
  const count = matrix.rows;
  const deviation = Math.sqrt(scores[0]!.reduce((sum, value) => sum + value * value, 0) / count);
  const scale = deviation > 0 ? START_DEVIATION / deviation : 0;
  const noises = scores.map((axis) => START_DEVIATION * (axis.every((value) => value === 0) ? 1 : 0.01));
  return () => {
    const out = new Float64Array(count * dims);
    scores.forEach((axis, d) => {
      const noise = noises[d]!;
      // In float32, as the last bits of logarithms differ between machines.
      for (let i = 0; i < count; i++) out[i * dims + d] = Math.fround(axis[i]! * scale + noise * random.normal());
    });
    return out;
  };
}
