import * as vscode from "vscode";
import type { ItemRecord } from "../../protocol/result";
import { columnBeside } from "../reveal";
import { recordText } from "./record-text";

/** The scheme of its document. */
export const RECORD_SCHEME = "embedding-lens-record";
const DOCUMENT = vscode.Uri.from({ scheme: RECORD_SCHEME, path: "/Record" });

/** The record of an item whose file has no lines to go to: one read-only document, which the next record replaces. */
export class RecordView implements vscode.TextDocumentContentProvider {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  #text = "Click a point of a map to see its record here.\n";

  provideTextDocumentContent(): string {
    return this.#text;
  }

  /**
   * Shows a record beside the panel, which keeps the focus.
   * @param title where it comes from
   */
  async show(title: string, record: ItemRecord, panel: vscode.ViewColumn | undefined): Promise<void> {
    this.#text = recordText(title, record);
    this.#changed.fire(DOCUMENT);
    const document = await vscode.workspace.openTextDocument(DOCUMENT);
    const viewColumn = columnBeside(DOCUMENT, panel);
    const editor = await vscode.window.showTextDocument(document, { viewColumn, preserveFocus: true, preview: true });
    editor.revealRange(new vscode.Range(0, 0, 0, 0), vscode.TextEditorRevealType.AtTop);
  }
}
