import * as vscode from "vscode";
import { COMMANDS, EDITOR_VIEW_TYPE, PANEL_VIEW_TYPE } from "../protocol/constants";
import type { Host } from "./host";

/** Registers what package.json names. Nothing else is loaded or started before a command or a panel needs it. */
export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel("Embedding Lens", { log: true });
  let host: Promise<Host> | undefined;
  const load = (): Promise<Host> => (host ??= import("./host").then(({ createHost }) => createHost(context, output)));
  context.subscriptions.push(
    output,
    { dispose: () => void host?.then((made) => made.dispose()) },
    ...Object.values(COMMANDS).map((id) =>
      vscode.commands.registerCommand(id, async (clicked?: vscode.Uri, selected?: vscode.Uri[]) =>
        (await load()).run(id, clicked, selected),
      ),
    ),
    vscode.window.registerCustomEditorProvider(EDITOR_VIEW_TYPE, {
      openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
      resolveCustomEditor: async ({ uri }, panel) => (await load()).editor.show(uri, panel),
    }),
    vscode.window.registerWebviewPanelSerializer(PANEL_VIEW_TYPE, {
      deserializeWebviewPanel: async (panel, state) => (await load()).panels.deserializeWebviewPanel(panel, state),
    }),
  );
}
