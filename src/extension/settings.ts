import * as vscode from "vscode";
import { offlineByEnvironment } from "../online/offline";
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

  /** Nothing is downloaded or sent. */
  get offline(): boolean {
    return this.#value(SETTINGS.offline) === true || offlineByEnvironment();
  }
  /** Bytes that embeddings may take between runs. */
  get cacheLimit(): number {
    const gigabytes = this.#value(SETTINGS.cacheLimit);
    return (typeof gigabytes === "number" && gigabytes >= 0.1 ? gigabytes : 2) * 1e9;
  }
  /** Calls back when the setting changes, whatever changed it. */
  onCacheLimit(changed: (bytes: number) => void): vscode.Disposable {
    return vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SETTINGS.section}.${SETTINGS.cacheLimit}`)) changed(this.cacheLimit);
    });
  }
  async setModel(kind: "text" | "image", id: string): Promise<void> {
    await this.#set(kind === "text" ? SETTINGS.textModel : SETTINGS.imageModel, id);
  }
  async setMirror(url: string): Promise<void> {
    await this.#set(SETTINGS.modelMirror, url === "" ? undefined : url);
  }
  async setOffline(on: boolean): Promise<void> {
    await this.#set(SETTINGS.offline, on ? true : undefined);
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
    const value = this.#value(SETTINGS.remoteModels);
    return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
  }
  async addRemoteModel(id: string): Promise<void> {
    await this.#set(SETTINGS.remoteModels, [...new Set([...this.remoteModels, id])]);
  }
  async removeRemoteModel(id: string): Promise<void> {
    await this.#set(
      SETTINGS.remoteModels,
      this.remoteModels.filter((one) => one !== id),
    );
  }

  #text(key: string): string | undefined {
    const value = this.#value(key);
    return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
  }

  #value(key: string): unknown {
    return vscode.workspace.getConfiguration(SETTINGS.section).get(key);
  }

  /** Undefined: back to the default. */
  async #set(key: string, value: unknown): Promise<void> {
    await vscode.workspace.getConfiguration(SETTINGS.section).update(key, value, vscode.ConfigurationTarget.Global);
  }
}
