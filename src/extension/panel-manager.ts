import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { PANEL_VIEW_TYPE } from "../protocol/constants";
import type { View } from "../protocol/panel";
import type { Recipe } from "../protocol/recipe";
import { LensPanel, webviewOptions, type PanelServices } from "./panel";
import type { PanelRecords } from "./panel-records";
import { titleOf } from "./sources";

/** What a command wants to see. */
export interface PanelRequest {
  recipe: Recipe;
  base: string;
  view: View;
  /** URIs of editor documents, by the path in the recipe. */
  documents?: Record<string, string>;
  /** The recipe is to be finished before the first run (`dataset/prepare.ts`). */
  fresh?: true;
  column: vscode.ViewColumn;
}

export interface ManagerServices extends Omit<PanelServices, "remember"> {
  /** A question of another panel, which is closed when one is opened. */
  questions: { dismiss(): void };
}

/** Opens panels, and brings them back after a reload. */
export class PanelManager implements vscode.WebviewPanelSerializer {
  constructor(
    private readonly records: PanelRecords,
    private readonly services: ManagerServices,
  ) {}

  open({ column, documents = {}, ...request }: PanelRequest): void {
    this.services.questions.dismiss();
    this.services.engine.warm();
    const record = { id: randomUUID(), ...request, documents };
    const panel = vscode.window.createWebviewPanel(
      PANEL_VIEW_TYPE,
      titleOf(record.view, record.recipe, record.base),
      { viewColumn: column, preserveFocus: column === vscode.ViewColumn.Beside },
      webviewOptions(this.services.extensionUri),
    );
    this.#remember(record);
    this.#attach(panel, record).run();
  }

  /** Shows a recipe in a panel that VS Code has made for a file. A panel that was there before a reload comes back as it was. */
  fill(panel: vscode.WebviewPanel, id: string, request: () => Omit<PanelRequest, "column">): void {
    // A reload ends this host before it hears of it: what is closed by hand starts anew the next time.
    panel.onDidDispose(() => void this.records.drop(id));
    const known = this.records.get(id);
    if (known && !known.fresh) return this.#attach(panel, known).restoreOrRun();
    this.services.questions.dismiss();
    const record = { id, documents: {}, ...request() };
    this.#remember(record);
    this.#attach(panel, record).run();
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const id = typeof state === "object" && state !== null ? (state as { panel?: unknown }).panel : undefined;
    const record = typeof id === "string" ? this.records.get(id) : null;
    if (record) this.#attach(panel, record).restore();
    else panel.dispose();
    return Promise.resolve();
  }

  #attach(panel: vscode.WebviewPanel, record: Parameters<PanelRecords["put"]>[0]): LensPanel {
    panel.iconPath = vscode.Uri.joinPath(this.services.extensionUri, "media", "icon.png");
    return new LensPanel(panel, record, { ...this.services, remember: (changed) => this.#remember(changed) });
  }

  #remember(record: Parameters<PanelRecords["put"]>[0]): void {
    this.records.put(record).catch((error: unknown) => this.services.log(`State could not be kept: ${String(error)}`));
  }
}
