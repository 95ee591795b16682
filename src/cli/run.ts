import path from "node:path";
import type { HeatmapOrder } from "../charts/order";
import type { Engine } from "../engine/client";
import { writeAtomic, writeClusterCopy } from "../export";
import type { Job } from "../protocol/engine";
import { LensError } from "../protocol/errors";
import { classOfFile } from "../protocol/guess-source";
import type { RunResult } from "../protocol/result";
import type { RunCommand } from "./arguments";
import { dataContent, jsonContent, metadataFile } from "./contents";
import { completed, type Completed } from "./dataset";
import { Findings } from "./findings";
import { modelHost } from "./host";
import type { Io } from "./io";
import { makeJob } from "./job";
import { noEffect } from "./no-effect";
import type { Given } from "./options";
import { neededFor, orderOf, orderRemarks } from "./order";
import { checkAgainstRecipe, parseCopy, parseOutputs, type Copy, type Output } from "./outputs";
import { notesOf, remarks, summary } from "./summary";
import { Terminal } from "./terminal";
import { UsageError } from "./usage";

/**
 * Runs `map`, `similarity` or `embed` and writes its outputs.
 * @throws UsageError before anything runs; LensError
 */
export async function runCommand(
  { name, sources, given }: { name: RunCommand; sources: string[]; given: Given },
  io: Io,
): Promise<void> {
  const terminal = new Terminal(io.stderr, given.quiet !== undefined);
  const files = sources.map((source) => path.resolve(io.cwd, source));
  const outputs = parseOutputs(given.out, name, io.cwd, files);
  let base = io.cwd;
  const engine = await io.openEngine(
    modelHost(io, given, terminal, () => base),
    cacheFolder(given, io),
  );
  // Vectors alone may be so few that no thread is needed.
  if (!files.every((file) => classOfFile(file) === "vectors")) engine.warm();
  try {
    const made = await makeJob(sources, given, {
      cwd: io.cwd,
      signal: io.signal,
      readStdin: () => {
        if (io.stdin.isTTY) terminal.note("Reading lines from the terminal; Ctrl+D ends them.");
        return io.stdin.read();
      },
    });
    base = made.base;
    const { job, coordinates, table }: Completed = sources.some(isRecipe)
      ? { job: made, coordinates: true }
      : await completed(name, made, given, engine);
    checkOutputs(outputs, name, job, coordinates);
    const copy = parseCopy(given, name, job.recipe, io.cwd, [...files, ...outputs.map(({ file }) => file)]);
    const order = orderOf(given, name, outputs, job.recipe);
    const sentences = noEffect(name, given, job.recipe, { table, order });
    for (const sentence of sentences) terminal.say(`Warning: ${sentence}`);
    await runJob(name, job, { outputs, copy, order }, engine, terminal, io);
  } finally {
    terminal.clear();
    await engine.dispose();
  }
}

/** Where embeddings are kept: null for nowhere, undefined for the usual place. */
export function cacheFolder({ cache }: Given, { cwd }: Io): string | null | undefined {
  if (cache === undefined) return undefined;
  return cache === "none" ? null : path.resolve(cwd, cache);
}

const isRecipe = (source: string): boolean => classOfFile(source) === "recipe";

function checkOutputs(
  outputs: readonly Output[],
  name: RunCommand,
  { recipe, documents }: Job,
  coordinates: boolean,
): void {
  if (!coordinates) checkAgainstRecipe(outputs, name, recipe);
  const recipeFile = outputs.find(({ format }) => format === "recipe");
  if (recipeFile && documents) {
    throw new UsageError(`--out ${recipeFile.name}: a recipe can't name lines from stdin. Save them in a file first.`);
  }
}

async function runJob(
  name: RunCommand,
  job: Job,
  { outputs, copy, order }: { outputs: readonly Output[]; copy: Copy | null; order: HeatmapOrder },
  engine: Engine,
  terminal: Terminal,
  io: Io,
): Promise<void> {
  const options = { signal: io.signal, onProgress: terminal.progress.bind(terminal) };
  // Similarities and vectors need no map: their run ends with the vectors, and the result names the whole recipe.
  const run: Job = name === "map" ? job : { ...job, recipe: neededFor(order, job.recipe) };
  const ran = { ...(await engine.run(run, options)), recipe: job.recipe };
  const result = name === "map" ? ran : withoutCoordinates(ran);
  const findings = new Findings({ run, job, result, order, engine, options });
  terminal.clear();
  for (const line of notesOf(result)) terminal.note(line);
  for (const line of [...remarks(result), ...orderRemarks(order, result)]) terminal.say(line);
  if (result.items.count === 0) throw new LensError("source", "No item could be embedded: there is nothing to write.");
  if (outputs.length === 0 && !copy) {
    for (const piece of await jsonContent(name, findings)) await io.stdout(piece);
  }
  for (const output of outputs) {
    await writeAtomic(output.file, await contentOf(name, output, findings, io), io.signal);
    terminal.note(`Wrote ${output.name}`);
    const texts = await metadataFile(output, findings);
    if (texts) {
      await writeAtomic(texts.file, texts.content, io.signal);
      terminal.note(`Wrote ${texts.name}`);
    }
  }
  if (copy) {
    const column = await writeClusterCopy(
      copy.file,
      result,
      (added, target) => engine.copy(run, added, target, options),
      io.signal,
    );
    terminal.clear();
    terminal.note(`Wrote ${copy.name}, with the column “${column}”`);
  }
  terminal.note(summary(result));
}

/** Ready coordinates are no part of a matrix or of vectors. */
const withoutCoordinates = ({ z: _, ...result }: RunResult): RunResult => ({
  ...result,
  x: new Float32Array(0),
  y: new Float32Array(0),
});

async function contentOf(name: RunCommand, output: Output, findings: Findings, io: Io) {
  const { format } = output;
  switch (format) {
    case "html":
    case "svg":
    case "png":
      if (name === "embed") throw new UsageError("embed draws no chart.");
      return (await import("./charts")).chartContent(name, format, findings, io);
    default:
      return dataContent(name, { ...output, format }, findings);
  }
}
