import type * as vscode from "vscode";
import type { DatasetRequest } from "./commands/dataset";
import { filesOf } from "./commands/files";
import type { PanelManager } from "./panel-manager";

/** Shows a binary table or a file of vectors where VS Code would say that it cannot: our panel as a read-only editor. */
export class VectorsEditor {
  constructor(
    private readonly panels: Pick<PanelManager, "fill">,
    private readonly request: (file: string) => DatasetRequest,
  ) {}

  /** @throws LensError "source" for a file that is not on this machine's disk: VS Code shows its message */
  show(uri: vscode.Uri, panel: vscode.WebviewPanel): void {
    const [file = ""] = filesOf([uri]);
    this.panels.fill(panel, `editor:${uri.toString()}`, () => this.request(file));
  }
}
