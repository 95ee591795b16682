import path from "node:path";
import * as vscode from "vscode";
import { LensError } from "../../protocol/errors";
import type { View } from "../../protocol/panel";
import { activeEditor } from "../active-editor";
import type { PanelManager } from "../panel-manager";
import type { Settings } from "../settings";
import { lineRanges, neighborsFor, newRecipe } from "../sources";

/** "Map of Selection" and "Similarity Heatmap of Selection": the selected lines, or the whole document. */
export class SelectionCommand {
  constructor(
    private readonly panels: PanelManager,
    private readonly settings: Settings,
  ) {}

  /** @throws LensError "source" when there is nothing to show */
  show(view: View): void {
    const editor = activeEditor();
    if (!editor) throw new LensError("source", "Open a text document first: its selected lines are shown.");
    const { document } = editor;
    const ranges = lineRanges(editor.selections);
    const lines = countLines(document, ranges ?? [[1, document.lineCount]]);
    if (lines === 0) {
      throw new LensError(
        "source",
        ranges
          ? "The selected lines are empty. Select lines with text."
          : "This document is empty. There is nothing to show yet.",
      );
    }
    const onDisk = document.uri.scheme === "file";
    const name = path.posix.basename(document.uri.path) || "document";
    this.panels.open({
      recipe: newRecipe({ kind: "lines", paths: [name], ...(ranges ? { ranges } : {}) }, this.settings.textModel, {
        reduce: { method: view === "map" ? "umap" : "none", neighbors: neighborsFor(lines) },
      }),
      base: onDisk ? path.dirname(document.uri.fsPath) : workspaceFolder(),
      documents: { [name]: document.uri.toString() },
      view,
      column: vscode.ViewColumn.Beside,
    });
  }
}

/** Lines with text; the count ends where it makes no difference any more. */
function countLines(document: vscode.TextDocument, ranges: readonly [number, number][]): number {
  let count = 0;
  for (const [from, to] of ranges) {
    for (let line = from; line <= to && count < 1_000; line++) {
      if (!document.lineAt(line - 1).isEmptyOrWhitespace) count++;
    }
  }
  return count;
}

/** Where files of a document that is not on disk would be saved. */
const workspaceFolder = (): string => {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file");
  return folder?.uri.fsPath ?? path.resolve(".");
};
