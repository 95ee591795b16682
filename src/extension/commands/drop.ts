import { stat } from "node:fs/promises";
import * as vscode from "vscode";
import { LensError } from "../../protocol/errors";
import { classOfFile, type FileClass } from "../../protocol/guess-source";
import type { DatasetCommand } from "./dataset";
import { filesOf, type FileCommands } from "./files";
import type { RecipeCommand } from "./recipe";

/** Files that are dropped on a panel: each kind as its command in the explorer would show it. */
export class DropCommand {
  constructor(
    private readonly files: FileCommands,
    private readonly datasets: DatasetCommand,
    private readonly recipes: RecipeCommand,
  ) {}

  /** @throws LensError "source" when nothing of it can be shown */
  async open(dropped: readonly string[], column: vscode.ViewColumn): Promise<void> {
    const uris = [...new Set(dropped)].flatMap(parsed);
    if (uris.length === 0) {
      throw new LensError(
        "source",
        "What was dropped is no file of this workspace. Drag it from the explorer, with Shift.",
      );
    }
    filesOf(uris);
    const classes = await Promise.all(uris.map(classOf));
    const of = (...wanted: FileClass[]): vscode.Uri[] => uris.filter((_, i) => wanted.includes(classes[i]!));
    const images = of("image");
    const texts = of("text", "unknown");
    const tables = of("table", "vectors");
    if (images.length > 0) await this.files.images(undefined, images, column);
    if (texts.length > 0) await this.files.text(undefined, texts, column);
    if (tables.length > 0) await this.datasets.open(undefined, tables, column);
    for (const recipe of of("recipe")) await this.recipes.open(recipe, column);
  }
}

function parsed(text: string): vscode.Uri[] {
  try {
    const uri = vscode.Uri.parse(text, true);
    // In a window on another machine the page names files by the way to there.
    return [uri.scheme === "vscode-remote" ? vscode.Uri.file(uri.path) : uri];
  } catch {
    return [];
  }
}

/** A folder counts as one of pictures: the explorer's command for it says what else there is. */
async function classOf(uri: vscode.Uri): Promise<FileClass> {
  const info = await stat(uri.fsPath).catch(() => null);
  return info?.isDirectory() ? "image" : classOfFile(uri.path);
}
