import type { AddedColumn, Forming, Job, LocalModel, Progress, Stage, Thumbnail, Vectors } from "../protocol/engine";
import type { Anomalies, Found, Network, NetworkSettings } from "../protocol/explore";
import { LensError } from "../protocol/errors";
import { queryIdOf } from "../protocol/models";
import { canonicalJson, type Metric } from "../protocol/recipe";
import type { ItemRecord, MetaColumn, Neighbor, RunResult, SimilarityMatrix } from "../protocol/result";
import type { TablePreview } from "../protocol/table";
import type { Clustering } from "./analyze/cluster";
import { refuseTooMany } from "./analyze/cluster-limits";
import { Clock, type Make } from "./clock";
import { itemColumns, named } from "./columns";
import { embedItems, type Embedded } from "./embed-items";
import { loadingOf, sourceOf } from "./loading";
import { Locks } from "./lock";
import type { Pool } from "./pool";
import { createRandom, sampleIndices } from "./random";
import { embedAveraged } from "./long/average";
import { splitItems, splits } from "./long/split";
import { WebPictures, type PictureSource } from "./pictures/web-pictures";
import { compared, givenLayout, hasOnlyCoordinates, metricOf, readyVectors } from "./ready-vectors";
import { neighborsNeeded, type Reduced } from "./reduce/reduce";
import { RemoteCalls, type RemoteSource } from "./remote/remote-calls";
import { embedQuery, queryOf } from "./search/query";
import type { ByteStore } from "./store/byte-store";
import { modelStamp } from "./store/keys";
import { StageCache } from "./stage-cache";
import { itemsKey, latest, madeKey, textsKey, vectorsKey } from "./stage-keys";
import type { ItemSet, Matrix, NeighborGraph, Report } from "./types";

/** Bytes of stage outputs that the engine keeps. */
const CACHE_BYTES = 1 << 30;
const QUALITY_NEIGHBORS = 10;
/** Separates the generator of the heatmap's sample from the others of a seed. */
const MATRIX_STREAM = 7;

export interface RunContext {
  runId: number;
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
  /** Given: a long reduction is shown as it forms. */
  onForming?: (forming: Forming) => void;
  /** Aborted when a reduction shall end and keep what there is. */
  enough?: AbortSignal;
  /** Nobody asks how far the map can be trusted. */
  unmeasured?: true;
}

/** A question that nobody waits for with a progress bar. */
const UNSEEN: RunContext = { runId: 0, signal: new AbortController().signal, onProgress: () => undefined };

/** Asks the host for a model's files on behalf of a run. */
export type ModelSource = (id: string, ctx: RunContext) => Promise<LocalModel>;

/**
 * Runs recipes stage by stage: source → items → vectors → neighbours → coordinates, clusters, quality. Each stage's
 * output is kept under a key that names all it depends on, so a changed setting re-runs only what it must.
 */
export class Pipeline {
  private readonly cache = new StageCache(CACHE_BYTES);
  private readonly locks = new Locks();
  private readonly remote: RemoteCalls;
  private readonly web: WebPictures;
  private stops = 0;

  /**
   * @param pool threads for the stages
   * @param lane a thread for short questions, so that a hover does not wait for a long run
   */
  constructor(
    private readonly pool: Pool,
    private readonly lane: Pool,
    private readonly modelFile: ModelSource,
    private readonly store: () => Promise<ByteStore | null> = () => Promise.resolve(null),
    remote: RemoteSource | null = null,
    pictures: PictureSource | null = null,
  ) {
    this.remote = new RemoteCalls(remote);
    this.web = new WebPictures(pictures);
  }

  readonly dispose = (): void => this.web.dispose();

