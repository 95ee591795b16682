import * as vscode from "vscode";
import { SETTINGS } from "../protocol/constants";
import { DEFAULT_IMAGE_MODEL, DEFAULT_TEXT_MODEL, type RemoteProvider } from "../protocol/models";

/** The settings a person can make. In a workspace that is not trusted VS Code leaves the workspace's values out. */
export class Settings {
  get textModel(): string {
    return this.#text(SETTINGS.textModel) ?? DEFAULT_TEXT_MODEL;
  }
  get imageModel(): string {
    return this.#text(SETTINGS.imageModel) ?? DEFAULT_IMAGE_MODEL;
  }
  /** Base URL of a mirror for downloads. */
  get modelMirror(): string | undefined {
    return this.#text(SETTINGS.modelMirror);
  }

  /** The address of a provider's server. */
  serverAddress(provider: RemoteProvider): string | undefined {
    switch (provider) {
      case "cohere":
        return this.#text(SETTINGS.cohereBaseUrl);
      case "openai":
        return this.#text(SETTINGS.openaiBaseUrl);
    }
  }
  /** Ids of models on servers that the panel's list offers. */
  get remoteModels(): string[] {
    const value: unknown = vscode.workspace.getConfiguration(SETTINGS.section).get(SETTINGS.remoteModels);
    return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
  }
  async addRemoteModel(id: string): Promise<void> {
    const ids = [...new Set([...this.remoteModels, id])];
    const section = vscode.workspace.getConfiguration(SETTINGS.section);
    await section.update(SETTINGS.remoteModels, ids, vscode.ConfigurationTarget.Global);
  }

  #text(key: string): string | undefined {
    const value = vscode.workspace.getConfiguration(SETTINGS.section).get(key);
    return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
  }
}
