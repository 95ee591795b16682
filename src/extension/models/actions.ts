import * as vscode from "vscode";
import { isRepository } from "../../online/hub-repository";
import type { ResolveOptions } from "../../online/models";
import { COMMANDS } from "../../protocol/constants";
import type { LocalModel } from "../../protocol/engine";
import { isCancelled } from "../../protocol/errors";
import type { ModelCard, ModelInfo } from "../../protocol/models";
import { askForDownload } from "../consent";
import type { ModelService } from "../model-service";
import type { Settings } from "../settings";
import { megabytes, sizeOf } from "./words";

/** What a person can do with models by hand. Every action rejects with LensError; a cancelled one does nothing. */
export class ModelActions {
  constructor(
    private readonly models: ModelService,
    private readonly settings: Settings,
  ) {}

  /** The click is the consent: the list has shown size and licence. */
  async download({ card }: ModelInfo): Promise<void> {
    await this.#fetch(card.name, (options) => this.models.store.resolve(card.id, options));
    void vscode.window.showInformationMessage(`${card.name} is on this machine now.`);
  }

  /** Asks for the name of a repository of the hub, reads what it is, asks again with its size, and downloads it. */
  async addFromHub(): Promise<void> {
    const repository = await vscode.window.showInputBox({
      title: "Add a model of the Hugging Face hub",
      prompt: "OWNER/NAME of a repository with ONNX files and a tokenizer or a preprocessor, or of a model2vec model",
      placeHolder: "Xenova/bge-small-en-v1.5",
      ignoreFocusOut: true,
      validateInput: (text) => (isRepository(text.trim()) ? null : "The name has the form OWNER/NAME."),
    });
    if (!repository) return;
    const { card } = await this.#fetch(repository.trim(), (options) =>
      this.models.store.add(repository.trim(), {
        ...options,
        confirm: (found) => askForDownload(found, this.settings.modelMirror),
      }),
    );
    await this.#offerDefault(card);
  }

  async importFrom(what: "file" | "folder"): Promise<void> {
    const [chosen] =
      (await vscode.window.showOpenDialog({
        title: what === "file" ? "Import an .onnx file" : "Import a model's folder",
        openLabel: "Import",
        canSelectFiles: what === "file",
        canSelectFolders: what === "folder",
        ...(what === "file" ? { filters: { "ONNX models": ["onnx"] } } : {}),
      })) ?? [];
    if (!chosen) return;
    const location = vscode.ProgressLocation.Notification;
    const card = await vscode.window.withProgress({ location, title: "Copying the model" }, () =>
      this.models.store.import(chosen.fsPath),
    );
    this.models.changed();
    await this.#offerDefault(card);
  }

  /** Asks, then deletes; a model on a server leaves the list. */
  async remove({ card, state }: ModelInfo): Promise<void> {
    if (state === "remote") {
      await this.settings.removeRemoteModel(card.id);
      return;
    }
    const again = card.files.every(({ url }) => url !== undefined)
      ? "It can be downloaded again."
      : "It was imported, and cannot be downloaded.";
    const yes = "Delete";
    const answer = await vscode.window.showWarningMessage(
      `Delete the model ${card.name} (${megabytes(sizeOf(card))})?`,
      { modal: true, detail: `${await this.models.store.folder(card.id)}\n\n${again} Your files are not touched.` },
      yes,
    );
    if (answer !== yes) return;
    await this.models.store.remove(card.id);
    this.models.changed();
  }

  async openFolder({ card }: ModelInfo): Promise<void> {
    const folder = await this.models.store.folder(card.id);
    if (vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined) {
      await vscode.commands.executeCommand("revealFileInOS", vscode.Uri.file(folder));
      return;
    }
    // The file manager of this machine is not where the person sits.
    const copy = "Copy Path";
    const answer = await vscode.window.showInformationMessage(`${card.name} is in ${folder}`, copy);
    if (answer === copy) await vscode.env.clipboard.writeText(folder);
  }

  async useAsDefault({ id, kind, name }: ModelCard): Promise<void> {
    await this.settings.setModel(kind, id);
    const what = kind === "image" ? "pictures" : "texts";
    void vscode.window.showInformationMessage(`New maps of ${what} start with ${name}.`);
  }

  async setMirror(): Promise<void> {
    const url = await vscode.window.showInputBox({
      title: "Mirror for model downloads",
      prompt: "Base URL that the path of a model's own URL is appended to. Empty: the models' own servers.",
      value: this.settings.modelMirror ?? "",
      ignoreFocusOut: true,
      validateInput: (text) =>
        text.trim() === "" || (URL.canParse(text.trim()) && /^https?:/.test(text.trim()))
          ? null
          : "An http or https address, or nothing.",
    });
    if (url !== undefined) await this.settings.setMirror(url.trim());
  }

  async toggleOffline(): Promise<void> {
    const wanted = !this.settings.offline;
    await this.settings.setOffline(wanted);
    if (wanted === this.settings.offline) return;
    void vscode.window.showInformationMessage(
      "Offline mode stays on, because EMBEDDING_LENS_OFFLINE is set where VS Code was started.",
    );
  }

  async addRemote(): Promise<void> {
    await vscode.commands.executeCommand(COMMANDS.addRemoteModel);
  }

  async #offerDefault(card: ModelCard): Promise<void> {
    const yes = "Use as Default";
    const answer = await vscode.window.showInformationMessage(`${card.name} can be chosen in every panel now.`, yes);
    if (answer === yes) await this.useAsDefault(card);
  }

  /** With progress in a notification, which can be cancelled; what has arrived is kept for the next time. */
  async #fetch(name: string, work: (options: ResolveOptions) => Promise<LocalModel>): Promise<LocalModel> {
    try {
      return await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title: `Downloading ${name}`, cancellable: true },
        (progress, token) => {
          const cancel = new AbortController();
          token.onCancellationRequested(() => cancel.abort());
          let before = 0;
          return work({
            signal: cancel.signal,
            onProgress: (done, total) => {
              const percent = (100 * done) / Math.max(1, total);
              if (percent - before < 1 && done < total) return;
              progress.report({ increment: percent - before, message: `${megabytes(done)} of ${megabytes(total)}` });
              before = percent;
            },
          });
        },
      );
    } catch (error) {
      if (isCancelled(error)) void vscode.window.setStatusBarMessage(`The download of ${name} was stopped.`, 5_000);
      throw error;
    } finally {
      this.models.changed();
    }
  }
}
