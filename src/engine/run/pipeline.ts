import type { Job, Vectors } from "../../protocol/engine";
import { canonicalJson, type Metric } from "../../protocol/recipe";
import type { RunResult, SimilarityMatrix } from "../../protocol/result";
import type { Clustering } from "../analyze/cluster";
import { refuseTooMany } from "../analyze/cluster-limits";
import { itemColumns } from "../columns";
import type { PictureSource } from "../pictures/web-pictures";
import type { Pool } from "../pool";
import { createRandom, sampleIndices } from "../random";
import { neighborsNeeded, type Reduced } from "../reduce/reduce";
import type { RemoteSource } from "../remote/remote-calls";
import type { ByteStore } from "../store/byte-store";
import type { Matrix, NeighborGraph, Report } from "../types";
import { Clock } from "./clock";
import type { ModelSource, RunContext } from "./context";
import { Embedding } from "./embedding";
import { Questions } from "./questions";
import { givenLayout, hasOnlyCoordinates, metricOf } from "./ready-vectors";
import { itemsKey } from "./stage-keys";

const QUALITY_NEIGHBORS = 10;
/** Separates the generator of the heatmap's sample from the others of a seed. */
const MATRIX_STREAM = 7;

/**
 * Runs recipes stage by stage: source → items → vectors → neighbours → coordinates, clusters, quality. Each stage's
 * output is kept under a key that names all it depends on, so a changed setting re-runs only what it must.
 */
export class Pipeline {
  /** What is asked of the items of a run. */
  readonly questions: Questions;
  private readonly embedding: Embedding;
  private stops = 0;
  /** The layout that was stopped last, by the key of the whole one and by its own. */
  private stopped: { whole: string; key: string; layout: Reduced } | null = null;

  /** As `Embedding`. */
  constructor(
    private readonly pool: Pool,
    lane: Pool,
    modelFile: ModelSource,
    store: () => Promise<ByteStore | null> = () => Promise.resolve(null),
    remote: RemoteSource | null = null,
    pictures: PictureSource | null = null,
  ) {
    this.embedding = new Embedding(pool, lane, modelFile, store, remote, pictures);
    this.questions = new Questions(this.embedding);
  }

  readonly dispose = (): void => this.embedding.dispose();

  async run(job: Job, ctx: RunContext): Promise<RunResult> {
    const { recipe } = job;
    const clock = new Clock(ctx);
    // Clusters of too many items are refused before anything is embedded or laid out.
    const { embedded, key } = await this.embedding.embedded(job, clock, (count) =>
      refuseTooMany(recipe.cluster, count),
    );
    const { items, matrix, model } = embedded;
    const { seed, reduce: reduceSettings, cluster: clusterSettings } = recipe;
    const metric = metricOf(embedded, recipe);
    const only = hasOnlyCoordinates(embedded);
    const drawGiven = items.map !== undefined && (only || reduceSettings.method === "none");
    const k = drawGiven ? 0 : neighborsNeeded(reduceSettings, matrix.rows);
    const graph = k === 0 ? null : await this.nearest(matrix, key, metric, k, clock);
    const wholeKey = `${key} reduce ${metric} ${seed} ${canonicalJson(reduceSettings)}`;
    const { onForming, enough } = ctx;
    const known = this.stopped?.whole === wholeKey ? this.stopped : null;
    const before = ctx.keepStopped ? known : null;
    // The whole layout is asked for: a run that ends before it is made does not bring the part back.
    if (known && !before) this.stopped = null;
    const reduced: Reduced = drawGiven
      ? givenLayout(items, embedded.source)
      : before
        ? before.layout
        : await this.embedding.stage<Reduced>(
            wholeKey,
            clock,
            "reduce",
            (options) =>
              this.pool.exec(
                "reduce",
                { matrix, graph, settings: reduceSettings, metric, seed, threads: this.pool.size },
                { ...options, ...(onForming && { onForming }), ...(enough && { enough }) },
              ),
            ({ stopped }) => !stopped,
          );
    // What was stopped is no function of the recipe: it stands until the whole is asked for, and what is made of it has its own name.
    const reduceKey = reduced.stopped ? (before?.key ?? `${wholeKey} stopped ${++this.stops}`) : wholeKey;
    if (reduced.stopped) this.stopped = { whole: wholeKey, key: reduceKey, layout: reduced };
    const map = reduced.x.length > 0 ? columnsOf(reduced) : null;

    // On the map, equal vectors have places that say nothing.
    const grouping = reduced.equal ? { ...clusterSettings, on: "vectors" as const } : clusterSettings;
    const clustering =
      grouping.method === "none"
        ? null
        : await this.embedding.stage<Clustering>(
            `${grouping.on === "map" ? reduceKey : key} cluster ${metric} ${seed} ${canonicalJson(grouping)} ${itemsKey(job)}`,
            clock,
            "cluster",
            (options) =>
              this.pool.exec(
                "cluster",
                {
                  matrix,
                  map,
                  settings: grouping,
                  metric,
                  seed,
                  labels: items.items.map(({ label }) => label),
                  texts: items.kind === "image" ? null : items.items.map(({ text }) => text ?? null),
                },
                options,
              ),
          );
    const columns = itemColumns(items, embedded.source);
    // Coordinates that are all there is are not measured against themselves, and neither equal vectors nor one or two at all.
    const quality =
      map && !only && !reduced.equal && matrix.rows > 2 && !ctx.unmeasured
        ? await this.embedding.stage(`${reduceKey} quality ${itemsKey(job)}`, clock, "quality", (options) => {
            const wanted = { matrix, map, metric, k: QUALITY_NEIGHBORS, seed, graph, label: columns.label };
            return this.pool.exec("quality", wanted, options);
          })
        : null;

    return {
      version: 1,
      recipe,
      model,
      items: columns,
      total: items.total,
      ...(items.columns && { columns: items.columns }),
      ...(items.map && { given: true as const }),
      ...columnsOf(reduced),
      axes: reduced.axes,
      cluster: clustering?.cluster ?? new Int32Array(0),
      clusters: clustering?.clusters ?? [],
      ...(clustering?.quality && { clusterQuality: clustering.quality }),
      quality,
      ...(reduced.stopped && { stopped: true }),
      skipped: items.skipped,
      ...(embedded.truncated > 0 && { truncated: embedded.truncated }),
      warnings: [...items.warnings, ...reduced.warnings, ...(clustering?.warnings ?? [])],
      notes: [...(items.notes ?? []), ...(reduced.notes ?? []), ...(clustering?.notes ?? [])],
      timings: clock.timings(),
      fingerprint: items.fingerprint,
    };
  }

