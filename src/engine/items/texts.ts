import { isCancelled, LensError } from "../../protocol/errors";
import type { Source } from "../../protocol/recipe";
import type { ItemSet, StageContext } from "../types";
import { readText } from "./decode";
import { accepts, fingerprint, fingerprintOf } from "./fingerprint";
import { Gatherer } from "./gather";
import { Oddities } from "./oddities";
import { baseName } from "./paths";
import { mergeRanges, withinRanges } from "./ranges";
import { splitLines, type Line } from "./split-lines";
import { findFiles, type FoundFile, type FoundFiles } from "./walk";

export interface LoadOptions {
  /** Absolute folder that relative paths start from. */
  base: string;
  /** Texts of unsaved documents by their path in the recipe: they win over the file. */
  documents?: Record<string, string>;
  seed: number;
}

/** Reads one file's lines into items. */
export type ReadFile = (
  file: FoundFile,
  batches: AsyncIterable<Line[]>,
  label: string | null,
  gather: Gatherer,
) => Promise<void>;

/** The paths of a source for a sentence: at most three of them. */
export function named(paths: readonly string[]): string {
  const more = paths.length - 3;
  return more > 0 ? `${paths.slice(0, 3).join(", ")} and ${more} more` : paths.join(", ");
}

/**
 * Reads the lines of each file of a source by streams and lets `read` make items of them. With several files the label is the file's name.
 * A file that can't be read is left out by name.
 * @param unit what an empty item is called: "empty line"
 * @throws LensError "source" when nothing is found
 */
export async function gatherTexts(
  source: Source,
  options: LoadOptions,
  ctx: StageContext,
  unit: string,
  read: ReadFile,
): Promise<ItemSet> {
  const { base, documents, seed } = options;
  const found = await findFiles(source.paths, base, accepts(source.kind), { documents, signal: ctx.signal });
  const gather = new Gatherer(source.sample, seed, ctx);
  found.skipped.forEach((left) => gather.skip(left));
  gather.note(...found.notes);
  const ranges = source.ranges && mergeRanges(source.ranges);
  for (const file of found.files) {
    const label = found.files.length > 1 ? baseName(file.path) : null;
    const lines = splitLines(readText(file, ctx.signal));
    const wanted = ranges && file.path === source.paths[0] ? withinRanges(lines, ranges) : lines;
    try {
      await read(file, checked(file, wanted, gather), label, gather);
    } catch (error) {
      if (isCancelled(error) || !(error instanceof LensError) || isOnly(found)) throw error;
      gather.skip({ path: file.path, reason: reasonOf(error, file.path) });
    }
  }
  const before = fingerprintOf(found.files);
  if ((await fingerprint(source, base, documents)) !== before) gather.warn("A file changed while it was read.");
  const where = ranges ? `the chosen lines of ${named(source.paths)}` : named(source.paths);
  return gather.finish(`No text was found in ${where}.`, unit, before);
}

/** Whether there is one file and nothing else: what is wrong with it is then the whole message. */
export const isOnly = ({ files, skipped }: FoundFiles): boolean => files.length + skipped.length === 1;

/** Passes lines on and says by name what was odd about them. */
async function* checked(file: FoundFile, batches: AsyncIterable<Line[]>, gather: Gatherer): AsyncGenerator<Line[]> {
  const odd = new Oddities(file.path);
  try {
    for await (const batch of batches) {
      gather.report();
      for (const { number, text, cut } of batch) {
        if (cut) odd.note("line", number, Oddities.cut);
        if (text.includes("\uFFFD")) odd.note("line", number, Oddities.damaged);
      }
      yield batch;
    }
  } finally {
    gather.warn(...odd.sentences());
  }
}

/** The reason of an error without the path that a list shows beside it. */
export const reasonOf = (error: LensError, path: string): string =>
  error.message.replace(`${path}: `, "").replace(`${path} is`, "is").replace(/\.$/, "");
