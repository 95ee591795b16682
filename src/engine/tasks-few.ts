import type { Metric, Source } from "../protocol/recipe";
import type { MetaColumn, Quality } from "../protocol/result";
import type { TablePreview } from "../protocol/table";
import { labelAccuracy } from "./analyze/label-accuracy";
import { nearestNeighbors } from "./analyze/neighbors";
import { neighborsKeptOf } from "./analyze/point-quality";
import { quality } from "./analyze/quality";
import { distanceCorrelation } from "./analyze/rank-correlation";
import { fingerprint } from "./items/fingerprint";
import { loadItems } from "./items/load";
import { readColumns, type ColumnsArgs } from "./items/rows/columns";
import { previewTable } from "./items/rows/preview";
import { reduce, type Reduced } from "./reduce/reduce";
import type { ItemSet, Matrix, NeighborGraph, StageContext } from "./types";

/** Coordinates that a stage after the reduction starts from. */
export interface MapColumns {
  x: Float32Array;
  y: Float32Array;
  z?: Float32Array;
}

export interface ItemsArgs {
  source: Source;
  base: string;
  documents?: Record<string, string>;
  seed: number;
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
  const correlation = near.distanceCorrelation ?? distanceCorrelation(matrix, map, metric, seed);
  const accuracy = await labelAccuracy(matrix, map, metric, label, seed, ctx);
  const figures: Quality = {
    ...near,
    ...(correlation !== null && { distanceCorrelation: correlation }),
    ...(accuracy && { labels: accuracy }),
  };
  if (figures.points?.kept) return figures;
  // Neighbours within a sample are no neighbours among all: the share of them that is kept is that of the judged points.
  const kept = await neighborsKeptOf({ ...args, k: figures.k }, ctx);
  return { ...figures, neighborsKept: meanOfKnown(kept), points: { ...figures.points!, kept } };
}

function meanOfKnown(values: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / Math.max(1, count);
}

/** The tasks of a map of ready vectors: of few items they are done about as soon as a thread has started (`isSmall`). */
export const FEW_TASKS = {
  items: (args: ItemsArgs, ctx: StageContext): Promise<ItemSet> => loadItems(args.source, args, ctx),
  fingerprint: (args: Omit<ItemsArgs, "seed">): Promise<string> => fingerprint(args.source, args.base, args.documents),
  preview: (args: Omit<ItemsArgs, "seed">, ctx: StageContext): Promise<TablePreview> =>
    previewTable(args.source, args, ctx.signal),
  columns: (args: ColumnsArgs, ctx: StageContext): Promise<MetaColumn[]> => readColumns(args, ctx),
  neighbors: (args: { matrix: Matrix; k: number; metric: Metric }, ctx: StageContext): Promise<NeighborGraph> =>
    nearestNeighbors(args.matrix, args.k, args.metric, ctx),
  reduce: (args: Parameters<typeof reduce>[0], ctx: StageContext): Promise<Reduced> => reduce(args, ctx),
  quality: judge,
} as const;
