import type { Forming, LocalModel, Thumbnail } from "../protocol/engine";
import type { ClusterSettings, LongTexts, Metric, Source } from "../protocol/recipe";
import type { Anomalies, Compared, Network, NetworkSettings } from "../protocol/explore";
import type { ItemRecord, Neighbor, Quality } from "../protocol/result";
import type { TablePreview } from "../protocol/table";
import { anomalies } from "./analyze/anomalies/anomalies";
import { compareModels, type CompareArgs } from "./analyze/compare";
import { clusterItems, type Clustering } from "./analyze/cluster";
import { nearestNeighbors, neighborsOf } from "./analyze/neighbors";
import { network } from "./analyze/network/network";
import { labelAccuracy } from "./analyze/label-accuracy";
import { findBadRows } from "./analyze/normalize";
import { similarityOrder } from "./analyze/order";
import { neighborsKeptOf } from "./analyze/point-quality";
import { quality } from "./analyze/quality";
import { distanceCorrelation } from "./analyze/rank-correlation";
import { nearestTo } from "./analyze/search";
import { similarityMatrix, similarityOf } from "./analyze/similarity";
import type { EmbeddedBatch } from "./embed/embedder";
import { EmbedderCache } from "./embed/embedder-cache";
import { thumbnail } from "./embed/thumbnail";
import { fingerprint } from "./items/fingerprint";
import { loadItems } from "./items/load";
import type { Passage } from "./items/passages";
import { passagesOf } from "./long/window";
import { previewTable } from "./items/rows/preview";
import { copyRows, type CopyArgs } from "./items/rows/copy";
import { readRecord } from "./items/rows/record";
import { reduce, type Reduced } from "./reduce/reduce";
import { hashes } from "./store/hashes";
import type { Item, ItemSet, Matrix, NeighborGraph, StageContext } from "./types";

/** Coordinates that a stage after the reduction starts from. */
export interface MapColumns {
  x: Float32Array;
  y: Float32Array;
  z?: Float32Array;
}

export interface EmbedAnswer extends EmbeddedBatch {
  dims: number;
  tensor: string;
}

interface ItemsArgs {
  source: Source;
  base: string;
  documents?: Record<string, string>;
  seed: number;
}

interface ClusterArgs {
  matrix: Matrix;
  map: MapColumns | null;
  settings: ClusterSettings;
  metric: Metric;
  seed: number;
  labels: (string | null)[];
  texts: (string | null)[] | null;
}

const embedders = new EmbedderCache();

/** A vector that is zero or not finite has no direction: it is left out before anything is computed from it. */
async function embed({ model, items }: { model: LocalModel; items: Item[] }): Promise<EmbedAnswer> {
  const embedder = await embedders.get(model);
  const { data, failed, truncated } = await embedder.embed(items);
  const known = new Set(failed.map(({ at }) => at));
  const bad = findBadRows({ rows: items.length, cols: embedder.dims, data }).filter((at) => !known.has(at));
  return {
    data,
    failed: [...failed, ...bad.map((at) => ({ at, reason: "its vector is zero or not a number" }))],
    ...(truncated ? { truncated } : {}),
    dims: embedder.dims,
    tensor: embedder.tensor,
  };
}

interface QualityArgs {
  matrix: Matrix;
  map: MapColumns;
  metric: Metric;
  k: number;
  seed: number;
  graph: NeighborGraph | null;
  /** (n) label of each item as a number, -1 for none. */
  label: Int32Array;
}

/** The figures of the map, and those of each point, or of a sample of them. */
async function judge(args: QualityArgs, ctx: StageContext): Promise<Quality> {
  const { matrix, map, metric, label, seed } = args;
  const near = await quality(args, ctx);
  const correlation = distanceCorrelation(matrix, map, metric, seed);
  const accuracy = await labelAccuracy(matrix, map, metric, label, seed, ctx);
  const figures: Quality = {
    ...near,
    ...(correlation !== null && { distanceCorrelation: correlation }),
    ...(accuracy && { labels: accuracy }),
  };
  if (figures.points?.kept) return figures;
  const kept = await neighborsKeptOf({ ...args, k: figures.k }, ctx);
  return kept ? { ...figures, points: { ...figures.points!, kept } } : figures;
}

