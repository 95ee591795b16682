import * as vscode from "vscode";
import { LensError } from "../protocol/errors";

/**
 * The texts that the engine cannot read from disk: of documents with unsaved changes and of those that are no files.
 * @throws LensError "source" when such a document is gone
 */
export async function readDocuments(documents: Record<string, string>): Promise<Record<string, string> | undefined> {
  const texts: Record<string, string> = {};
  for (const [path, text] of Object.entries(documents)) {
    const uri = vscode.Uri.parse(text, true);
    const open = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
    if (open ? !open.isDirty && uri.scheme === "file" : uri.scheme === "file") continue;
    texts[path] = (open ?? (await openAgain(uri, path))).getText();
  }
  return Object.keys(texts).length > 0 ? texts : undefined;
}

async function openAgain(uri: vscode.Uri, path: string): Promise<vscode.TextDocument> {
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch (error) {
    throw new LensError("source", `The document “${path}” is no longer open. Open it and try again.`, { cause: error });
  }
}
