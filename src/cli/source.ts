import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { LensError } from "../protocol/errors";
import { classOfFile, guessKind, type SourceShape } from "../protocol/guess-source";
import type { SourceKind } from "../protocol/recipe";
import { UsageError } from "./usage";

/** The lines of stdin as a source. */
export const STDIN = "-";

/** A path of the command line as it stands in a recipe: forward slashes, no "./" and no slash at its end. */
export function recipePath(given: string): string {
  if (given === STDIN) return given;
  const normal = path.normalize(given).split(path.sep).join("/");
  return normal.length > 1 ? normal.replace(/\/$/, "") : normal;
}

/**
 * The kind of sources that `--as` does not name: that of each file or folder, which must agree. Text files beside
 * folders of texts are whole files.
 * @param paths as the user named them, relative to `cwd`
 * @throws UsageError when they differ; LensError "source" when one is missing or an empty folder
 */
export async function guessSourceKind(paths: readonly string[], cwd: string, signal: AbortSignal): Promise<SourceKind> {
  const kinds = new Map<SourceKind, string>();
  for (const name of paths) {
    const kind = name === STDIN ? "lines" : guessKind(await shapeOf(name, cwd, signal));
    if (kind === null) throw new LensError("source", `“${name}” holds no pictures and no text files.`);
    if (!kinds.has(kind)) kinds.set(kind, name);
  }
  const [first, second, third] = kinds;
  if (!second) return first![0];
  if (!third && kinds.has("files") && kinds.has("lines")) return "files";
  throw new UsageError(
    `“${first![1]}” and “${second[1]}” are different kinds of sources (${first![0]} and ${second[0]}): name one with --as.`,
  );
}

/** What stands at a path. @throws LensError "source" when nothing does */
async function shapeOf(name: string, cwd: string, signal: AbortSignal): Promise<SourceShape> {
  const absolute = path.resolve(cwd, name);
  const info = await stat(absolute).catch((error: unknown) => {
    throw new LensError("source", `“${name}” ${whyNot(error)}`, { cause: error });
  });
  if (!info.isDirectory()) return { path: name, folder: false };
  const count = { images: 0, texts: 0 };
  await countFiles(absolute, count, signal);
  return { path: name, folder: true, ...count };
}

function whyNot(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") return "does not exist.";
  if (code === "ELOOP") return "is a circle of symbolic links.";
  return code === "EACCES" || code === "EPERM" ? "may not be read (no permission)." : `cannot be read (${code ?? ""}).`;
}

/** Counts as the engine walks: no dot-folders, no node_modules. Links are left to it: they don't decide a kind. */
async function countFiles(folder: string, count: { images: number; texts: number }, signal: AbortSignal) {
  signal.throwIfAborted();
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    if (entry.isDirectory()) await countFiles(path.join(folder, entry.name), count, signal);
    else if (classOfFile(entry.name) === "image") count.images++;
    else if (classOfFile(entry.name) === "text") count.texts++;
  }
}
