import path from "node:path";
import * as vscode from "vscode";
import { COMMANDS, PANEL_VIEW_TYPE } from "../protocol/constants";
import { isCancelled, LensError, toErrorData } from "../protocol/errors";
import { ColumnMemory } from "./column-memory";
import { FileCommands } from "./commands/files";
import { RecipeCommand } from "./commands/recipe";
import { SampleCommand } from "./commands/sample";
import { SelectionCommand } from "./commands/selection";
import { askForDownload } from "./consent";
import { readDocuments } from "./documents";
import { startEngine } from "./engine-service";
import { ModelService } from "./model-service";
import { Offer } from "./offer";
import { PanelManager } from "./panel-manager";
import { PanelRecords } from "./panel-records";
import { ResultStore } from "./result-store";
import { Settings } from "./settings";

/** Registers what package.json names. Nothing is loaded or started before a command or a panel needs it. */
export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, subscriptions } = context;
  const output = vscode.window.createOutputChannel("Embedding Lens", { log: true });
  const log = (line: string): void => output.info(line);
  const settings = new Settings();
  const models = new ModelService({
    packageRoot: extensionUri.fsPath,
    consent: askForDownload,
    mirror: () => settings.modelMirror,
    trusted: () => vscode.workspace.isTrusted,
  });
  const engine = startEngine(extensionUri.fsPath, models, log);
  const columns = new ColumnMemory(context.workspaceState);
  const panels = new PanelManager(new PanelRecords(context.workspaceState), {
    engine,
    models,
    offer: new Offer(context.globalState),
    columns,
    results: new ResultStore(path.join((context.storageUri ?? context.globalStorageUri).fsPath, "results")),
    readDocuments,
    extensionUri,
    log,
    showLog: () => output.show(true),
  });
  const selection = new SelectionCommand(panels, settings);
  const files = new FileCommands(panels, settings, columns);
  const recipe = new RecipeCommand(panels);
  const sample = new SampleCommand(panels, extensionUri);

  /** `clicked` and `selected` come from the explorer; from elsewhere they are absent. */
  const command = (id: string, run: (clicked?: vscode.Uri, selected?: vscode.Uri[]) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(id, async (clicked?: vscode.Uri, selected?: vscode.Uri[]) => {
      try {
        await run(clicked, selected);
      } catch (error) {
        report(error, log);
      }
    });
  subscriptions.push(
    output,
    { dispose: () => void engine.dispose() },
    command(COMMANDS.similarityOfSelection, () => selection.show("similarity")),
    command(COMMANDS.mapOfSelection, () => selection.show("map")),
    command(COMMANDS.visualizeImages, (clicked, selected) => files.images(clicked, selected)),
    command(COMMANDS.visualizeText, (clicked, selected) => files.text(clicked, selected)),
    command(COMMANDS.visualizeDataset, (clicked, selected) => files.dataset(clicked, selected)),
    command(COMMANDS.openRecipe, (clicked) => recipe.open(clicked)),
    command(COMMANDS.openSample, () => sample.open()),
    command(COMMANDS.showLog, () => output.show()),
    vscode.window.registerWebviewPanelSerializer(PANEL_VIEW_TYPE, panels),
  );
}

/** Errors of a command that has no panel yet; a panel shows its own. */
function report(error: unknown, log: (line: string) => void): void {
  if (isCancelled(error)) return;
  const { reason, message } = toErrorData(error);
  log(`A command failed (${reason}): ${message}`);
  if (error instanceof LensError && reason === "source") void vscode.window.showInformationMessage(message);
  else void vscode.window.showErrorMessage(message);
}
