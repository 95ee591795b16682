import path from "node:path";
import * as vscode from "vscode";
import type { TablePreview } from "../../protocol/table";
import type { DatasetQuestions } from "./prepare";

const SHOWN = 60;

/** The questions as lists to choose from. */
export const datasetQuestions: DatasetQuestions = {
  async part(file, parts) {
    const answer = await vscode.window.showQuickPick(parts, {
      title: `Tables of ${path.posix.basename(file)}`,
      placeHolder: "Choose the table to show",
      ignoreFocusOut: true,
    });
    return answer ?? null;
  },

  async root(file, name) {
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
  },

  async text(preview) {
    const answer = await vscode.window.showQuickPick(columnItems(preview), {
      title: `Columns of ${path.posix.basename(preview.path)}`,
      placeHolder: "No column looks like text or vectors: choose the one to show",
      matchOnDetail: true,
      ignoreFocusOut: true,
    });
    return answer?.column ?? null;
  },
};

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
