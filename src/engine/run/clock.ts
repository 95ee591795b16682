import type { Stage } from "../../protocol/engine";
import type { Timings } from "../../protocol/result";
import type { RunContext } from "./context";
import type { Report } from "../types";

/** Makes the output of a stage. */
export type Make<T> = (options: { signal: AbortSignal; report: Report }) => Promise<T>;

/** Times the stages of one run and reports their progress. */
export class Clock {
  private readonly started = performance.now();
  private readonly spent = new Map<Stage, number>();

  constructor(readonly ctx: RunContext) {}

  async time<T>(stage: Stage, make: Make<T>): Promise<T> {
    const { signal, onProgress } = this.ctx;
    const from = performance.now();
    onProgress({ stage, done: 0, total: 0 });
    const made = await make({ signal, report: (done, total) => onProgress({ stage, done, total }) });
    this.spent.set(stage, (this.spent.get(stage) ?? 0) + performance.now() - from);
    return made;
  }

  timings(): Timings {
    const of = (stage: Stage): number => Math.round(this.spent.get(stage) ?? 0);
    return {
      items: of("items"),
      embed: of("embed"),
      neighbors: of("neighbors"),
      reduce: of("reduce"),
      cluster: of("cluster"),
      quality: of("quality"),
      total: Math.round(performance.now() - this.started),
    };
  }
}
