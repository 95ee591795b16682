import { existsSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import type { Engine } from "../engine/client";
import { writeAtomic, writeClusterCopy } from "../export";
import { cancelled, LensError } from "../protocol/errors";
import type { ExportFormat } from "../protocol/panel";
import { filterOf, FORMAT_NAME, metadataName, suggestedName } from "./save-names";
import { savedFiles, type Shown } from "./saved-file";

/**
 * Asks where, then writes the file whole or not at all; of two files the second is asked about when it is there already.
 * @returns the path, or null when the person cancelled
 * @throws LensError
 */
export async function save(engine: Engine, shown: Shown, format: ExportFormat): Promise<string | null> {
  const target = await askForTarget(shown.job.base, suggestedName(shown, format), FORMAT_NAME[format], [
    filterOf(format, shown.job),
  ]);
  if (target === null) return null;
  if (format === "tsv" && !(await mayReplace(metadataName(target)))) return null;
  return withProgress(`Saving ${path.basename(target)}`, async (signal) => {
    if (format === "copy") return copyWithClusters(engine, shown, target, signal);
    for (const { file, content } of await savedFiles(engine, shown, format, target, signal)) {
      await writeAtomic(file, content, signal);
    }
    return target;
  });
}

/** The source itself is never written. */
async function copyWithClusters(
  engine: Engine,
  { job, result }: Shown,
  target: string,
  signal: AbortSignal,
): Promise<string> {
  if (job.recipe.source.paths.some((name) => path.resolve(job.base, name) === path.resolve(target))) {
    throw new LensError("write", `“${path.basename(target)}” is the dataset itself. Choose another name for its copy.`);
  }
  await writeClusterCopy(
    target,
    result,
    (column, temporary) => engine.copy(job, column, temporary, { signal }),
    signal,
  );
  return target;
}

/** A file on this machine's disk, or null when the dialog was closed. @throws LensError "write" */
export async function askForTarget(
  folder: string,
  name: string,
  what: string,
  extensions: string[],
): Promise<string | null> {
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(path.join(folder, name)),
    filters: { [what]: extensions },
    title: `Save as ${what}`,
  });
  if (!target) return null;
  if (target.scheme !== "file") {
    throw new LensError("write", `“${target.path}” is not on this machine's disk. Choose a folder that is.`);
  }
  return target.fsPath;
}

async function mayReplace(file: string): Promise<boolean> {
  if (!existsSync(file)) return true;
  const replace = "Replace";
  const detail = "The Embedding Projector's metadata is written beside the vectors.";
  const answer = await vscode.window.showWarningMessage(
    `“${path.basename(file)}” already exists. Replace it?`,
    { modal: true, detail },
    replace,
  );
  return answer === replace;
}

/** Work that can be cancelled; what takes a moment says so. @returns null when it was cancelled */
export async function withProgress<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
  const abort = new AbortController();
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (_, token) => {
      const listener = token.onCancellationRequested(() => abort.abort(cancelled()));
      try {
        return await work(abort.signal);
      } catch (error) {
        if (abort.signal.aborted) return null;
        throw error;
      } finally {
        listener.dispose();
      }
    },
  );
}
