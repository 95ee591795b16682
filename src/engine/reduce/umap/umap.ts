import { createRandom } from "../../random";
import type { Matrix, NeighborGraph, StageContext } from "../../types";
import { principalComponents } from "../pca";
import { goOn, type Laid } from "../watch";
import { umapStart } from "../start";
import { fitCurve } from "./curve";
import { FULL_LIMIT, optimizeFully } from "./full";
import { fuzzyGraph } from "./fuzzy";
import { epochsFor, optimizeLayout } from "./layout";

/**
 * UMAP (McInnes, Healy & Melville 2018) with the constants of umap-learn.
 * @param matrix (n × d) vectors, for the start
 * @param graph n − 1 or `neighbors` − 1 nearest neighbours of each item, distances not negative
 */
export async function umap(
  matrix: Matrix,
  graph: NeighborGraph,
  { dims, minDist, seed, threads }: { dims: 2 | 3; minDist: number; seed: number; threads: number },
  ctx: StageContext,
): Promise<Laid> {
  const quiet = { ...ctx, report: () => undefined };
  const { scores } = await principalComponents(matrix, dims, "start", seed, quiet);
  const fuzzy = fuzzyGraph(graph);
  const curve = fitCurve(minDist);
  const epochs = epochsFor(graph.count);
  const onEpoch = (epoch: number, layout: () => Float32Array): boolean => goOn(ctx, epoch, epochs, layout, dims);
  const positions = umapStart(scores, createRandom(seed, 0x57a));
  const done =
    graph.count <= FULL_LIMIT
      ? optimizeFully(positions, dims, fuzzy, { epochs, curve, onEpoch })
      : await optimizeLayout(positions, dims, fuzzy, { epochs, curve, seed, threads, onEpoch });
  return { positions, done, total: epochs };
}
