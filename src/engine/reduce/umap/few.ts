import { createRandom } from "../../random";
import type { StageContext } from "../../types";
import { umapStart } from "../start";
import { goOn, type Laid } from "../watch";
import type { Curve } from "./curve";
import { optimizeFully } from "./full";
import type { WeightedGraph } from "./fuzzy";
import { umapLoss } from "./loss";

/** How far the starts reach that are made of the first axes, as umap-learn's at first; that of the second axes reaches as far as it. */
const REACHES = [10, 3, 6, 20];
/** Share of the epochs after which the start with the least loss is chosen: all where that costs little. */
const TRIAL = { least: 0.2, whole: 100 };
/** What a later start has to be better by, so that the last bits of logarithms don't choose. */
const BETTER = 1 - 1e-6;

/**
 * Lays out few items by the whole gradient: from several starts, each of which leads it another way, and on from the one with the
 * least loss. Only the first and the chosen one are seen to form.
 * @param axes coordinates of the items, one array (count) for each dimension
 * @param others other ones, from which one start is made; null for none
 */
export function layOutFew(
  axes: Float64Array[],
  others: Float64Array[] | null,
  graph: WeightedGraph,
  { epochs, curve, seed }: { epochs: number; curve: Curve; seed: number },
  ctx: StageContext,
): Laid {
  const dims = axes.length as 2 | 3;
  const random = createRandom(seed, 0x57a);
  const starts = REACHES.map((reach) => umapStart(axes, random, reach));
  if (others) starts.push(umapStart(others, random));
  const trial = trialOf(graph.count, epochs);
  const total = (starts.length - 1) * trial + epochs;
  const { show: _, ...unseen } = ctx;
  let steps = 0;
  /** Epochs `from` to `to` of a layout. */
  const lead = (positions: Float32Array, from: number, to: number, part: StageContext): boolean => {
    const onEpoch = (epoch: number, layout: () => Float32Array): boolean =>
      epoch < to && goOn(part, steps + epoch - from, total, layout, dims);
    const done = optimizeFully(positions, dims, graph, { epochs, from, curve, onEpoch });
    steps += done - from;
    return done === to;
  };
  let best = starts[0]!;
  let least = Infinity;
  for (const [at, positions] of starts.entries()) {
    if (!lead(positions, 0, trial, at === 0 ? ctx : unseen)) return { positions: best, done: steps, total };
    const loss = umapLoss(positions, dims, graph, curve);
    if (!(loss < BETTER * least)) continue;
    best = positions;
    least = loss;
  }
  lead(best, trial, epochs, ctx);
  return { positions: best, done: steps, total };
}

/** How many epochs each start is tried for. */
export function trialOf(count: number, epochs: number): number {
  return Math.round(epochs * Math.max(TRIAL.least, Math.min(1, (TRIAL.whole / count) ** 2)));
}
