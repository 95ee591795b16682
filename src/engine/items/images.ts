import { LensError } from "../../protocol/errors";
import type { Source } from "../../protocol/recipe";
import { createRandom, sampleIndices } from "../random";
import type { ItemSet, StageContext } from "../types";
import { accepts, fingerprintOf } from "./fingerprint";
import { baseName } from "./paths";
import { findFiles } from "./walk";

/** The pictures of files and folders; the label is the name of the folder that holds the picture. */
export async function loadImages(
  source: Source,
  options: { base: string; seed: number },
  ctx: StageContext,
): Promise<ItemSet> {
  const { files, skipped, warnings } = await findFiles(source.paths, options.base, accepts("images"), ctx);
  if (files.length === 0) throw new LensError("source", `No pictures were found in ${source.paths.join(", ")}.`);
  const chosen = sampleIndices(files.length, source.sample ?? files.length, createRandom(options.seed));
  const items = Array.from(chosen, (i) => files[i]!).map(({ path, file }) => ({
    label: baseName(file.slice(0, -baseName(file).length)) || null,
    path,
    file,
  }));
  ctx.report(items.length, items.length);
  return {
    kind: "image",
    items,
    total: files.length,
    skipped,
    warnings,
    fingerprint: fingerprintOf(files),
  };
}
