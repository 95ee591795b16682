import path from "node:path";
import * as vscode from "vscode";
import { LensError } from "../../protocol/errors";
import { isRemoteId } from "../../protocol/models";
import { parseRecipe, type Recipe } from "../../protocol/recipe";
import { activeEditor } from "../active-editor";
import type { PanelManager } from "../panel-manager";
import { filesOf } from "./files";

/** "Open Recipe": runs what a *.lens.json file describes. */
export class RecipeCommand {
  constructor(private readonly panels: PanelManager) {}

  async open(clicked?: vscode.Uri, column = vscode.ViewColumn.Beside): Promise<void> {
    const uri = clicked ?? activeEditor()?.document.uri;
    if (!uri) throw new LensError("recipe", "Open a recipe (*.lens.json) first, or right-click one in the explorer.");
    const [file] = filesOf([uri]);
    if (file === undefined) return;
    const recipe = withModelFrom(
      path.dirname(file),
      read((await vscode.workspace.openTextDocument(uri)).getText(), path.basename(file)),
    );
    this.panels.open({
      recipe,
      base: path.dirname(file),
      view: recipe.reduce.method === "none" ? "similarity" : "map",
      column,
    });
  }
}

function read(text: string, name: string): Recipe {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LensError("recipe", `“${name}” is not JSON: ${reason}. Correct it and try again.`, { cause: error });
  }
  try {
    return parseRecipe(value);
  } catch (error) {
    throw error instanceof LensError
      ? new LensError(error.reason, `“${name}”: ${error.message}`, { cause: error })
      : error;
  }
}

/** A model that the recipe names by a relative path is found from the recipe's folder. */
const withModelFrom = (folder: string, recipe: Recipe): Recipe =>
  !isRemoteId(recipe.model) && /[\\/]|\.onnx$/i.test(recipe.model)
    ? { ...recipe, model: path.resolve(folder, recipe.model) }
    : recipe;
