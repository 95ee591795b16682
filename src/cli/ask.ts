import path from "node:path";
import { writeAtomic } from "../export";
import { classOfFile } from "../protocol/guess-source";
import type { AskCommand } from "./arguments";
import type { Answer, Asking } from "./asking";
import { compareAnswer } from "./compare";
import { completed, type Completed } from "./dataset";
import { modelHost } from "./host";
import type { Io } from "./io";
import { makeJob } from "./job";
import { networkAnswer } from "./network";
import { noEffect } from "./no-effect";
import type { Given } from "./options";
import { cacheFolder } from "./run";
import { searchAnswer } from "./search";
import { findingsAnswer } from "./second-look";
import { Terminal } from "./terminal";
import { UsageError } from "./usage";

/**
 * Runs `search`, `compare`, `network` or `findings`: an answer as JSON, on stdout or in the files that --out names.
 * @throws UsageError before anything runs; LensError
 */
export async function askCommand(
  { name, sources, given }: { name: AskCommand; sources: string[]; given: Given },
  io: Io,
): Promise<void> {
  const terminal = new Terminal(io.stderr, given.quiet !== undefined);
  checkOptions(name, given);
  let base = io.cwd;
  const host = modelHost(io, given, terminal, () => base);
  const engine = await io.openEngine(host, cacheFolder(given, io));
  engine.warm();
  try {
    const made = await makeJob(sources, given, { cwd: io.cwd, signal: io.signal, readStdin: () => io.stdin.read() });
    base = made.base;
    const { job, table }: Completed = guesses(name, sources)
      ? await completed(name, made, given, engine)
      : { job: made, coordinates: true };
    for (const sentence of noEffect(name, given, job.recipe, { table })) terminal.say(`Warning: ${sentence}`);
    const options = { signal: io.signal, onProgress: terminal.progress.bind(terminal) };
    const answer = await ANSWERS[name]({ engine, job, given, options, terminal });
    terminal.clear();
    if (given.out.length === 0) for (const piece of answer.json()) await io.stdout(piece);
    for (const file of given.out) {
      const content = /\.csv$/i.test(file) && answer.csv ? answer.csv() : answer.json();
      await writeAtomic(path.resolve(io.cwd, file), content, io.signal);
      terminal.note(`Wrote ${file}`);
    }
  } finally {
    terminal.clear();
    await engine.dispose();
  }
}

/** Words and a second model need texts or pictures to embed: only for the other questions are ready vectors looked for. */
const guesses = (name: AskCommand, sources: readonly string[]): boolean =>
  (name === "network" || name === "findings") && !sources.some((source) => classOfFile(source) === "recipe");

const ANSWERS: Record<AskCommand, (asking: Asking) => Promise<Answer>> = {
  search: searchAnswer,
  compare: compareAnswer,
  network: networkAnswer,
  findings: findingsAnswer,
};

/** The option without which there is no question. */
const NEEDS: Partial<Record<AskCommand, readonly ["query" | "with", string]>> = {
  search: ["query", "the words to look for"],
  compare: ["with", "the second model"],
};

function checkOptions(name: AskCommand, given: Given): void {
  const [option, what] = NEEDS[name] ?? [];
  if (option && given[option] === undefined) throw new UsageError(`${name} needs --${option}: ${what!}.`);
  const table = name === "network";
  const wanted = table ? /(?<!\.lens)\.json$|\.csv$/i : /(?<!\.lens)\.json$/i;
  const other = given.out.find((file) => !wanted.test(file));
  if (other !== undefined) throw new UsageError(`--out ${other}: ${name} writes .json${table ? " and .csv" : ""}.`);
}
