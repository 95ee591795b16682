import { createHash } from "node:crypto";
import { IMAGE_EXTENSIONS, TEXT_EXTENSIONS } from "../../protocol/constants";
import type { Source } from "../../protocol/recipe";
import { extensionOf } from "./paths";
import { findFiles, type FoundFile } from "./walk";

const TEXTS: ReadonlySet<string> = new Set(TEXT_EXTENSIONS);
const IMAGES: ReadonlySet<string> = new Set(IMAGE_EXTENSIONS);

/** Which files of a folder belong to a source of this kind. */
export function accepts(kind: Source["kind"]): (name: string) => boolean {
  const wanted = kind === "images" ? IMAGES : TEXTS;
  return (name) => wanted.has(extensionOf(name));
}

/** A short hash of what the files are: path, size and time of change, or the text of an unsaved document. */
export function fingerprintOf(files: readonly FoundFile[]): string {
  const hash = createHash("sha256");
  for (const { path, bytes, changed, text } of files) hash.update(JSON.stringify([path, text ?? [bytes, changed]]));
  return hash.digest("hex").slice(0, 16);
}

/**
 * Changes when a file of the source changes (its size or time), when a folder gains or loses one, or when an unsaved text changes.
 * Missing files count as such; nothing is thrown for them.
 * @param base absolute folder that relative paths start from
 * @param documents texts of unsaved documents by their path in the recipe
 */
export async function fingerprint(source: Source, base: string, documents?: Record<string, string>): Promise<string> {
  const paths = source.texts ? [...source.paths, source.texts] : source.paths;
  return fingerprintOf((await findFiles(paths, base, accepts(source.kind), { documents })).files);
}
