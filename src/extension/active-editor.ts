import * as vscode from "vscode";

/** The text editor in front. The panel of logs holds an editor too, which VS Code calls active after a look at it: it is none. */
export function activeEditor(): vscode.TextEditor | undefined {
  const active = vscode.window.activeTextEditor;
  if (active?.document.uri.scheme !== "output") return active;
  const { activeTab, viewColumn } = vscode.window.tabGroups.activeTabGroup;
  const input: unknown = activeTab?.input;
  if (!(input instanceof vscode.TabInputText)) return undefined;
  const uri = input.uri.toString();
  return vscode.window.visibleTextEditors.find(
    (editor) => editor.viewColumn === viewColumn && editor.document.uri.toString() === uri,
  );
}
