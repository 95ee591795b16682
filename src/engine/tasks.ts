import type { Forming, LocalModel, Thumbnail } from "../protocol/engine";
import type { ClusterSettings, LongTexts, Metric } from "../protocol/recipe";
import type { Anomalies, Compared, Network, NetworkSettings } from "../protocol/explore";
import type { ItemRecord, Neighbor } from "../protocol/result";
import { anomalies } from "./analyze/anomalies/anomalies";
import { compareModels, type CompareArgs } from "./analyze/compare";
import { clusterItems, type Clustering } from "./analyze/cluster";
import { neighborsOf } from "./analyze/neighbors";
import { network } from "./analyze/network/network";
import { findBadRows } from "./analyze/normalize";
import { similarityOrder } from "./analyze/order";
import { nearestTo } from "./analyze/search";
import { similarityMatrix, similarityOf } from "./analyze/similarity";
import type { EmbeddedBatch } from "./embed/embedder";
import { EmbedderCache } from "./embed/embedder-cache";
import { thumbnail } from "./embed/thumbnail";
import type { Passage } from "./items/passages";
import { passagesOf } from "./long/window";
import { copyRows, type CopyArgs } from "./items/rows/copy";
import { readRecord } from "./items/rows/record";
import { hashes } from "./store/hashes";
import { FEW_TASKS, type ItemsArgs, type MapColumns } from "./tasks-few";
import type { Item, Matrix, StageContext } from "./types";

export interface EmbedAnswer extends EmbeddedBatch {
  dims: number;
  tensor: string;
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

/** What a thread of the engine can do, by name. Every argument and answer can be cloned. */
export const TASKS = {
  ...FEW_TASKS,
  record: (args: Omit<ItemsArgs, "seed"> & { item: Item }, ctx: StageContext): Promise<ItemRecord | null> =>
    readRecord(args.source, args.item, args, ctx.signal),
  copy: (args: CopyArgs, ctx: StageContext): Promise<string> => copyRows(args, ctx),
  embed,
  passages: (
    args: { model: LocalModel; texts: string[]; long: LongTexts },
    ctx: StageContext,
  ): Promise<(Passage[] | null)[]> => passagesOf(args, ctx.signal),
  cluster: (args: ClusterArgs, ctx: StageContext): Promise<Clustering> => clusterItems(args, ctx),
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
