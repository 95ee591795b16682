import type { Engine } from "../engine/client";
import {
  COMPARED_NEIGHBORS,
  whyNotCompared,
  type CompareRun,
  type CompareState,
  type PanelComparison,
} from "../protocol/compare";
import type { Job, Progress } from "../protocol/engine";
import { isCancelled, toErrorData } from "../protocol/errors";
import type { Comparison } from "../protocol/explore";
import { canonicalJson, type Recipe } from "../protocol/recipe";
import type { RunResult } from "../protocol/result";
import type { ResultStore } from "./result-store";
import { Throttle } from "./throttle";

const PROGRESS_INTERVAL = 100;

export interface ComparingServices {
  engine: Pick<Engine, "compare">;
  results: Pick<ResultStore, "saveComparison" | "loadComparison">;
  log(line: string): void;
}

export interface ComparingEvents {
  comparing(state: CompareState): void;
  compared(comparison: PanelComparison | null): void;
}

/** The second model of a panel, the run that compares it with the first, and what came of it. */
export class Comparing {
  #run: CompareRun = { kind: "idle" };
  #found: { comparison: PanelComparison; key: string } | null = null;
  #abort: AbortController | null = null;
  readonly #progress: Throttle<Progress>;

  /** @param model the second model; null when none is chosen */
  constructor(
    private model: string | null,
    private readonly services: ComparingServices,
    private readonly events: ComparingEvents,
  ) {
    this.#progress = new Throttle(PROGRESS_INTERVAL, (progress) => this.#become({ kind: "running", progress }));
  }

  get state(): CompareState {
    return { model: this.model, run: this.#run };
  }
  get comparison(): PanelComparison | null {
    return this.#found?.comparison ?? null;
  }

  /** Takes another second model; nothing runs for it yet. */
  choose(model: string | null): void {
    this.#giveUp();
    if (model !== this.model) this.#find(null);
    this.model = model;
    this.#become({ kind: "idle" });
  }

  /** Makes way for a run: it compares anew when it is done. */
  rest(): void {
    this.#giveUp();
    if (this.#run.kind !== "idle") this.#become({ kind: "idle" });
  }

  /** Lets go of what is not about this result. */
  keep(job: Job, result: RunResult): void {
    if (this.#found && this.#found.key !== keyOf(job, result, this.model)) this.#find(null);
  }

  /**
   * Compares the second model with the first, unless that is done, under way, or was stopped or has failed: then somebody has to ask
   * for it (`choose`). Never rejects.
   * @param replace gets the result that was compared when it is another one: the source has changed, or its map was stopped early
   */
  async compare(job: Job, result: RunResult, replace: (now: RunResult) => void): Promise<void> {
    const { model } = this;
    if (model === null || this.#run.kind !== "idle" || whyNotCompared(job.recipe, result, model) !== null) return;
    if (this.#found && this.#found.key === keyOf(job, result, model)) return;
    const abort = (this.#abort = new AbortController());
    this.#become({ kind: "running", progress: null });
    try {
      const found = await this.services.engine.compare(job, model, COMPARED_NEIGHBORS, {
        signal: abort.signal,
        onProgress: (progress) => {
          if (this.#abort === abort) this.#progress.push(progress);
        },
      });
      if (this.#abort !== abort) return;
      const comparison = shownOf(found);
      const now = isOf(comparison, result) ? result : found.result;
      if (now !== result) replace(now);
      this.#find({ comparison, key: keyOf(job, now, model) });
      this.#end({ kind: "idle" });
      this.services.results
        .saveComparison(mapRecipe(job.recipe), job.base, model, comparison)
        .catch((error: unknown) => this.#log("A comparison could not be kept", error));
    } catch (error) {
      if (this.#abort !== abort) return;
      if (isCancelled(error)) this.#end({ kind: "stopped" });
      else {
        this.#log("The comparison failed", error);
        this.#end({ kind: "failed", error: toErrorData(error) });
      }
    }
  }

  /** Brings back what was stored of an earlier window; nothing runs. */
  async restore(job: Pick<Job, "recipe" | "base">, result: RunResult): Promise<void> {
    const { model } = this;
    if (model === null) return;
    const stored = await this.services.results.loadComparison(mapRecipe(job.recipe), job.base, model);
    if (!stored || this.model !== model || this.#found || !isOf(stored, result)) return;
    this.#find({ comparison: stored, key: keyOf(job, result, model) });
  }

  cancel(): void {
    if (!this.#abort) return;
    this.#giveUp();
    this.#become({ kind: "stopped" });
  }

  dispose(): void {
    this.#giveUp();
  }

  #giveUp(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.#progress.clear();
  }

  #end(run: CompareRun): void {
    this.#abort = null;
    this.#progress.clear();
    this.#become(run);
  }

  #find(found: { comparison: PanelComparison; key: string } | null): void {
    if (found === this.#found) return;
    this.#found = found;
    this.events.compared(this.comparison);
  }

  #become(run: CompareRun): void {
    this.#run = run;
    this.events.comparing(this.state);
  }

  #log(what: string, error: unknown): void {
    this.services.log(`${what}: ${toErrorData(error).message}`);
  }
}

/** Clusters change neither map nor neighbours. */
const mapRecipe = (recipe: Recipe): Recipe => ({ ...recipe, cluster: { method: "none", k: 10, on: "vectors" } });

/** All that a comparison depends on. A map that was stopped early is of no recipe. */
const keyOf = (
  { recipe, base }: Pick<Job, "recipe" | "base">,
  { fingerprint, stopped }: RunResult,
  model: string | null,
): string => canonicalJson([mapRecipe(recipe), base, fingerprint, stopped === true, model]);

/** Whether the indices of a comparison mean the items and places of a result. */
const isOf = ({ fingerprint }: PanelComparison, result: RunResult): boolean =>
  fingerprint === result.fingerprint && result.stopped !== true;

/** What the panel shows of a comparison: the first result is there already, of the second its map is enough. */
function shownOf(found: Comparison): PanelComparison {
  const { result, other, index, k, overlap, mean, axes, disparity, shift, moved } = found;
  const known = new Set(result.skipped.map(({ path, place }) => `${path} ${place ?? ""}`));
  return {
    model: other.model,
    index,
    only: [result.items.count - index.length, other.items.count - index.length],
    skipped: other.skipped.filter(({ path, place }) => !known.has(`${path} ${place ?? ""}`)),
    ...{ k, overlap, mean, axes, disparity, shift, moved },
    fingerprint: result.fingerprint,
  };
}
