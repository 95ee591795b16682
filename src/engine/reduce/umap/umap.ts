import { createRandom } from "../../random";
import type { Matrix, NeighborGraph, StageContext } from "../../types";
import { principalComponents } from "../pca";
import { goOn, type Laid } from "../watch";
import { umapStart } from "../start";
import { fitCurve } from "./curve";
import { layOutFew } from "./few";
import { FULL_LIMIT } from "./full";
import { fuzzyGraph, strongestOf, type WeightedGraph } from "./fuzzy";
import { epochsFor, optimizeLayout } from "./layout";
import { spectralCoordinates } from "./spectral";

/**
 * UMAP (McInnes, Healy & Melville 2018) with the constants of umap-learn. Of few items the layout with the least loss of
 * several starts.
 * @param matrix (n × d) vectors, for the start
 * @param graph n − 1 or `neighbors` − 1 nearest neighbours of each item, distances not negative
 */
export async function umap(
  matrix: Matrix,
  graph: NeighborGraph,
  { dims, minDist, seed, threads }: { dims: 2 | 3; minDist: number; seed: number; threads: number },
  ctx: StageContext,
): Promise<Laid> {
  const fuzzy = fuzzyGraph(graph);
  const curve = fitCurve(minDist);
  const epochs = epochsFor(graph.count);
  const axes = await startingAxes(matrix, fuzzy, { dims, epochs, seed }, ctx);
  if (graph.count <= FULL_LIMIT) return layOutFew(axes, fuzzy, { epochs, curve, seed }, ctx);
  const positions = umapStart(axes, createRandom(seed, 0x57a));
  const onEpoch = (epoch: number, layout: () => Float32Array): boolean => goOn(ctx, epoch, epochs, layout, dims);
  const done = await optimizeLayout(positions, dims, fuzzy, { epochs, curve, seed, threads, onEpoch });
  return { positions, done, total: epochs };
}

/** The axes on which a layout starts: the spectrum of its graph, as in umap-learn; principal components where it falls apart. */
async function startingAxes(
  matrix: Matrix,
  graph: WeightedGraph,
  { dims, epochs, seed }: { dims: 2 | 3; epochs: number; seed: number },
  ctx: StageContext,
): Promise<Float64Array[]> {
  const least = strongestOf(graph) / epochs;
  const onLook = (): void => ctx.signal.throwIfAborted();
  const spectrum = spectralCoordinates(graph, dims, least, createRandom(seed, 0x59e), onLook);
  if (spectrum) return spectrum;
  const { scores } = await principalComponents(matrix, dims, "start", seed, { ...ctx, report: () => undefined });
  return scores;
}
