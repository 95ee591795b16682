import path from "node:path";
import { significant, writeAtomic } from "../export";
import type { AskCommand } from "./arguments";
import { compareAnswer } from "./compare";
import { modelHost } from "./host";
import type { Io } from "./io";
import { makeJob } from "./job";
import { noEffect } from "./no-effect";
import type { Given } from "./options";
import { cacheFolder } from "./run";
import { searchAnswer } from "./search";
import { Terminal } from "./terminal";
import { UsageError } from "./usage";

/**
 * Runs `search` or `compare`: an answer as JSON, on stdout or in the file that --out names.
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
    const job = await makeJob(sources, given, { cwd: io.cwd, signal: io.signal, readStdin: () => io.stdin.read() });
    base = job.base;
    for (const sentence of noEffect(name, given, job.recipe)) terminal.say(`Warning: ${sentence}`);
    const options = { signal: io.signal, onProgress: terminal.progress.bind(terminal) };
    const asking = { engine, job, given, options, terminal };
    const answer = await (name === "search" ? searchAnswer(asking) : compareAnswer(asking));
    terminal.clear();
    const json = `${JSON.stringify(answer, (_, value: unknown) => (typeof value === "number" ? significant(value) : value), 2)}\n`;
    if (given.out.length === 0) await io.stdout(json);
    for (const file of given.out) {
      await writeAtomic(path.resolve(io.cwd, file), json, io.signal);
      terminal.note(`Wrote ${file}`);
    }
  } finally {
    terminal.clear();
    await engine.dispose();
  }
}

const NEEDS = { search: ["query", "the words to look for"], compare: ["with", "the second model"] } as const;

function checkOptions(name: AskCommand, given: Given): void {
  const [option, what] = NEEDS[name];
  if (given[option] === undefined) throw new UsageError(`${name} needs --${option}: ${what}.`);
  const other = given.out.find((file) => !/(?<!\.lens)\.json$/i.test(file));
  if (other !== undefined) throw new UsageError(`--out ${other}: ${name} writes .json.`);
}
