import type { Engine, RunOptions } from "../engine/client";
import type { Job } from "../protocol/engine";
import type { RunResult } from "../protocol/result";
import type { Given } from "./options";
import { remarks } from "./summary";
import type { Terminal } from "./terminal";

/** What a question to the engine is given. */
export interface Asking {
  engine: Engine;
  job: Job;
  given: Given;
  options: RunOptions;
  terminal: Terminal;
}

/** The warnings of a run, on stderr. */
export function tell({ terminal }: Asking, result: RunResult): void {
  terminal.clear();
  for (const line of remarks(result)) terminal.say(line);
}

/** The whole texts of some items; undefined for pictures. */
export async function textsOf(
  { engine }: Asking,
  job: Job,
  { items }: RunResult,
  index: readonly number[],
): Promise<(string | undefined)[]> {
  if (items.kind !== "text") return index.map(() => undefined);
  const inSource = Int32Array.from(index, (one) => items.source[one]!);
  return engine.texts(job, inSource, Number.MAX_SAFE_INTEGER);
}

/** A job without a map: a search needs the vectors alone. */
export const vectorsOnly = ({ recipe, ...job }: Job): Job => ({
  ...job,
  recipe: {
    ...recipe,
    reduce: { ...recipe.reduce, method: "none" },
    cluster: { ...recipe.cluster, method: "none" },
  },
});
