import type { Job, Stage } from "../../protocol/engine";
import { named } from "../columns";
import { embedItems, type Embedded } from "../embed-items";
import { embedAveraged } from "../long/average";
import { splitItems, splits } from "../long/split";
import { WebPictures, type PictureSource } from "../pictures/web-pictures";
import type { Pool } from "../pool";
import { RemoteCalls, type RemoteSource } from "../remote/remote-calls";
import type { ByteStore } from "../store/byte-store";
import { modelStamp } from "../store/keys";
import type { ItemSet } from "../types";
import type { Clock, Make } from "./clock";
import { UNSEEN, type ModelSource } from "./context";
import { loadingOf, sourceOf } from "./loading";
import { Locks } from "./lock";
import { comparable, readyVectors } from "./ready-vectors";
import { StageCache } from "./stage-cache";
import { itemsKey, latest, madeKey, textsKey, vectorsKey } from "./stage-keys";

/** Bytes of stage outputs that the engine keeps. */
const CACHE_BYTES = 1 << 30;

/**
 * The first stages of every run, source → items → vectors, and the outputs of all stages: each is kept under a key that names all it
 * depends on.
 */
export class Embedding {
  readonly remote: RemoteCalls;
  private readonly cache = new StageCache(CACHE_BYTES);
  private readonly locks = new Locks();
  private readonly web: WebPictures;

  /**
   * @param pool threads for the stages
   * @param lane a thread for short questions, so that a hover does not wait for a long run
   */
  constructor(
    readonly pool: Pool,
    readonly lane: Pool,
    readonly modelFile: ModelSource,
    readonly store: () => Promise<ByteStore | null>,
    remote: RemoteSource | null,
    pictures: PictureSource | null,
  ) {
    this.remote = new RemoteCalls(remote);
    this.web = new WebPictures(pictures);
  }

  readonly dispose = (): void => this.web.dispose();

  /**
   * Items with their vectors, and the key that later stages build on, beside the metric: it tells which ready vectors are compared.
   * @param check is told the number of items before they are embedded
   */
  embedded(
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
      const own = comparable(embedded, job.recipe.metric);
      return { embedded: { ...own, items: named(own, items) }, key };
    });
  }

  /** The vectors of the last run of this job, where they are still in memory. */
  vectorsInMemory(job: Job): Embedded | undefined {
    const kept = this.cache.get<Embedded>(latest(vectorsKey(job)));
    return kept && comparable(kept, job.recipe.metric);
  }

  /** All items of the source as the last run of this job loaded them, where they are still in memory. */
  itemsInMemory(job: Job): ItemSet | undefined {
    return this.cache.get<ItemSet>(latest(textsKey(job)));
  }

  /** All items of the source as the last run loaded them; read again after a restart of the engine. */
  async items(job: Job): Promise<ItemSet> {
    const kept = this.itemsInMemory(job);
    if (kept) return kept;
    const loaded = await this.lane.exec("items", loadingOf(job));
    const items = splits(job.recipe.source)
      ? await splitItems(loaded, await this.modelFile(job.recipe.model, UNSEEN), job.recipe, this.lane, {})
      : loaded;
    this.cache.set(latest(textsKey(job)), items);
    return items;
  }

  /**
   * What a stage has made, or what it makes now.
   * @param lasting whether what was made may be kept; absent: always
   */
  async stage<T>(
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
