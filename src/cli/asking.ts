import type { Engine, RunOptions } from "../engine/client";
import { significant } from "../export";
import type { Job } from "../protocol/engine";
import { LensError } from "../protocol/errors";
import type { RunResult } from "../protocol/result";
import { Findings } from "./findings";
import type { Given } from "./options";
import { notesOf, remarks } from "./summary";
import type { Terminal } from "./terminal";

/** What a question to the engine is given. */
export interface Asking {
  engine: Engine;
  job: Job;
  given: Given;
  options: RunOptions;
  terminal: Terminal;
}

/** An answer in the formats that it has. */
export interface Answer {
  json(): Iterable<string>;
  csv?(): Iterable<string>;
}

/** A value as an answer. */
export const jsonAnswer = (value: object): Answer => ({
  json: () => [
    `${JSON.stringify(value, (_, part: unknown) => (typeof part === "number" ? significant(part) : part), 2)}\n`,
  ],
});

/** A run without a map, and the whole texts of its items. */
export async function asked(asking: Asking): Promise<{ job: Job; result: RunResult; texts: string[] | null }> {
  const { engine, options } = asking;
  const job = vectorsOnly(asking.job);
  const result = await engine.run(job, options);
  tell(asking, result);
  if (result.items.count === 0) throw new LensError("source", "No item could be embedded: there is nothing to write.");
  const texts = await new Findings({ run: job, job, result, engine, options }).texts();
  return { job, result, texts };
}

/** The warnings of a run, on stderr. */
export function tell({ terminal }: Asking, result: RunResult): void {
  terminal.clear();
  for (const line of notesOf(result)) terminal.note(line);
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
