import path from "node:path";
import * as vscode from "vscode";
import { RemoteModels } from "../online/remote/remote-models";
import { COMMANDS } from "../protocol/constants";
import { isCancelled, LensError, toErrorData } from "../protocol/errors";
import { ColumnMemory } from "./column-memory";
import { DatasetCommand } from "./commands/dataset";
import { DropCommand } from "./commands/drop";
import { FileCommands } from "./commands/files";
import { RecipeCommand } from "./commands/recipe";
import { SampleCommand } from "./commands/sample";
import { SelectionCommand } from "./commands/selection";
import { askForDownload, askForSending } from "./consent";
import { prepareDataset } from "./dataset/prepare";
import { DatasetLists } from "./dataset/questions";
import { readDocuments } from "./documents";
import { startEngine } from "./engine-service";
import { ModelService } from "./model-service";
import { ModelActions } from "./models/actions";
import { clearCache } from "./models/clear-cache";
import { ModelManager } from "./models/manager";
import { Offer } from "./offer";
import { PanelManager } from "./panel-manager";
import { PanelRecords } from "./panel-records";
import { ApiKeys } from "./remote/api-keys";
import { AllowedHosts } from "./pictures/allowed-hosts";
import { pictureHost } from "./pictures/host-consent";
import { RECORD_SCHEME, RecordView } from "./record/record-view";
import { RemoteCommands } from "./remote/remote-commands";
import { ResultStore } from "./result-store";
import { Settings } from "./settings";
import { VectorsEditor } from "./vectors-editor";

/** A command's id. */
export type CommandId = (typeof COMMANDS)[keyof typeof COMMANDS];

/** All that stands behind the commands: made with the first of them, or with the first panel that comes back. */
export interface Host {
  /** Does what a command says; shows its error. `clicked` and `selected` come from the explorer. */
  run(id: CommandId, clicked?: vscode.Uri, selected?: vscode.Uri[]): Promise<void>;
  panels: vscode.WebviewPanelSerializer;
  editor: VectorsEditor;
  dispose(): void;
}

export function createHost(context: vscode.ExtensionContext, output: vscode.LogOutputChannel): Host {
  const { extensionUri } = context;
  const log = (line: string): void => output.info(line);
  const settings = new Settings();
  const keys = new ApiKeys(context.secrets, (provider) => settings.serverAddress(provider));
  const remote = new RemoteModels({
    servers: (provider) => keys.server(provider),
    offline: () => settings.offline,
    log,
  });
  const remoteCommands = new RemoteCommands(keys, settings);
  const models = new ModelService({
    packageRoot: extensionUri.fsPath,
    consent: askForDownload,
    mirror: () => settings.modelMirror,
    offline: () => settings.offline,
    remote,
    remoteIds: () => settings.remoteModels,
    trusted: () => vscode.workspace.isTrusted,
  });
  const engine = startEngine(
    extensionUri.fsPath,
    models,
    {
      confirmSending: async (sending) => {
        remote.refuseOffline(sending.model);
        return askForSending(sending);
      },
      embed: (request, { signal }) => remote.embed(request, signal),
    },
    pictureHost(new AllowedHosts(context.workspaceState), () => settings.offline),
    settings.cacheLimit,
    (text) => showOnce(context.globalState, text),
    log,
  );
  const limit = settings.onCacheLimit((bytes) => engine.limitCache(bytes));
  const failed = (error: unknown): void => report(error, log);
  const manager = new ModelManager(models, settings, new ModelActions(models, settings), failed);
  const records = new RecordView();
  context.subscriptions.push(vscode.workspace.registerTextDocumentContentProvider(RECORD_SCHEME, records));
  const questions = new DatasetLists();
  const columns = new ColumnMemory(context.workspaceState);
  const panels = new PanelManager(new PanelRecords(context.workspaceState), {
    engine,
    models,
    offer: new Offer(context.globalState),
    columns,
    results: new ResultStore(path.join((context.storageUri ?? context.globalStorageUri).fsPath, "results")),
    readDocuments,
    questions,
    prepare: (job, signal) =>
      questions.until(signal, (asking) =>
        prepareDataset(
          job,
          { preview: (looked) => engine.preview(looked), questions, imageModel: () => settings.imageModel },
          asking,
        ),
      ),
    extensionUri,
    log,
    showLog: () => output.show(true),
    manageModels: () => void manager.show().catch(failed),
    setApiKey: (model) =>
      remoteCommands.setKeyOf(model).catch((error: unknown) => {
        failed(error);
        return false;
      }),
    records,
    drop: (uris, column) => {
      drop.open(uris, column ?? vscode.ViewColumn.Active).catch(failed);
    },
  });
  const selection = new SelectionCommand(panels, settings);
  const files = new FileCommands(panels, settings);
  const dataset = new DatasetCommand(panels, settings, columns);
  const recipe = new RecipeCommand(panels);
  const drop = new DropCommand(files, dataset, recipe);
  const sample = new SampleCommand(panels, extensionUri);

  const perform = (id: CommandId, clicked?: vscode.Uri, selected?: vscode.Uri[]): Promise<void> | void => {
    switch (id) {
      case COMMANDS.similarityOfSelection:
        return selection.show("similarity");
      case COMMANDS.mapOfSelection:
        return selection.show("map");
      case COMMANDS.visualizeImages:
        return files.images(clicked, selected);
      case COMMANDS.visualizeText:
        return files.text(clicked, selected);
      case COMMANDS.visualizeDataset:
        return dataset.open(clicked, selected);
      case COMMANDS.openRecipe:
        return recipe.open(clicked);
      case COMMANDS.openSample:
        return sample.open();
      case COMMANDS.showLog:
        return output.show();
      case COMMANDS.setApiKey:
        return remoteCommands.setKey();
      case COMMANDS.removeApiKey:
        return remoteCommands.removeKey();
      case COMMANDS.addRemoteModel:
        return remoteCommands.addModel();
      case COMMANDS.manageModels:
        return manager.show();
      case COMMANDS.clearCache:
        return clearCache(engine);
    }
  };
  return {
    run: async (id, clicked, selected) => {
      try {
        await perform(id, clicked, selected);
      } catch (error) {
        failed(error);
      }
    },
    panels,
    editor: new VectorsEditor(panels, (file) => dataset.request({ files: [file] })),
    dispose: () => {
      limit.dispose();
      void engine.dispose();
    },
  };
}

/** Shows what a person should know once on this machine, not in every window. */
function showOnce(state: vscode.Memento, text: string): void {
  const key = `shown ${text}`;
  if (state.get(key)) return;
  void state.update(key, true);
  void vscode.window.showWarningMessage(text);
}

/** Errors of a command that has no panel yet; a panel shows its own. */
function report(error: unknown, log: (line: string) => void): void {
  if (isCancelled(error)) return;
  const { reason, message } = toErrorData(error);
  log(`A command failed (${reason}): ${message}`);
  if (error instanceof LensError && reason === "source") void vscode.window.showInformationMessage(message);
  else void vscode.window.showErrorMessage(message);
}
