import * as vscode from "vscode";
import type { Engine } from "../../engine/client";
import { megabytes } from "./words";

/** Asks, then forgets all embeddings that are kept between runs, and says how much room that gave. */
export async function clearCache(engine: Pick<Engine, "clearCache">): Promise<void> {
  const clear = "Clear";
  const answer = await vscode.window.showWarningMessage(
    "Clear the embeddings that are kept between runs?",
    {
      modal: true,
      detail:
        "They are computed again when they are needed; those of a server are asked for, and perhaps paid for, again. " +
        "All windows and the command line share them. Models and your files are not touched.",
    },
    clear,
  );
  if (answer !== clear) return;
  const location = vscode.ProgressLocation.Notification;
  const bytes = await vscode.window.withProgress({ location, title: "Clearing the embedding cache" }, () =>
    engine.clearCache(),
  );
  void vscode.window.showInformationMessage(
    bytes > 0 ? `The embedding cache is empty: ${megabytes(bytes)} were freed.` : "The embedding cache was empty.",
  );
}
