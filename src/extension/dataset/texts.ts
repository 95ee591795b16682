import path from "node:path";
import * as vscode from "vscode";
import type { Recipe } from "../../protocol/recipe";
import type { RunResult } from "../../protocol/result";
import { isNameless } from "./nameless";

/** A question about the texts of a file of vectors, asked beside its first picture; null to change nothing. */
export interface TextsAnswer {
  /** Absolute path of the file of texts; null: none, and the question is not asked again. */
  file: string | null;
}

const CHOOSE = "Choose a File…";
const WITHOUT = "Go On Without";

/** Asks which file holds the texts of vectors that have none beside them. */
export async function askForTexts(recipe: Recipe, base: string, result: RunResult): Promise<TextsAnswer | null> {
  if (!isNameless(recipe, result)) return null;
  const [name = ""] = recipe.source.paths;
  const file = path.posix.basename(name);
  const answer = await vscode.window.showInformationMessage(
    `No texts were found beside ${file}, so its points have no names. Choose the table that has a row for each vector?`,
    CHOOSE,
    WITHOUT,
  );
  if (answer === WITHOUT) return { file: null };
  if (answer !== CHOOSE) return null;
  const [chosen] =
    (await vscode.window.showOpenDialog({
      defaultUri: vscode.Uri.file(path.dirname(path.resolve(base, name))),
      title: `The texts of ${file}`,
      openLabel: "Use as Texts",
      filters: { Tables: ["csv", "tsv", "json", "jsonl", "ndjson", "txt", "parquet"], "All files": ["*"] },
    })) ?? [];
  return chosen ? { file: chosen.fsPath } : null;
}
