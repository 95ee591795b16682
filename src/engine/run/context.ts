import type { Forming, LocalModel, Progress } from "../../protocol/engine";

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
  /** See `RunOptions`. */
  keepStopped?: boolean;
}

/** A question that nobody waits for with a progress bar. */
export const UNSEEN: RunContext = { runId: 0, signal: new AbortController().signal, onProgress: () => undefined };

/** Asks the host for a model's files on behalf of a run. */
export type ModelSource = (id: string, ctx: RunContext) => Promise<LocalModel>;
