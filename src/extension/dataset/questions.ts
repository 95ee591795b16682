import path from "node:path";
import * as vscode from "vscode";
import type { TablePreview } from "../../protocol/table";
import type { DatasetQuestions } from "./prepare";

const SHOWN = 60;

/**
 * The questions as lists to choose from. A list stays while a person looks into the file that it asks about, until the panel that asks
 * is closed or another one is opened.
 */
export class DatasetLists implements DatasetQuestions {
  readonly #asking = new Set<AbortController>();

  /** Closes the list that is open, as Escape does; those that are still to come do not open. */
  dismiss(): void {
    for (const asking of this.#asking) asking.abort();
  }

  /** Questions of one panel, until its `signal`, or `dismiss`. */
  async until<T>(signal: AbortSignal, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const asking = new AbortController();
    const abort = (): void => asking.abort();
    signal.addEventListener("abort", abort, { once: true });
    this.#asking.add(asking);
    try {
      return await ask(asking.signal);
    } finally {
      signal.removeEventListener("abort", abort);
      this.#asking.delete(asking);
    }
  }

  part(file: string, parts: readonly string[], signal: AbortSignal): Promise<string | null> {
    return this.#ask(signal, (token) =>
      vscode.window.showQuickPick(
        parts,
        {
          title: `Tables of ${path.posix.basename(file)}`,
          placeHolder: "Choose the table to show",
          ignoreFocusOut: true,
        },
        token,
      ),
    );
  }

  async root(file: string, name: string): Promise<string | null | undefined> {
    const choose = { title: "Choose the Folder…" };
    const without = { title: "Go On Without" };
    const answer = await vscode.window.showInformationMessage(
      `Where are the pictures of ${path.posix.basename(file)}?`,
      { modal: true, detail: `The first of them, ${name}, is not below the folder of the table.` },
      choose,
      without,
    );
    if (answer !== choose) return answer === without ? undefined : null;
    const [folder] =
      (await vscode.window.showOpenDialog({
        canSelectFolders: true,
        canSelectFiles: false,
        title: `The folder that the pictures of ${path.posix.basename(file)} start from`,
        openLabel: "Use This Folder",
      })) ?? [];
    return folder?.fsPath ?? null;
  }

  async text(preview: TablePreview, signal: AbortSignal): Promise<number | null> {
    const answer = await this.#ask(signal, (token) =>
      vscode.window.showQuickPick(
        columnItems(preview),
        {
          title: `Columns of ${path.posix.basename(preview.path)}`,
          placeHolder: "No column looks like text or vectors: choose the one to show",
          matchOnDetail: true,
          ignoreFocusOut: true,
        },
        token,
      ),
    );
    return answer?.column ?? null;
  }

  async #ask<T>(
    signal: AbortSignal,
    show: (token: vscode.CancellationToken) => Thenable<T | undefined>,
  ): Promise<T | null> {
    const open = new vscode.CancellationTokenSource();
    const cancel = (): void => open.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      return signal.aborted ? null : ((await show(open.token)) ?? null);
    } finally {
      signal.removeEventListener("abort", cancel);
      open.dispose();
    }
  }
}

/** Columns with the start of their values. Icons that a name or a value spells out stay text. */
function columnItems({ columns, rows }: TablePreview): (vscode.QuickPickItem & { column: number })[] {
  return columns.flatMap(({ name, kind }, column) =>
    kind === "vector"
      ? []
      : [
          {
            column,
            label: plain(name || `Column ${column + 1}`),
            description: kind,
            detail: plain(
              rows
                .slice(0, 3)
                .map((row) => (row[column] ?? "").slice(0, SHOWN))
                .filter((value) => value !== "")
                .join("  ·  "),
            ),
          },
        ],
  );
}

const plain = (text: string): string => text.replace(/\$\(/g, "$\u200b(").replace(/\s+/g, " ");