  async run(job: Job, ctx: RunContext): Promise<RunResult> {
    const { recipe } = job;
    const clock = new Clock(ctx);
    // Clusters of too many items are refused before anything is embedded or laid out.
    const { embedded, key } = await this.embedded(job, clock, (count) => refuseTooMany(recipe.cluster, count));
    const { items, matrix, model } = embedded;
    const { seed, reduce: reduceSettings, cluster: clusterSettings } = recipe;
    const metric = metricOf(embedded, recipe);
    const only = hasOnlyCoordinates(embedded);
    const drawGiven = items.map !== undefined && (only || reduceSettings.method === "none");
    const k = drawGiven ? 0 : neighborsNeeded(reduceSettings, matrix.rows);
    const graph = k === 0 ? null : await this.nearest(matrix, key, metric, k, clock);
    const wholeKey = `${key} reduce ${metric} ${seed} ${canonicalJson(reduceSettings)}`;
    const { onForming, enough } = ctx;
    const reduced: Reduced = drawGiven
      ? givenLayout(items, embedded.source)
      : await this.stage<Reduced>(
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
    // What was stopped is no function of the recipe: neither it nor what is made of it is kept.
    const reduceKey = reduced.stopped ? `${wholeKey} stopped ${++this.stops}` : wholeKey;
    const map = reduced.x.length > 0 ? columnsOf(reduced) : null;

    const clustering =
      clusterSettings.method === "none"
        ? null
        : await this.stage<Clustering>(
            `${clusterSettings.on === "map" ? reduceKey : key} cluster ${metric} ${seed} ${canonicalJson(clusterSettings)} ${itemsKey(job)}`,
            clock,
            "cluster",
            (options) =>
              this.pool.exec(
                "cluster",
                {
                  matrix,
                  map,
                  settings: clusterSettings,
                  metric,
                  seed,
                  labels: items.items.map(({ label }) => label),
                  texts: items.kind === "image" ? null : items.items.map(({ text }) => text ?? null),
                },
                options,
              ),
          );
    const columns = itemColumns(items, embedded.source);
    // Coordinates that are all there is are not measured against themselves.
    const quality =
      map && !only && !ctx.unmeasured
        ? await this.stage(`${reduceKey} quality ${itemsKey(job)}`, clock, "quality", (options) => {
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
    const { matrix } = (await this.embedded(job, new Clock(ctx))).embedded;
    return { rows: matrix.rows, cols: matrix.cols, data: new Float32Array(matrix.data) };
  }

  /** The nearest neighbours of each item: those that the map is made of, where these are k or more. */
  async graph(job: Job, k: number, ctx: RunContext): Promise<NeighborGraph> {
    const clock = new Clock(ctx);
    const { embedded, key } = await this.embedded(job, clock);
    const most = Math.max(k, neighborsNeeded(job.recipe.reduce, embedded.matrix.rows));
    return this.nearest(embedded.matrix, key, metricOf(embedded, job.recipe), most, clock);
  }

  async matrix(job: Job, limit: number, ctx: RunContext): Promise<SimilarityMatrix> {
    const clock = new Clock(ctx);
    const { embedded, key } = await this.embedded(job, clock);
    const { matrix } = embedded;
    const [metric, { seed }] = [metricOf(embedded, job.recipe), job.recipe];
    const index = sampleIndices(matrix.rows, limit, createRandom(seed, MATRIX_STREAM));
    const triangle = await this.stage<Float32Array>(
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

  async anomalies(job: Job, threshold: number, { signal }: RunContext): Promise<Anomalies | null> {
    const embedded = this.cache.get<Embedded>(latest(vectorsKey(job)));
    const items = this.cache.get<ItemSet>(latest(textsKey(job)));
    if (!embedded || !items) return null;
    const { label: labels } = itemColumns(named(embedded, items), embedded.source);
    const metric = metricOf(embedded, job.recipe);
    return this.pool.exec("anomalies", { matrix: embedded.matrix, metric, labels, threshold }, { signal });
  }

  async network(job: Job, settings: NetworkSettings, limit: number, ctx: RunContext): Promise<Network | null> {
    const known = this.known(job);
    const { signal } = ctx;
    const report: Report = (done, total) => ctx.onProgress({ stage: "neighbors", done, total });
    return known && this.pool.exec("network", { ...known, seed: job.recipe.seed, settings, limit }, { signal, report });
  }

  async search(job: Job, words: string, k: number, ctx: RunContext): Promise<Found | null> {
    const embedded = this.cache.get<Embedded>(latest(vectorsKey(job)));
    if (!embedded) return null;
    const { matrix, items } = embedded;
    if (items.kind === "vector") {
      throw new LensError(
        "model",
        "These vectors came with the data: no model is known that could place words among them.",
      );
    }
    const { metric, model } = job.recipe;
    const query = await queryOf(matrix, words, async () => {
      const known = await this.modelFile(queryIdOf(model), ctx);
      const stamp = await modelStamp(known);
      const store = await this.store();
      const way = { calls: this.remote, ctx };
      const stamped = { ...known, ...(stamp && { stamp }) };
      return embedQuery(words, stamped, matrix.cols, this.pool, { signal: ctx.signal }, store, way);
    });
    const hits = await this.lane.exec("nearestTo", { matrix, query: query.vector, k, metric });
    return { hits, truncated: query.truncated };
  }

  async texts(job: Job, index: Int32Array, maxLength: number): Promise<string[]> {
    const { items } = await this.itemsInMemory(job);
    return Array.from(index, (i) => (items[i]?.text ?? "").slice(0, maxLength));
  }

  async thumbnail(job: Job, index: number, size: number): Promise<Thumbnail | null> {
    const file = (await this.itemsInMemory(job)).items[index]?.file;
    return file === undefined ? null : this.lane.exec("thumbnail", { file, size });
  }

  /** @throws LensError "source" when the file is gone or not what it was */
  async record(job: Job, index: number): Promise<ItemRecord | null> {
    const item = (await this.itemsInMemory(job)).items[index];
    return item?.row === undefined ? null : this.lane.exec("record", { ...sourceOf(job), item });
  }

  /** @throws LensError "source" when the file is gone or not what it was */
  async columns(job: Job, index: Int32Array, { signal, onProgress }: RunContext): Promise<MetaColumn[]> {
    const all = (await this.itemsInMemory(job)).items;
    const items = Array.from(index, (i) => ({ path: all[i]?.path ?? "", row: all[i]?.row ?? 0 }));
    const report: Report = (done, total) => onProgress({ stage: "items", done, total });
    return this.pool.exec("columns", { ...sourceOf(job), items }, { signal, report });
  }

  /** @throws LensError "source" when the file cannot be copied so; what there is of the copy is left to the caller */
  async copy(job: Job, { name, index, values }: AddedColumn, target: string, ctx: RunContext): Promise<string> {
    const { items } = await this.itemsInMemory(job);
    const of = new Map<number, number>();
    index.forEach((at, i) => {
      const row = items[at]?.row;
      if (row !== undefined) of.set(row - 1, values[i]!);
    });
    const column = { name, rows: Int32Array.from(of.keys()), values: Int32Array.from(of.values()) };
    const report: Report = (done, total) => ctx.onProgress({ stage: "items", done, total });
    return this.pool.exec("copy", { ...sourceOf(job), column, target }, { signal: ctx.signal, report });
  }

  async neighbors(job: Job, index: number, k: number): Promise<Neighbor[] | null> {
    const known = this.known(job);
    if (!known || index >= known.matrix.rows) return null;
    return this.lane.exec("neighborsOf", { ...known, index, k });
  }

  async similarity(job: Job, a: number, b: number): Promise<number | null> {
    const known = this.known(job);
    if (!known || Math.max(a, b) >= known.matrix.rows) return null;
    return this.lane.exec("similarityOf", { ...known, a, b });
  }

  /** The vectors of a run that are still in memory. */
  private readonly known = (job: Job) => compared(this.cache.get<Embedded>(latest(vectorsKey(job))), job.recipe);

  preview(job: Job): Promise<TablePreview> {
    return this.lane.exec("preview", sourceOf(job));
  }

  fingerprint(job: Job): Promise<string> {
    return this.lane.exec("fingerprint", sourceOf(job));
  }

  /** All items of the source as the last run loaded them; read again after a restart of the engine. */
  private async itemsInMemory(job: Job): Promise<ItemSet> {
    const kept = this.cache.get<ItemSet>(latest(textsKey(job)));
    if (kept) return kept;
    const loaded = await this.lane.exec("items", loadingOf(job));
    const items = splits(job.recipe.source)
      ? await splitItems(loaded, await this.modelFile(job.recipe.model, UNSEEN), job.recipe, this.lane, {})
      : loaded;
    this.cache.set(latest(textsKey(job)), items);
    return items;
  }

  /**
   * Items with their vectors, and the key that later stages build on.
   * @param check is told the number of items before they are embedded
   */
  private embedded(
    job: Job,
    clock: Clock,
    check: (count: number) => void = () => undefined,
  ): Promise<{ embedded: Embedded; key: string }> {
    const { signal } = clock.ctx;
    const wanted = vectorsKey(job);
    return this.locks.with(wanted, signal, async () => {
      const print = await this.pool.exec("fingerprint", sourceOf(job), { signal });
      const loaded = await this.stage<ItemSet>(`${itemsKey(job)} ${print}`, clock, "items", (options) =>
        this.pool.exec("items", loadingOf(job), options),
      );
      const parted = splits(job.recipe.source);
      if (!parted) check(loaded.items.length);
      const known = loaded.kind === "vector" ? null : await this.modelFile(job.recipe.model, clock.ctx);
      // The same name means another model once its file has changed, or on another server.
      const stamp = known && (await modelStamp(known));
      const items =
        known && parted
          ? await this.stage<ItemSet>(`${textsKey(job)} ${print}`, clock, "items", (options) =>
              splitItems(loaded, known, job.recipe, this.pool, options),
            )
          : loaded.items.some(({ url }) => url !== undefined)
            ? await this.stage<ItemSet>(`${itemsKey(job)} ${print} pictures`, clock, "items", (options) =>
                this.web.loaded(loaded, clock.ctx, options),
              )
            : loaded;
      if (parted) check(items.items.length);
      this.cache.set(latest(textsKey(job)), items);
      const key = [madeKey(job, items), print, stamp].join(" ");
      const embedded = await this.stage<Embedded>(key, clock, "embed", async (options) => {
        if (known === null) return readyVectors(items);
        const model = { ...known, ...(stamp && { stamp }) };
        const store = await this.store();
        const embed = (set: ItemSet): Promise<Embedded> =>
          embedItems(set, model, this.pool, options, store, { calls: this.remote, ctx: clock.ctx });
        return items.kind === "text" && job.recipe.source.long === "average"
          ? embedAveraged(items, model, this.pool, options, embed)
          : embed(items);
      });
      this.cache.set(latest(wanted), embedded);
      return { embedded: { ...embedded, items: named(embedded, items) }, key };
    });
  }

  private nearest(matrix: Matrix, key: string, metric: Metric, k: number, clock: Clock): Promise<NeighborGraph> {
    return this.stage<NeighborGraph>(`${key} neighbors ${metric} ${k}`, clock, "neighbors", (options) =>
      this.pool.exec("neighbors", { matrix, k, metric }, options),
    );
  }

  /** @param lasting whether what was made may be kept; absent: always */
  private async stage<T>(
    key: string,
    clock: Clock,
    name: Stage,
    make: Make<T>,
    lasting: (made: T) => boolean = () => true,
  ): Promise<T> {
    const kept = this.cache.get<T>(key);
    if (kept !== undefined) return kept;
    const made = await clock.time(name, make);
    if (lasting(made)) this.cache.set(key, made);
    return made;
  }
}

/** Orders of matrices, as long as these live. */
const orders = new WeakMap<Float32Array, Int32Array>();

const columnsOf = ({ x, y, z }: Reduced) => (z ? { x, y, z } : { x, y });
