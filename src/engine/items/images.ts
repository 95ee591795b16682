import { IMAGE_EXTENSIONS, UNREADABLE_IMAGE_EXTENSIONS } from "../../protocol/constants";
import { LensError } from "../../protocol/errors";
import type { Source } from "../../protocol/recipe";
import type { Skipped } from "../../protocol/result";
import { createRandom, sampleIndices } from "../random";
import type { Item, ItemSet, StageContext } from "../types";
import { accepts, fingerprintOf } from "./fingerprint";
import { baseName, extensionOf } from "./paths";
import { named } from "./texts";
import { findFiles, type FoundFile } from "./walk";

const UNREADABLE: ReadonlySet<string> = new Set(UNREADABLE_IMAGE_EXTENSIONS);
const isPicture = accepts("images");

/**
 * The pictures of files and folders. The label of a picture is the name of the folder that holds it.
 * What looks like a picture and cannot be decoded here (heic, raw, …) is left out by name; other files are passed over.
 * @throws LensError "source" when there is no picture
 */
export async function loadImages(
  source: Source,
  options: { base: string; seed: number },
  ctx: StageContext,
): Promise<ItemSet> {
  let seen = 0;
  const accept = (name: string): boolean => {
    const taken = isPicture(name) || UNREADABLE.has(extensionOf(name));
    if (taken) ctx.report(++seen, 0);
    return taken;
  };
  const found = await findFiles(source.paths, options.base, accept, { signal: ctx.signal });
  const files = found.files.filter(({ path }) => isPicture(path));
  const skipped = [...found.skipped, ...unreadable(found.files)];
  if (files.length === 0) throw new LensError("source", nothingIn(source.paths, skipped));
  const chosen = sampleIndices(files.length, source.sample ?? files.length, createRandom(options.seed));
  const items = Array.from(chosen, (i) => itemOf(files[i]!));
  ctx.report(items.length, items.length);
  return {
    kind: "image",
    items,
    total: files.length,
    skipped,
    warnings: [],
    notes: found.notes,
    // The same files as `fingerprint` looks at: pictures, and whatever the recipe names by itself.
    fingerprint: fingerprintOf(found.files.filter((file) => file.named || isPicture(file.path))),
  };
}

function itemOf({ path, file }: FoundFile): Item {
  const folder = baseName(file.slice(0, -baseName(file).length));
  return { label: folder === "" ? null : folder, path, file };
}

const unreadable = (files: readonly FoundFile[]): Skipped[] =>
  files
    .filter(({ path }) => !isPicture(path))
    .map(({ path }) => {
      const extension = extensionOf(path).slice(1);
      return {
        path,
        reason: UNREADABLE.has(`.${extension}`)
          ? `${extension} pictures cannot be read here: convert it to jpg or png`
          : "it is not a picture (its name does not end in jpg, png, webp, gif, avif or tif)",
      };
    });

function nothingIn(paths: readonly string[], skipped: readonly Skipped[]): string {
  const where = named(paths);
  const [first] = skipped;
  if (first === undefined) {
    const formats = IMAGE_EXTENSIONS.map((extension) => extension.slice(1)).join(", ");
    return `No pictures were found in ${where}: choose a folder that holds ${formats} files.`;
  }
  const others = skipped.length > 1 ? ` (and ${skipped.length - 1} more)` : "";
  return `No pictures that can be read were found in ${where}: ${first.path}: ${first.reason}${others}.`;
}
