import path from "node:path";
import * as vscode from "vscode";
import { IMAGE_EXTENSIONS } from "../../protocol/constants";
import { LensError } from "../../protocol/errors";
import type { SourceKind } from "../../protocol/recipe";
import { activeEditor } from "../active-editor";
import type { PanelManager } from "../panel-manager";
import type { Settings } from "../settings";
import { locate, newRecipe, textKind } from "../sources";

/** The commands on files and folders: of the explorer, else of the active editor. */
export class FileCommands {
  constructor(
    private readonly panels: PanelManager,
    private readonly settings: Settings,
  ) {}

  async images(clicked?: vscode.Uri, selected?: vscode.Uri[], column = vscode.ViewColumn.Active): Promise<void> {
    const uris = chosen(clicked, selected) ?? (await this.#askForPictures());
    if (uris) this.#open("images", filesOf(uris), this.settings.imageModel, column);
  }

  async text(clicked?: vscode.Uri, selected?: vscode.Uri[], column = vscode.ViewColumn.Active): Promise<void> {
    const files = filesOf(chosen(clicked, selected) ?? activeDocument());
    const folders = await Promise.all(files.map(isFolder));
    this.#open(textKind(files, folders.includes(true)), files, this.settings.textModel, column);
  }

  #open(kind: SourceKind, files: readonly string[], model: string, column: vscode.ViewColumn): void {
    const { base, paths } = locate(files);
    this.panels.open({ recipe: newRecipe({ kind, paths }, model), base, view: "map", column });
  }

  /** From the palette there is no folder to start from. */
  async #askForPictures(): Promise<vscode.Uri[] | undefined> {
    return vscode.window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      canSelectMany: true,
      openLabel: "Visualize Images",
      title: `A folder of pictures (${IMAGE_EXTENSIONS.map((one) => one.slice(1)).join(", ")})`,
    });
  }
}

/** What the explorer gives: the entry that was clicked, and all selected ones when it is among them. */
export function chosen(clicked?: vscode.Uri, selected?: vscode.Uri[]): vscode.Uri[] | undefined {
  if (selected && selected.length > 0) return selected;
  return clicked ? [clicked] : undefined;
}

function activeDocument(): vscode.Uri[] {
  const uri = activeEditor()?.document.uri;
  if (!uri) throw new LensError("source", "Open a file first, or right-click one in the explorer.");
  return [uri];
}

/** Absolute paths. @throws LensError "source" when an entry is not on this machine's disk */
export function filesOf(uris: readonly vscode.Uri[]): string[] {
  const other = uris.find(({ scheme }) => scheme !== "file");
  if (other) {
    throw new LensError(
      "source",
      `“${path.posix.basename(other.path)}” is not a file on disk (${other.scheme}). Save it to a folder and try again.`,
    );
  }
  return uris.map(({ fsPath }) => fsPath);
}

async function isFolder(file: string): Promise<boolean> {
  const { type } = await vscode.workspace.fs.stat(vscode.Uri.file(file));
  return (type & vscode.FileType.Directory) !== 0;
}
