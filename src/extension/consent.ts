import * as vscode from "vscode";
import type { ModelCard } from "../protocol/models";

/** Asks, once for each model at a time, whether it may be downloaded: its size, source and licence are named. */
export class Consent {
  readonly #open = new Map<string, Promise<boolean>>();

  ask(card: ModelCard, bytes: number, from: string): Promise<boolean> {
    const open = this.#open.get(card.id);
    if (open) return open;
    const answer = this.#show(card, bytes, from).finally(() => this.#open.delete(card.id));
    this.#open.set(card.id, answer);
    return answer;
  }

  async #show(card: ModelCard, bytes: number, from: string): Promise<boolean> {
    const download = "Download";
    const answer = await vscode.window.showInformationMessage(
      `Download the model ${card.name} (${megabytes(bytes)})?`,
      {
        modal: true,
        detail: `Source: ${from}\nLicence: ${card.licence}\n\nIt is kept on this machine and runs here; your data stays where it is.`,
      },
      download,
    );
    return answer === download;
  }
}

const megabytes = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
