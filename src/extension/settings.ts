import * as vscode from "vscode";
import { SETTINGS } from "../protocol/constants";
import { DEFAULT_IMAGE_MODEL, DEFAULT_TEXT_MODEL } from "../protocol/models";

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

  #text(key: string): string | undefined {
    const value = vscode.workspace.getConfiguration(SETTINGS.section).get(key);
    return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
  }
}
