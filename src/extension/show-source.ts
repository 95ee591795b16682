import path from "node:path";
import * as vscode from "vscode";
import { placeOf } from "./place";
import type { RecordView } from "./record/record-view";
import { reveal } from "./reveal";
import type { Session } from "./session";

/**
 * Shows where an item comes from, beside the panel: its lines, its picture or its file. A row of a file without lines, or of one that is
 * too large for an editor, is shown as a record.
 */
export async function showSource(
  session: Session,
  index: number,
  records: RecordView,
  panel: vscode.ViewColumn | undefined,
): Promise<void> {
  const { result, record } = session;
  const items = result?.items;
  const name = items?.paths[items.path[index] ?? -1];
  if (!items || name === undefined) return;
  const line = items.line[index] ?? 0;
  const isRow = items.placeKind === "row";
  if (isRow && line === 0 && (await showRecord(session, index, records, panel))) return;
  const uri = record.documents[name] ?? vscode.Uri.file(path.resolve(record.base, name)).toString();
  const paragraph = record.recipe.source.kind === "paragraphs";
  try {
    await reveal({ uri: vscode.Uri.parse(uri), line, paragraph }, panel);
  } catch (error) {
    if (isRow && (await showRecord(session, index, records, panel))) return;
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showWarningMessage(`“${name}” could not be opened: ${reason}`);
  }
}

/** Whether the item has a record. */
async function showRecord(
  session: Session,
  index: number,
  records: RecordView,
  panel: vscode.ViewColumn | undefined,
): Promise<boolean> {
  const { result } = session;
  const record = await session.recordOf(index);
  if (!record || !result) return false;
  const { items } = result;
  await records.show(`${items.paths[items.path[index]!] ?? ""}, ${placeOf(items, index)}`, record, panel);
  return true;
}