  async vectors(job: Job, ctx: RunContext): Promise<Vectors> {
    const { matrix } = (await this.embedding.embedded(job, new Clock(ctx))).embedded;
    return { rows: matrix.rows, cols: matrix.cols, data: new Float32Array(matrix.data) };
  }

  /** The nearest neighbours of each item: those that the map is made of, where these are k or more. */
  async graph(job: Job, k: number, ctx: RunContext): Promise<NeighborGraph> {
    const clock = new Clock(ctx);
    const { embedded, key } = await this.embedding.embedded(job, clock);
    const most = Math.max(k, neighborsNeeded(job.recipe.reduce, embedded.matrix.rows));
    return this.nearest(embedded.matrix, key, metricOf(embedded, job.recipe), most, clock);
  }

  async matrix(job: Job, limit: number, ctx: RunContext): Promise<SimilarityMatrix> {
    const clock = new Clock(ctx);
    const { embedded, key } = await this.embedding.embedded(job, clock);
    const { matrix } = embedded;
    const [metric, { seed }] = [metricOf(embedded, job.recipe), job.recipe];
    const index = sampleIndices(matrix.rows, limit, createRandom(seed, MATRIX_STREAM));
    const triangle = await this.embedding.stage<Float32Array>(
      `${key} matrix ${metric} ${seed} ${limit}`,
      clock,
      "matrix",
      (options) => this.pool.exec("matrix", { matrix, index, metric }, options),
    );
    return { index, triangle, total: matrix.rows, metric };
  }

  async order(job: Job, limit: number, ctx: RunContext): Promise<Int32Array> {
    const { index, triangle, metric } = await this.matrix(job, limit, ctx);
    const kept = orders.get(triangle);
    if (kept) return kept;
    const { signal, onProgress } = ctx;
    const report: Report = (done, total) => onProgress({ stage: "matrix", done, total });
    const order = await this.pool.exec("order", { triangle, count: index.length, metric }, { signal, report });
    orders.set(triangle, order);
    return order;
  }

  private nearest(matrix: Matrix, key: string, metric: Metric, k: number, clock: Clock): Promise<NeighborGraph> {
    return this.embedding.stage<NeighborGraph>(`${key} neighbors ${metric} ${k}`, clock, "neighbors", (options) =>
      this.pool.exec("neighbors", { matrix, k, metric }, options),
    );
  }
}

/** Orders of matrices, as long as these live. */
const orders = new WeakMap<Float32Array, Int32Array>();

const columnsOf = ({ x, y, z }: Reduced) => (z ? { x, y, z } : { x, y });