/** What a thread of the engine can do, by name. Every argument and answer can be cloned. */
export const TASKS = {
  items: (args: ItemsArgs, ctx: StageContext): Promise<ItemSet> => loadItems(args.source, args, ctx),
  fingerprint: (args: Omit<ItemsArgs, "seed">): Promise<string> => fingerprint(args.source, args.base, args.documents),
  preview: (args: Omit<ItemsArgs, "seed">, ctx: StageContext): Promise<TablePreview> =>
    previewTable(args.source, args, ctx.signal),
  record: (args: Omit<ItemsArgs, "seed"> & { item: Item }, ctx: StageContext): Promise<ItemRecord | null> =>
    readRecord(args.source, args.item, args, ctx.signal),
  copy: (args: CopyArgs, ctx: StageContext): Promise<string> => copyRows(args, ctx),
  embed,
  passages: (
    args: { model: LocalModel; texts: string[]; long: LongTexts },
    ctx: StageContext,
  ): Promise<(Passage[] | null)[]> => passagesOf(args, ctx.signal),
  neighbors: (args: { matrix: Matrix; k: number; metric: Metric }, ctx: StageContext): Promise<NeighborGraph> =>
    nearestNeighbors(args.matrix, args.k, args.metric, ctx),
  reduce: (args: Parameters<typeof reduce>[0], ctx: StageContext): Promise<Reduced> => reduce(args, ctx),
  cluster: (args: ClusterArgs, ctx: StageContext): Promise<Clustering> => clusterItems(args, ctx),
  quality: judge,
  matrix: (args: { matrix: Matrix; index: Int32Array; metric: Metric }, ctx: StageContext): Promise<Float32Array> =>
    similarityMatrix(args.matrix, args.index, args.metric, ctx),
  order: (args: { triangle: Float32Array; count: number; metric: Metric }, ctx: StageContext): Int32Array =>
    similarityOrder(args.triangle, args.count, args.metric, ctx),
  anomalies: (
    args: { matrix: Matrix; metric: Metric; labels: Int32Array; threshold: number },
    ctx: StageContext,
  ): Promise<Anomalies> => anomalies(args, ctx),
  network: (
    args: { matrix: Matrix; metric: Metric; seed: number; settings: NetworkSettings; limit: number },
    ctx: StageContext,
  ): Promise<Network> => network(args, ctx),
  compare: (args: CompareArgs, ctx: StageContext): Promise<Compared> => compareModels(args, ctx),
  nearestTo: (args: { matrix: Matrix; query: Float32Array; k: number; metric: Metric }): Neighbor[] =>
    nearestTo(args.matrix, args.query, args.k, args.metric),
  neighborsOf: (args: { matrix: Matrix; index: number; k: number; metric: Metric }): Neighbor[] =>
    neighborsOf(args.matrix, args.index, args.k, args.metric),
  similarityOf: (args: { matrix: Matrix; a: number; b: number; metric: Metric }): number =>
    similarityOf(args.matrix, args.a, args.b, args.metric),
  hashes: (args: { files: string[] }): Promise<(Uint8Array | null)[]> => hashes(args.files),
  thumbnail: (args: { file: string; size: number }): Promise<Thumbnail> => thumbnail(args.file, args.size),
} as const;

type Tasks = typeof TASKS;
export type TaskName = keyof Tasks;
export type TaskArgs<T extends TaskName> = Parameters<Tasks[T]>[0];
export type TaskAnswer<T extends TaskName> = Awaited<ReturnType<Tasks[T]>>;

/** From the engine to a thread. */
export interface TaskRequest {
  id: number;
  task: TaskName;
  args: unknown;
  /** Whether the layout shall be shown as it forms. */
  show?: boolean;
  /** Becomes 1 when a layout shall end and keep what there is: shared, since a busy thread reads no messages. */
  enough?: Int32Array;
}

/** From a thread to the engine. */
export type TaskReply =
  | { id: number; kind: "progress"; done: number; total: number }
  | { id: number; kind: "forming"; forming: Forming }
  | { id: number; kind: "answer"; answer: unknown }
  /** Something that the person should know once, whatever the task. */
  | { id: number; kind: "notice"; text: string }
  | { id: number; kind: "error"; error: import("../protocol/errors").ErrorData };
