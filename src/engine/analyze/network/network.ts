import { NETWORK_LIMIT } from "../../../protocol/constants";
import type { Network, NetworkSettings } from "../../../protocol/explore";
import type { Metric } from "../../../protocol/recipe";
import { createRandom, sampleIndices } from "../../random";
import type { Matrix, StageContext } from "../../types";
import { gatherRows } from "../gather";
import { nearestNeighbors } from "../neighbors";
import { similarityOf } from "../similarity";
import { forceLayout } from "./layout";

/** Separates the generator of the sample from the others of a seed. */
const STREAM = 0x6f;

interface NetworkInput {
  matrix: Matrix;
  metric: Metric;
  seed: number;
  settings: NetworkSettings;
  /** Items at most; of more a seeded sample is taken. */
  limit: number;
}

/** The k-nearest-neighbour graph with its ties weighted by similarity; of as many items as can be drawn laid out by forces. */
export async function network(input: NetworkInput, ctx: StageContext): Promise<Network> {
  const { metric, seed, settings } = input;
  const total = input.matrix.rows;
  const index = sampleIndices(total, input.limit, createRandom(seed, STREAM));
  const matrix = index.length < total ? gatherRows(input.matrix, index) : input.matrix;
  const drawn = index.length <= NETWORK_LIMIT;
  const graph = await nearestNeighbors(matrix, settings.k, metric, drawn ? { ...ctx, report: () => undefined } : ctx);
  const ties = new Map<number, { a: number; b: number; weight: number }>();
  for (let at = 0; at < graph.index.length; at++) {
    const i = Math.floor(at / graph.k);
    const j = graph.index[at]!;
    const [a, b] = i < j ? [i, j] : [j, i];
    if (ties.has(a * graph.count + b)) continue;
    ties.set(a * graph.count + b, { a, b, weight: similarityOf(matrix, a, b, metric) });
  }
  const all = [...ties.values()];
  const least = all.reduce((low, { weight }) => Math.min(low, weight), all[0]?.weight ?? 0);
  const list = all.filter(({ weight }) => weight >= settings.threshold).sort((p, q) => p.a - q.a || p.b - q.b);
  const source = Int32Array.from(list, ({ a }) => a);
  const target = Int32Array.from(list, ({ b }) => b);
  const weight = Float32Array.from(list, ({ weight }) => weight);
  const places = drawn
    ? forceLayout(index.length, { source, target, pull: pulls(weight) }, seed, ctx)
    : { x: new Float32Array(0), y: new Float32Array(0) };
  return { settings, index, ...places, source, target, weight, least, total };
}

/** The similarities from weakest to strongest as 0.2 to 1: products have no scale of their own. */
function pulls(weight: Float32Array): Float32Array {
  const low = weight.reduce((a, b) => Math.min(a, b), Infinity);
  const high = weight.reduce((a, b) => Math.max(a, b), -Infinity);
  return weight.map((value) => (high > low ? 0.2 + (0.8 * (value - low)) / (high - low) : 1));
}
