import { createRandom } from "../../random";
import type { Matrix, NeighborGraph, StageContext } from "../../types";
import { principalComponents } from "../pca";
import { goOn, type Laid } from "../watch";
import { umapStart } from "../start";
import { fitCurve } from "./curve";
import { layOutFew } from "./few";
import { FULL_LIMIT } from "./full";
import { fuzzyGraph, strongestOf } from "./fuzzy";
import { epochsFor, optimizeLayout } from "./layout";
import { spectralCoordinates } from "./spectral";

/**
 * UMAP (McInnes, Healy & Melville 2018) with the constants of umap-learn. A layout starts from the spectrum of its graph, and where
 * that falls apart from principal components; of few items it is the one with the least loss of several starts, of which one is made
 * of principal components.
 * @param matrix (n × d) vectors, for their principal components
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
  const spectrum = spectralCoordinates(fuzzy, dims, strongestOf(fuzzy) / epochs, createRandom(seed, 0x59e), () =>
    ctx.signal.throwIfAborted(),
  );
  const isFew = graph.count <= FULL_LIMIT;
  const components = isFew || !spectrum ? await componentsOf(matrix, dims, seed, ctx) : null;
  const axes = spectrum ?? components!;
  if (isFew) return layOutFew(axes, spectrum && components, fuzzy, { epochs, curve, seed }, ctx);
  const positions = umapStart(axes, createRandom(seed, 0x57a));
  const onEpoch = (epoch: number, layout: () => Float32Array): boolean => goOn(ctx, epoch, epochs, layout, dims);
  const done = await optimizeLayout(positions, dims, fuzzy, { epochs, curve, seed, threads, onEpoch });
  return { positions, done, total: epochs };
}

async function componentsOf(matrix: Matrix, dims: 2 | 3, seed: number, ctx: StageContext): Promise<Float64Array[]> {
  return (await principalComponents(matrix, dims, "start", seed, { ...ctx, report: () => undefined })).scores;
}
