import * as vscode from "vscode";
import { IMAGE_EXTENSIONS } from "../protocol/constants";

/** A place in a source: a whole file when `line` is 0, else that line from 1. */
export interface Place {
  uri: vscode.Uri;
  line: number;
  /** Mark the lines up to the next empty one, not only this line. */
  paragraph: boolean;
}

/**
 * Shows where an item comes from, beside the panel and without taking the focus: where the file is already open, else in
 * another column that exists, else in a new one. Never over the panel.
 */
export async function reveal(place: Place, panel: vscode.ViewColumn | undefined): Promise<void> {
  const viewColumn = columnBeside(place.uri, panel);
  if (isPicture(place.uri)) {
    await vscode.commands.executeCommand("vscode.open", place.uri, { viewColumn, preserveFocus: true, preview: true });
    return;
  }
  const document = await vscode.workspace.openTextDocument(place.uri);
  const selection = place.line === 0 ? undefined : rangeOf(document, place);
  const editor = await vscode.window.showTextDocument(document, { viewColumn, preserveFocus: true, preview: true });
  if (!selection) return;
  editor.selection = new vscode.Selection(selection.start, selection.end);
  editor.revealRange(selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** The column of a document beside the panel: where it is open, else another that exists, else a new one. */
export function columnBeside(uri: vscode.Uri, panel: vscode.ViewColumn | undefined): vscode.ViewColumn {
  const others = vscode.window.tabGroups.all.filter((group) => group.viewColumn !== panel);
  const holds = (group: vscode.TabGroup): boolean =>
    group.tabs.some(({ input }) => uriOf(input)?.toString() === uri.toString());
  return (others.find(holds) ?? others.at(0))?.viewColumn ?? vscode.ViewColumn.Beside;
}

function uriOf(input: unknown): vscode.Uri | undefined {
  return input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? input.uri : undefined;
}

const isPicture = (uri: vscode.Uri): boolean =>
  IMAGE_EXTENSIONS.some((extension) => uri.path.toLowerCase().endsWith(extension));

function rangeOf(document: vscode.TextDocument, { line, paragraph }: Place): vscode.Range {
  const first = Math.min(line, document.lineCount) - 1;
  let last = first;
  while (paragraph && last + 1 < document.lineCount && !document.lineAt(last + 1).isEmptyOrWhitespace) last++;
  return new vscode.Range(first, 0, last, document.lineAt(last).text.length);
}
