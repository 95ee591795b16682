import { readFile } from "node:fs/promises";
import * as vscode from "vscode";
import { BINARY_EXTENSIONS, TABLE_EXTENSIONS, WORD_VECTOR_EXTENSIONS } from "../../protocol/constants";
import type { ColumnMemory } from "../column-memory";
import { relativePath } from "../../export";
import { datasetKind, datasetOf, isDataset, isProjectorConfig, projectorFiles, type Dataset } from "../dataset/source";
import type { PanelManager, PanelRequest } from "../panel-manager";
import type { Settings } from "../settings";
import { locate, newRecipe } from "../sources";
import { chosen, filesOf } from "./files";

/** What a panel of a dataset starts from; its recipe is finished when the engine has looked at the file. */
export type DatasetRequest = Omit<PanelRequest, "column">;

/** "Visualize Dataset": tables and files of vectors. */
export class DatasetCommand {
  constructor(
    private readonly panels: Pick<PanelManager, "open">,
    private readonly settings: Pick<Settings, "textModel">,
    private readonly columns: Pick<ColumnMemory, "of">,
  ) {}

  /** Of the explorer, else of the active editor; without either a file is asked for. */
  async open(
    clicked?: vscode.Uri,
    selected?: vscode.Uri[],
    column: vscode.ViewColumn = vscode.ViewColumn.Active,
  ): Promise<void> {
    const uris = chosen(clicked, selected) ?? activeDataset() ?? (await askForFiles());
    if (!uris) return;
    for (const dataset of await datasetsOf(filesOf(uris))) this.panels.open({ ...this.request(dataset), column });
  }

  request({ files, texts }: Dataset): DatasetRequest {
    const [first = ""] = files;
    const { base, paths } = locate(files);
    const kind = datasetKind(first);
    const given = texts === undefined ? {} : { texts: relativePath(base, texts) };
    const source = { kind, paths, ...this.columns.of(base, paths), ...given };
    const recipe = newRecipe(source, this.settings.textModel);
    // A table of text may be open with changes that are not saved.
    const documents = kind === "rows" ? files.map((file, i) => [paths[i]!, vscode.Uri.file(file).toString()]) : [];
    return {
      recipe,
      base,
      view: "map",
      fresh: true,
      documents: Object.fromEntries(documents) as Record<string, string>,
    };
  }
}

/** A configuration of the Embedding Projector stands for the files that it names. */
async function datasetsOf(files: readonly string[]): Promise<Dataset[]> {
  const [only] = files;
  if (files.length === 1 && only !== undefined && isProjectorConfig(only)) {
    const named = projectorFiles(only, await readFile(only, "utf8").catch(() => ""));
    if (named) return named;
  }
  return [datasetOf(files)];
}

/** What is open in front, when it is a dataset. */
function activeDataset(): vscode.Uri[] | undefined {
  const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri = input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? input.uri : undefined;
  return uri && isDataset(uri.path) ? [uri] : undefined;
}

function askForFiles(): Thenable<vscode.Uri[] | undefined> {
  const names = [...TABLE_EXTENSIONS, ...BINARY_EXTENSIONS, ...WORD_VECTOR_EXTENSIONS].map((one) => one.slice(1));
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return vscode.window.showOpenDialog({
    canSelectMany: true,
    openLabel: "Visualize",
    title: "A table or a file of vectors",
    filters: { "Tables and vectors": [...names, "txt"], "All files": ["*"] },
    ...(folder && { defaultUri: folder.uri }),
  });
}
