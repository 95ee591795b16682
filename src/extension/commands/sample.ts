import path from "node:path";
import * as vscode from "vscode";
import { DEFAULT_IMAGE_MODEL, DEFAULT_TEXT_MODEL } from "../../protocol/models";
import type { PanelManager } from "../panel-manager";
import { neighborsFor, newRecipe } from "../sources";

const SENTENCES = "sentences.txt";
const PICTURES = "pictures";

/** "Open Sample": the sample sentences with their map beside them, and behind it a map of the sample pictures. */
export class SampleCommand {
  constructor(
    private readonly panels: PanelManager,
    private readonly extensionUri: vscode.Uri,
  ) {}

  async open(): Promise<void> {
    const folder = vscode.Uri.joinPath(this.extensionUri, "media", "samples");
    const base = folder.fsPath;
    await vscode.window.showTextDocument(vscode.Uri.file(path.join(base, SENTENCES)), { preview: false });
    const column = vscode.ViewColumn.Beside;
    const pictures = newRecipe({ kind: "images", paths: [PICTURES] }, DEFAULT_IMAGE_MODEL);
    this.panels.open({ recipe: pictures, base, view: "map", column });
    const sentences = newRecipe({ kind: "lines", paths: [SENTENCES] }, DEFAULT_TEXT_MODEL, {
      reduce: { neighbors: neighborsFor(20) },
    });
    this.panels.open({ recipe: sentences, base, view: "map", column });
  }
}
