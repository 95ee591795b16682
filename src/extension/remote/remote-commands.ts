import * as vscode from "vscode";
import { parseRemoteId } from "../../online/remote/remote-id";
import { isOfficial, NAMES } from "../../online/remote/server";
import { toErrorData } from "../../protocol/errors";
import type { RemoteProvider } from "../../protocol/models";
import type { Settings } from "../settings";
import type { ApiKeys } from "./api-keys";

const PROVIDERS: readonly RemoteProvider[] = ["cohere", "openai"];
const SUGGESTED = ["cohere:embed-v4.0", "openai:text-embedding-3-small", "openai:text-embedding-3-large"] as const;
const OTHER = "Another model…";

/** The commands about models on servers: their keys, and the list of them. */
export class RemoteCommands {
  constructor(
    private readonly keys: ApiKeys,
    private readonly settings: Settings,
  ) {}

  async setKey(): Promise<void> {
    const provider = await this.#pick(PROVIDERS, "The server that the key is for");
    if (provider) await this.#askForKey(provider);
  }

  /** Of the server that a model runs on. @returns whether a key was given */
  async setKeyOf(model: string): Promise<boolean> {
    return this.#askForKey(parseRemoteId(model).provider);
  }

  async removeKey(): Promise<void> {
    const known = await Promise.all(PROVIDERS.map((provider) => this.keys.has(provider)));
    const own = PROVIDERS.filter((_, i) => known[i]);
    if (own.length === 0) {
      void vscode.window.showInformationMessage("No key is kept for the servers that are set.");
      return;
    }
    const provider = await this.#pick(own, "The server whose key is forgotten");
    if (!provider) return;
    await this.keys.remove(provider);
    void vscode.window.showInformationMessage(`The key for ${this.keys.host(provider)} is forgotten.`);
  }

  /** Puts a model into the panel's list; nothing is sent. */
  async addModel(): Promise<void> {
    const picked = await vscode.window.showQuickPick([...SUGGESTED, OTHER], {
      title: "Add Remote Model",
      placeHolder: "It sends your texts to a server, after asking you before each run",
    });
    const id = picked === OTHER ? await askForId() : picked;
    if (!id) return;
    const { provider } = parseRemoteId(id);
    await this.settings.addRemoteModel(id);
    const server = await this.keys.server(provider);
    if (server.key === undefined && isOfficial(provider, server.address)) await this.#askForKey(provider);
  }

  async #pick(providers: readonly RemoteProvider[], placeHolder: string): Promise<RemoteProvider | undefined> {
    const items = providers.map((provider) => ({
      label: NAMES[provider],
      description: this.keys.host(provider),
      provider,
    }));
    return (await vscode.window.showQuickPick(items, { placeHolder }))?.provider;
  }

  /** @returns whether a key was given */
  async #askForKey(provider: RemoteProvider): Promise<boolean> {
    const host = this.keys.host(provider);
    const key = await vscode.window.showInputBox({
      title: `API key for ${host}`,
      prompt: "It is kept in the secret storage of VS Code and sent to this server alone.",
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) =>
        /^[\x21-\x7e]+$/.test(text.trim()) ? null : "A key has no spaces and only plain letters.",
    });
    if (!key) return false;
    await this.keys.set(provider, key);
    void vscode.window.showInformationMessage(`The key for ${host} is kept.`);
    return true;
  }
}

const askForId = (): Thenable<string | undefined> =>
  vscode.window.showInputBox({
    title: "Add Remote Model",
    prompt:
      "cohere:NAME or openai:NAME, for any server that speaks OpenAI's language (setting embeddingLens.openaiBaseUrl)",
    value: "openai:",
    validateInput: (text) => {
      try {
        parseRemoteId(text.trim());
        return null;
      } catch (error) {
        return toErrorData(error).message;
      }
    },
  });
