import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "../../src/engine/random";
import { umapStart } from "../../src/engine/reduce/start";
import { conditionalProbabilities, jointProbabilities } from "../../src/engine/reduce/tsne/affinity";
import { descend, SCHEDULE } from "../../src/engine/reduce/tsne/descent";
import { attraction, exactRepulsion } from "../../src/engine/reduce/tsne/exact";
import { fitCurve } from "../../src/engine/reduce/umap/curve";
import { layOutFew } from "../../src/engine/reduce/umap/few";
import { fuzzyGraph, strongestOf } from "../../src/engine/reduce/umap/fuzzy";
import { optimizeLayout } from "../../src/engine/reduce/umap/layout";
import { spectralCoordinates } from "../../src/engine/reduce/umap/spectral";
import type { NeighborGraph } from "../../src/engine/types";
import { quiet } from "./numerics";

/** Layouts of a graph, each (count × 2) interleaved. */
export interface Layouts {
  /** The spectral coordinates, scaled as UMAP starts. */
  start: number[];
  /** UMAP by draws: the first 3 of 500 epochs, and all. */
  umapBegin: number[];
  umap: number[];
  /** UMAP by its whole gradient, for few items. */
  umapFull: number[];
  /** t-SNE of perplexity 3, the first 30 of 1,000 iterations, and all. */
  tsneBegin: number[];
  tsne: number[];
}

/** What the engine makes of a graph alone: no vectors, one seed. */
export async function layoutsOf(graph: NeighborGraph): Promise<Layouts> {
  const epochs = 500;
  const fuzzy = fuzzyGraph(graph);
  const least = strongestOf(fuzzy) / epochs;
  const axes = spectralCoordinates(fuzzy, 2, least, createRandom(1), () => undefined);
  if (!axes) throw new Error("the committed graph should be connected");
  const start = umapStart(axes, createRandom(3));
  const curve = fitCurve(0.1);
  const umap = async (most: number): Promise<Float32Array> => {
    const positions = start.slice();
    const options = { epochs, curve, seed: 4, threads: 1, onEpoch: (epoch: number) => epoch < most };
    await optimizeLayout(positions, 2, fuzzy, options);
    return positions;
  };
  const joint = jointProbabilities(graph, conditionalProbabilities(graph, 3));
  const tsne = (most: number): Float64Array => {
    const positions = Float64Array.from(start, (value) => Math.fround((value - 5) * 1e-4));
    const ctx = { ...quiet, enough: () => left-- === 0 };
    let left = most;
    descend(positions, graph.count, attraction(joint, 2), exactRepulsion(graph.count, 2), SCHEDULE, ctx);
    return positions;
  };
  return {
    start: [...start],
    umapBegin: [...(await umap(3))],
    umap: [...(await umap(epochs))],
    umapFull: [...layOutFew(axes, null, fuzzy, { epochs, curve, seed: 4 }, quiet).positions],
    tsneBegin: [...tsne(30)],
    tsne: [...tsne(SCHEDULE.iterations)],
  };
}

/** The committed graph and the layouts that were recorded of it. */
export function recordedLayouts(): { graph: NeighborGraph; layouts: Layouts } {
  const file = join(__dirname, "..", "golden", "layouts.json");
  const read = JSON.parse(readFileSync(file, "utf8")) as {
    count: number;
    index: number[];
    distance: number[];
  } & Layouts;
  const { count, index, distance } = read;
  const k = index.length / count;
  return {
    graph: { count, k, index: Int32Array.from(index), distance: Float32Array.from(distance) },
    layouts: read,
  };
}
