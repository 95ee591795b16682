import path from "node:path";
import * as vscode from "vscode";
import type { Engine } from "../engine/client";
import { writeAtomic } from "../export";
import { LensError } from "../protocol/errors";
import type { ExportFormat } from "../protocol/panel";
import { filterOf, FORMAT_NAME, savedFile, suggestedName, type Shown } from "./saved-file";

/**
 * Asks where, then writes the file whole or not at all.
 * @returns the path, or null when the person cancelled
 * @throws LensError
 */
export async function save(engine: Engine, shown: Shown, format: ExportFormat): Promise<string | null> {
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(path.join(shown.job.base, suggestedName(shown, format))),
    filters: { [FORMAT_NAME[format]]: [filterOf(format)] },
    title: `Save as ${FORMAT_NAME[format]}`,
  });
  if (!target) return null;
  if (target.scheme !== "file") {
    throw new LensError("write", `“${target.path}” is not on this machine's disk. Choose a folder that is.`);
  }
  await writeAtomic(target.fsPath, await savedFile(engine, shown, format, target.fsPath));
  return target.fsPath;
}
