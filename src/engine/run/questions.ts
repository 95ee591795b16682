import type { AddedColumn, Job, Thumbnail } from "../../protocol/engine";
import type { Anomalies, Found, Network, NetworkSettings } from "../../protocol/explore";
import { LensError } from "../../protocol/errors";
import { queryIdOf } from "../../protocol/models";
import type { ItemRecord, MetaColumn, Neighbor } from "../../protocol/result";
import type { TablePreview } from "../../protocol/table";
import { itemColumns, named } from "../columns";
import { embedQuery, queryOf } from "../search/query";
import { modelStamp } from "../store/keys";
import type { Report } from "../types";
import type { RunContext } from "./context";
import type { Embedding } from "./embedding";
import { sourceOf } from "./loading";
import { compared, metricOf } from "./ready-vectors";

/**
 * What is asked of the items of a run: from the vectors that are still in memory (nothing is embedded again for it; null without them), or
 * from their source.
 */
export class Questions {
  constructor(private readonly embedding: Embedding) {}

  async anomalies(job: Job, threshold: number, { signal }: RunContext): Promise<Anomalies | null> {
    const embedded = this.embedding.vectorsInMemory(job);
    const items = this.embedding.itemsInMemory(job);
    if (!embedded || !items) return null;
    const { label: labels } = itemColumns(named(embedded, items), embedded.source);
    const metric = metricOf(embedded, job.recipe);
    return this.embedding.pool.exec("anomalies", { matrix: embedded.matrix, metric, labels, threshold }, { signal });
  }

  async network(job: Job, settings: NetworkSettings, limit: number, ctx: RunContext): Promise<Network | null> {
    const known = this.known(job);
    const { signal } = ctx;
    const report: Report = (done, total) => ctx.onProgress({ stage: "neighbors", done, total });
    return (
      known &&
      this.embedding.pool.exec("network", { ...known, seed: job.recipe.seed, settings, limit }, { signal, report })
    );
  }

  async search(job: Job, words: string, k: number, ctx: RunContext): Promise<Found | null> {
    const embedded = this.embedding.vectorsInMemory(job);
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
      const known = await this.embedding.modelFile(queryIdOf(model), ctx);
      const stamp = await modelStamp(known);
      const store = await this.embedding.store();
      const way = { calls: this.embedding.remote, ctx };
      const stamped = { ...known, ...(stamp && { stamp }) };
      return embedQuery(words, stamped, matrix.cols, this.embedding.pool, { signal: ctx.signal }, store, way);
    });
    const hits = await this.embedding.lane.exec("nearestTo", { matrix, query: query.vector, k, metric });
    return { hits, truncated: query.truncated };
  }

  async texts(job: Job, index: Int32Array, maxLength: number): Promise<string[]> {
    const { items } = await this.embedding.items(job);
    return Array.from(index, (i) => (items[i]?.text ?? "").slice(0, maxLength));
  }

  async thumbnail(job: Job, index: number, size: number): Promise<Thumbnail | null> {
    const file = (await this.embedding.items(job)).items[index]?.file;
    return file === undefined ? null : this.embedding.lane.exec("thumbnail", { file, size });
  }

  /** @throws LensError "source" when the file is gone or not what it was */
  async record(job: Job, index: number): Promise<ItemRecord | null> {
    const item = (await this.embedding.items(job)).items[index];
    return item?.row === undefined ? null : this.embedding.lane.exec("record", { ...sourceOf(job), item });
  }

  /** @throws LensError "source" when the file is gone or not what it was */
  async columns(job: Job, index: Int32Array, { signal, onProgress }: RunContext): Promise<MetaColumn[]> {
    const all = (await this.embedding.items(job)).items;
    const items = Array.from(index, (i) => ({ path: all[i]?.path ?? "", row: all[i]?.row ?? 0 }));
    const report: Report = (done, total) => onProgress({ stage: "items", done, total });
    return this.embedding.pool.exec("columns", { ...sourceOf(job), items }, { signal, report });
  }

  /** @throws LensError "source" when the file cannot be copied so; what there is of the copy is left to the caller */
  async copy(job: Job, { name, index, values }: AddedColumn, target: string, ctx: RunContext): Promise<string> {
    const { items } = await this.embedding.items(job);
    const of = new Map<number, number>();
    index.forEach((at, i) => {
      const row = items[at]?.row;
      if (row !== undefined) of.set(row - 1, values[i]!);
    });
    const column = { name, rows: Int32Array.from(of.keys()), values: Int32Array.from(of.values()) };
    const report: Report = (done, total) => ctx.onProgress({ stage: "items", done, total });
    return this.embedding.pool.exec("copy", { ...sourceOf(job), column, target }, { signal: ctx.signal, report });
  }

  async neighbors(job: Job, index: number, k: number): Promise<Neighbor[] | null> {
    const known = this.known(job);
    if (!known || index >= known.matrix.rows) return null;
    return this.embedding.lane.exec("neighborsOf", { ...known, index, k });
  }

  async similarity(job: Job, a: number, b: number): Promise<number | null> {
    const known = this.known(job);
    if (!known || Math.max(a, b) >= known.matrix.rows) return null;
    return this.embedding.lane.exec("similarityOf", { ...known, a, b });
  }

  /** The vectors of a run that are still in memory. */
  private readonly known = (job: Job) => compared(this.embedding.vectorsInMemory(job), job.recipe);

  preview(job: Job): Promise<TablePreview> {
    return this.embedding.lane.exec("preview", sourceOf(job));
  }

  fingerprint(job: Job): Promise<string> {
    return this.embedding.lane.exec("fingerprint", sourceOf(job));
  }
}
