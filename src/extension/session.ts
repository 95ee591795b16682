import type { Engine } from "../engine/client";
import type { CompareState, PanelComparison } from "../protocol/compare";
import { HEATMAP_LIMIT, NETWORK_LIMIT } from "../protocol/constants";
import type { Forming, Job, Progress, Thumbnail } from "../protocol/engine";
import { isCancelled, LensError, toErrorData } from "../protocol/errors";
import type { Anomalies, Found, Network, NetworkSettings } from "../protocol/explore";
import type { ItemDetails, RunState, View } from "../protocol/panel";
import type { Recipe, Source } from "../protocol/recipe";
import type { ItemRecord, RunResult, SimilarityMatrix } from "../protocol/result";
import type { TablePreview } from "../protocol/table";
import { sameChoice, type ColumnMemory } from "./column-memory";
import { Comparing, type ComparingEvents } from "./comparing";
import type { PanelRecord } from "./panel-records";
import type { ResultStore } from "./result-store";
import { placeOf } from "./place";
import { Throttle } from "./throttle";

const PROGRESS_INTERVAL = 100;
const MAX_TEXT = 20_000;
const NEIGHBORS_SHOWN = 5;

export interface SessionServices {
  engine: Engine;
  results: ResultStore;
  columns: Pick<ColumnMemory, "put">;
  /** Finishes the recipe of a dataset that nobody has looked at; null when the person closed a question. @throws LensError */
  prepare(job: Job, signal: AbortSignal): Promise<Recipe | null>;
  /** The texts of documents that are unsaved or not on disk, by the path in the recipe. @throws LensError "source" */
  readDocuments(documents: Record<string, string>): Promise<Record<string, string> | undefined>;
  log(line: string): void;
}

export interface SessionEvents extends ComparingEvents {
  state(state: RunState): void;
  /** @param first whether it is the first picture of a dataset that was just opened */
  result(result: RunResult, first: boolean): void;
  /** The map of the run under way, as far as it has formed. */
  forming(forming: Forming): void;
  /** The recipe or the view has changed: it should be remembered. */
  changed(record: PanelRecord): void;
  /** The recipe was changed by the host, so that the page does not know it. */
  prepared(): void;
}

/** What one panel is about: its recipe, its run and its result. It knows neither VS Code nor the page. */
export class Session {
  #record: PanelRecord;
  #state: RunState = { kind: "stopped" };
  #result: RunResult | null = null;
  #job: Promise<Job> | null = null;
  /** Of the last run: see `run`. */
  #keepStopped = false;
  #run: AbortController | null = null;
  #enough = new AbortController();
  readonly #progress: Throttle<Progress>;
  readonly #comparing: Comparing;

  constructor(
    record: PanelRecord,
    private readonly services: SessionServices,
    private readonly events: SessionEvents,
  ) {
    this.#record = record;
    this.#progress = new Throttle(PROGRESS_INTERVAL, (progress) => this.#become({ kind: "running", progress }));
    this.#comparing = new Comparing(record.compare ?? null, services, events);
  }

  get record(): PanelRecord {
    return this.#record;
  }
  get recipe(): Recipe {
    return this.#record.recipe;
  }
  get base(): string {
    return this.#record.base;
  }
  get view(): View {
    return this.#record.view;
  }
  get state(): RunState {
    return this.#state;
  }
  get result(): RunResult | null {
    return this.#result;
  }

  get compare(): CompareState {
    return this.#comparing.state;
  }
  get comparison(): PanelComparison | null {
    return this.#comparing.comparison;
  }

  /** The job as the engine knows it, with the texts of unsaved documents as they were when it was first asked for. */
  job(): Promise<Job> {
    const { recipe, base, documents } = this.#record;
    this.#job ??= this.services
      .readDocuments(documents)
      .then((texts) => ({ recipe, base, ...(texts ? { documents: texts } : {}) }));
    return this.#job;
  }

