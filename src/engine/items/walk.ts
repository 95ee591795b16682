import type { Dirent, Stats } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Skipped } from "../../protocol/result";
import { absolutePath, counted, joinPath, naturally } from "./paths";

export interface FoundFile {
  /** As in the recipe; for a file of a folder: the folder's path in the recipe joined with the path below it. */
  path: string;
  /** Absolute path on this machine. */
  file: string;
  bytes: number;
  /** Time of the last change in ms. */
  changed: number;
  /** Given by its own path in the recipe, not found in a folder. */
  named: boolean;
  /** The text of the unsaved document with this path: it wins over the file. */
  text?: string;
}

export interface FoundFiles {
  /** In the order of the recipe's paths, those of a folder in natural order; each file once. */
  files: FoundFile[];
  /** Paths that are missing or unreadable. */
  skipped: Skipped[];
  /** What was passed over, as sentences: "2 folders left out: …". */
  notes: string[];
}

/** Why a path could not be read, for a person. */
export function whyUnreadable(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return "there is no such file or folder";
    case "EACCES":
    case "EPERM":
      return "it may not be read (no permission)";
    case "ELOOP":
      return "its symbolic links lead in a circle";
    default:
      return `it could not be read (${code ?? (error instanceof Error ? error.message : String(error))})`;
  }
}

const isPassedOver = (name: string): boolean => name.startsWith(".") || name === "node_modules";

/**
 * The files that a recipe's paths name. Folders are walked: recursively, in natural order, without dot-folders and
 * node_modules, following symbolic links but entering each folder once.
 * @param options.documents texts of unsaved documents by their path: these need no file
 * @param accept chooses among the files of a folder by name; a file that is named by itself is always taken
 */
export async function findFiles(
  paths: readonly string[],
  base: string,
  accept: (name: string) => boolean,
  options: { documents?: Readonly<Record<string, string>> | undefined; signal?: AbortSignal | undefined } = {},
): Promise<FoundFiles> {
  const { documents = {}, signal } = options;
  const files: FoundFile[] = [];
  const skipped: Skipped[] = [];
  const seenFiles = new Set<string>();
  const seenFolders = new Set<string>();
  let hiddenFolders = 0;
  let hiddenFiles = 0;

  const take = (path: string, file: string, real: string, info: Stats, named: boolean): void => {
    if (seenFiles.has(real)) return;
    seenFiles.add(real);
    const found = { path, file, bytes: info.size, changed: info.mtimeMs, named };
    files.push(Object.hasOwn(documents, path) ? { ...found, text: documents[path]! } : found);
  };

  const enter = async (path: string, folder: string, real: string): Promise<void> => {
    signal?.throwIfAborted();
    if (seenFolders.has(real)) return;
    seenFolders.add(real);
    let entries: Dirent[];
    try {
      entries = await readdir(folder, { withFileTypes: true });
    } catch (error) {
      skipped.push({ path, reason: whyUnreadable(error) });
      return;
    }
    entries.sort((a, b) => naturally(a.name, b.name));
    for (const entry of entries) await visit(entry, joinPath(path, entry.name), join(folder, entry.name), real);
  };

  const visit = async (entry: Dirent, path: string, file: string, parent: string): Promise<void> => {
    if (isPassedOver(entry.name)) {
      if (entry.isDirectory()) hiddenFolders++;
      else if (accept(entry.name)) hiddenFiles++;
      return;
    }
    if (entry.isFile() && !accept(entry.name)) return;
    try {
      const real = entry.isSymbolicLink() ? await realpath(file) : parent + sep + entry.name;
      if (entry.isDirectory()) return await enter(path, file, real);
      const info = await stat(file);
      if (info.isDirectory()) return await enter(path, file, real);
      if (info.isFile() && accept(entry.name)) take(path, file, real, info, false);
    } catch (error) {
      if (signal?.aborted) throw error;
      if (accept(entry.name)) skipped.push({ path, reason: whyUnreadable(error) });
    }
  };

  for (const path of paths) {
    signal?.throwIfAborted();
    const file = absolutePath(path, base);
    if (Object.hasOwn(documents, path)) {
      if (seenFiles.has(file)) continue;
      seenFiles.add(file);
      files.push({ path, file, bytes: 0, changed: 0, named: true, text: documents[path]! });
      continue;
    }
    try {
      const info = await stat(file);
      const real = await realpath(file);
      if (info.isDirectory()) await enter(path, file, real);
      else if (info.isFile()) take(path, file, real, info, true);
      else skipped.push({ path, reason: "it is neither a file nor a folder" });
    } catch (error) {
      if (signal?.aborted) throw error;
      skipped.push({ path, reason: whyUnreadable(error) });
    }
  }
  const hidden = [
    ...(hiddenFolders > 0 ? [counted(hiddenFolders, "folder")] : []),
    ...(hiddenFiles > 0 ? [counted(hiddenFiles, "hidden file")] : []),
  ].join(" and ");
  const notes = hidden === "" ? [] : [`${hidden} left out: hidden ones and node_modules are not searched.`];
  return { files, skipped, notes };
}
