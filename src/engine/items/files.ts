import { isCancelled, LensError } from "../../protocol/errors";
import type { Source } from "../../protocol/recipe";
import { createRandom, sampleIndices } from "../random";
import type { Item, ItemSet, StageContext } from "../types";
import { readText } from "./decode";
import { accepts, fingerprintOf } from "./fingerprint";
import { FILE_LIMIT } from "./limits";
import { baseName } from "./paths";
import { named, reasonOf, type LoadOptions } from "./texts";
import { findFiles, type FoundFile } from "./walk";

/**
 * One item for each text file; the label is the name of the folder that holds it, null when all are in one folder.
 * @throws LensError "source" when no file has text; "recipe" when line ranges are given
 */
export async function loadFiles(source: Source, options: LoadOptions, ctx: StageContext): Promise<ItemSet> {
  if (source.ranges)
    throw new LensError("recipe", "Whole files have no ranges of lines: remove “ranges”, or choose lines.");
  const { base, documents, seed } = options;
  const where = named(source.paths);
  const found = await findFiles(source.paths, base, accepts("files"), { documents, signal: ctx.signal });
  const { files, skipped } = found;
  const warnings: string[] = [];
  const folders = new Set(files.map(folderOf));
  const chosen = sampleIndices(files.length, source.sample ?? files.length, createRandom(seed));
  const items: Item[] = [];
  for (const [done, i] of chosen.entries()) {
    ctx.report(done, chosen.length);
    const file = files[i]!;
    try {
      const { text, cut } = await readStart(file, ctx.signal, source.long === "split");
      if (text === "") skipped.push({ path: file.path, reason: "it is empty" });
      else items.push({ label: folders.size > 1 ? baseName(folderOf(file)) || null : null, path: file.path, text });
      if (cut)
        warnings.push(`${file.path}: only its first ${FILE_LIMIT.toLocaleString("en-US")} characters were read.`);
      if (text.includes("\uFFFD"))
        warnings.push(`${file.path}: bytes that are not UTF-8 (shown as \uFFFD): save it as UTF-8.`);
    } catch (error) {
      if (isCancelled(error) || !(error instanceof LensError)) throw error;
      skipped.push({ path: file.path, reason: reasonOf(error, file.path) });
    }
  }
  const [first] = skipped;
  if (items.length === 0) {
    throw new LensError(
      "source",
      first
        ? `No text was found in ${where}: ${first.path}: ${first.reason}.`
        : `No .txt or .md files were found in ${where}.`,
    );
  }
  ctx.report(chosen.length, chosen.length);
  return {
    kind: "text",
    items,
    total: files.length,
    skipped,
    warnings,
    notes: found.notes,
    fingerprint: fingerprintOf(files),
  };
}

const folderOf = ({ file }: FoundFile): string => file.slice(0, -baseName(file).length);

/**
 * The text of a file as far as FILE_LIMIT, trimmed.
 * @param inPlace keeps what stands before a text that is not empty, so that its lines are those of the file
 */
async function readStart(
  file: FoundFile,
  signal: AbortSignal,
  inPlace: boolean,
): Promise<{ text: string; cut: boolean }> {
  const trimmed = (text: string): string => (inPlace ? text.trimEnd() : text.trim());
  let text = "";
  for await (const piece of readText(file, signal)) {
    text += piece;
    if (text.length > FILE_LIMIT) return { text: trimmed(text.slice(0, FILE_LIMIT)), cut: true };
  }
  return { text: trimmed(text), cut: false };
}