  /**
   * Runs the recipe; a run that is under way is given up. Ends in a state, never rejects.
   * @param keepStopped a layout that was stopped stands, for a change to what is made of it
   */
  async run(keepStopped = false): Promise<void> {
    this.#run?.abort();
    this.#keepStopped = keepStopped;
    const run = (this.#run = new AbortController());
    const enough = (this.#enough = new AbortController());
    this.#comparing.rest();
    this.#become({ kind: "running", progress: null });
    const first = this.#record.fresh === true;
    try {
      if (first && !(await this.#prepare(run))) return;
      const { recipe, base } = this.#record;
      const job = await this.job();
      if (this.#run !== run) return;
      const result = await this.services.engine.run(job, {
        signal: run.signal,
        onProgress: (progress) => {
          if (this.#run === run) this.#progress.push(progress);
        },
        onForming: (forming) => {
          if (this.#run === run) this.events.forming(forming);
        },
        enough: enough.signal,
        keepStopped,
      });
      if (this.#run !== run) return;
      this.#result = result;
      this.#comparing.keep(job, result);
      this.services.log(
        `${result.items.count} items, ${result.model.id}, ${recipe.reduce.method}: ${Math.round(result.timings.total)} ms`,
      );
      this.events.result(result, first);
      this.#end(run, { kind: "done" });
      void this.#compare();
      await this.services.results.saveResult(recipe, base, result);
    } catch (error) {
      if (this.#run === run) this.#fail(run, error);
      else if (!isCancelled(error)) this.services.log(`A result could not be kept: ${toErrorData(error).message}`);
    }
  }

  /** Runs again from the sources as they are now. */
  rerun(): Promise<void> {
    this.#job = null;
    return this.run();
  }

  /** Ends a reduction that is under way; the run goes on with the map as it is. */
  enough(): void {
    this.#enough.abort();
  }

  cancel(): void {
    const run = this.#run;
    if (!run) return this.#comparing.cancel();
    run.abort();
    this.#end(run, { kind: "stopped" });
  }

  /** Takes a changed recipe and runs what depends on the change. */
  async setRecipe(recipe: Recipe): Promise<void> {
    const job = this.#job;
    if (!sameChoice(this.recipe.source, recipe.source)) this.#keepColumns(recipe);
    this.#remember({ ...this.#record, recipe });
    this.#job = job && job.then((old) => ({ ...old, recipe }));
    // A change while the whole is being made does not bring a part back.
    await this.run(this.#state.kind !== "running" || this.#keepStopped);
  }

  /** Takes a choice about the dataset that the host has asked for: runs with it, or keeps it for the next time. */
  async choose(choice: Partial<Source>, when: "now" | "later"): Promise<void> {
    const recipe = { ...this.recipe, source: { ...this.recipe.source, ...choice } };
    if (when === "now") await this.setRecipe(recipe);
    else this.#keepColumns(recipe);
  }

  /** Shows the other picture; the map of a recipe that has none so far is made now, unless the data bring one. */
  async setView(view: View): Promise<void> {
    this.#remember({ ...this.#record, view });
    const { recipe } = this.#record;
    const mapped = view === "map" || view === "compare";
    if (!mapped || recipe.reduce.method !== "none" || this.#result?.given) return this.#compare();
    await this.setRecipe({ ...recipe, reduce: { ...recipe.reduce, method: "umap" } });
  }

  /** Puts another model beside the first; one that has failed or was stopped is tried again. */
  async compareWith(model: string | null): Promise<void> {
    const { compare: _, ...record } = this.#record;
    this.#remember(model === null ? record : { ...record, compare: model });
    this.#comparing.choose(model);
    // A run that is under way, or that this one starts, compares when it is done.
    if (model === null || this.#state.kind === "running") return;
    if (this.#state.kind === "done") await this.#compare();
    else await this.run();
  }

  /** Brings back the stored result without running anything, then says whether a source has changed since. */
  async restore(): Promise<void> {
    const result = await this.services.results.loadResult(this.recipe, this.base);
    if (!result || this.#run) return this.#become(this.#state);
    this.#result = result;
    this.#become({ kind: "restored", stale: false });
    this.events.result(result, false);
    await this.#comparing.restore({ recipe: this.recipe, base: this.base }, result);
    const stale = await this.job()
      .then((job) => this.services.engine.fingerprint(job))
      .then(
        (now) => now !== result.fingerprint,
        () => true,
      );
    if (stale && this.#state.kind === "restored") this.#become({ kind: "restored", stale });
  }

  async details(index: number): Promise<ItemDetails> {
    const { items } = this.#needResult(index);
    const job = await this.job();
    const { engine } = this.services;
    const [texts, neighbors] = await Promise.all([
      this.#hasTexts() ? engine.texts(job, Int32Array.of(items.source[index]!), MAX_TEXT) : [null],
      engine.neighbors(await this.#shownJob(), index, NEIGHBORS_SHOWN),
    ]);
    return {
      index,
      text: texts[0] ?? null,
      label: items.labels[items.label[index] ?? -1] ?? null,
      path: items.paths[items.path[index] ?? -1] ?? "",
      place: placeOf(items, index),
      neighbors,
    };
  }

  async texts(index: Int32Array, maxLength: number): Promise<string[]> {
    const inSource = index.map((i) => this.#needResult(i).items.source[i] ?? -1);
    return this.services.engine.texts(await this.job(), inSource, Math.min(maxLength, MAX_TEXT));
  }

  async thumbnail(index: number, size: number): Promise<Thumbnail | null> {
    const inSource = this.#needResult(index).items.source[index] ?? -1;
    return this.services.engine.thumbnail(await this.job(), inSource, size);
  }

  /** Every column of the row an item came from; null for what is no row. */
  async recordOf(index: number): Promise<ItemRecord | null> {
    const inSource = this.#needResult(index).items.source[index] ?? -1;
    return this.services.engine.record(await this.job(), inSource);
  }

  /** The start of the dataset and the columns in use; nothing runs for it. */
  async columns(): Promise<TablePreview> {
    return this.services.engine.preview(await this.job());
  }

  async similarity(a: number, b: number): Promise<number | null> {
    return this.services.engine.similarity(await this.#shownJob(), a, b);
  }

  /** The matrix of the heatmap. A restored panel has the stored one or none: making it would be a run nobody asked for. */
  async matrix(): Promise<SimilarityMatrix | null> {
    const { base } = this.#record;
    if (!this.#result) return null;
    const recipe = this.#shownAs(this.recipe);
    if (this.#state.kind === "restored") return this.services.results.loadMatrix(recipe, base);
    const matrix = await this.services.engine.matrix(await this.#shownJob(), HEATMAP_LIMIT);
    this.services.results
      .saveMatrix(recipe, base, matrix)
      .catch((error: unknown) => this.services.log(`A matrix could not be kept: ${toErrorData(error).message}`));
    return matrix;
  }

  /** The order of the heatmap by similarity; null in a restored panel, as for the matrix. */
  async order(signal?: AbortSignal): Promise<Int32Array | null> {
    if (!this.#result || this.#state.kind === "restored") return null;
    return this.services.engine.order(await this.#shownJob(), HEATMAP_LIMIT, optionsOf(signal));
  }

  /** Null when the vectors are not in memory. */
  async anomalies(threshold: number, signal?: AbortSignal): Promise<Anomalies | null> {
    return this.services.engine.anomalies(await this.#shownJob(), threshold, optionsOf(signal));
  }

  /** The items nearest to some words; null when the vectors are not in memory. */
  async search(query: string, k: number, signal?: AbortSignal): Promise<Found | null> {
    return this.services.engine.search(await this.#shownJob(), query, k, optionsOf(signal));
  }

  /** Null when the vectors are not in memory. */
  async network(settings: NetworkSettings, signal?: AbortSignal): Promise<Network | null> {
    return this.services.engine.network(await this.#shownJob(), settings, NETWORK_LIMIT, optionsOf(signal));
  }

  dispose(): void {
    this.#run?.abort();
    this.#run = null;
    this.#progress.clear();
    this.#comparing.dispose();
  }

  /** Compares the second model where somebody looks at it, never in a panel that only shows what was stored. Never rejects. */
  async #compare(): Promise<void> {
    const result = this.#result;
    if (this.view !== "compare" || !result || this.#state.kind !== "done") return;
    const job = await this.job().catch((error: unknown) => this.services.log(toErrorData(error).message));
    if (!job || this.#result !== result || this.#run) return;
    await this.#comparing.compare(job, result, (now) => {
      this.#result = now;
      this.events.result(now, false);
    });
  }

  /** Whether the recipe is now as it should be run. */
  async #prepare(run: AbortController): Promise<boolean> {
    const asked = this.#record.recipe;
    const recipe = await this.services.prepare(await this.job(), run.signal);
    if (this.#run !== run) return false;
    if (recipe === null) {
      this.#end(run, { kind: "stopped" });
      return false;
    }
    const { fresh: _, ...record } = this.#record;
    if (!sameChoice(asked.source, recipe.source)) this.#keepColumns(recipe);
    this.#remember({ ...record, recipe });
    this.#job = this.#job && this.#job.then((job) => ({ ...job, recipe }));
    this.events.prepared();
    return true;
  }

  /** Vectors have texts when a column of their dataset holds some. */
  #hasTexts(): boolean {
    const { items, columns } = this.#result ?? {};
    return items?.kind === "text" || (items?.kind === "vector" && Boolean(columns?.text));
  }

  /** A recipe by the metric of the result that is shown, which tells what its items are: a run by another may be under way, or stopped. */
  #shownAs(recipe: Recipe): Recipe {
    return { ...recipe, metric: this.#result?.recipe.metric ?? recipe.metric };
  }

  async #shownJob(): Promise<Job> {
    const job = await this.job();
    return { ...job, recipe: this.#shownAs(job.recipe) };
  }

  #needResult(index: number): RunResult {
    if (this.#result && index >= 0 && index < this.#result.items.count) return this.#result;
    throw new LensError("internal", "This item is not in the result that is shown. Run again.");
  }

  #remember(record: PanelRecord): void {
    this.#record = record;
    this.events.changed(record);
  }

  /** The next map of this dataset starts from what a person has chosen here. */
  #keepColumns({ source }: Recipe): void {
    this.services.columns
      .put(this.base, source)
      .catch((error: unknown) => this.services.log(`The columns could not be kept: ${toErrorData(error).message}`));
  }

  #fail(run: AbortController, error: unknown): void {
    if (isCancelled(error)) return this.#end(run, { kind: "stopped" });
    const data = toErrorData(error);
    this.services.log(`The run failed (${data.reason}): ${data.message}`);
    // The texts of documents may be why it failed: read them again next time.
    this.#job = null;
    this.#end(run, { kind: "failed", error: data });
  }

  #end(run: AbortController, state: RunState): void {
    if (this.#run !== run) return;
    this.#run = null;
    this.#progress.clear();
    this.#become(state);
  }

  #become(state: RunState): void {
    this.#state = state;
    this.events.state(state);
  }
}

const optionsOf = (signal: AbortSignal | undefined) => (signal ? { signal } : {});
