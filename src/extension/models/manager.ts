import * as vscode from "vscode";
import { isOfRepository } from "../../online/hub-repository";
import type { ModelInfo } from "../../protocol/models";
import type { ModelService } from "../model-service";
import type { Settings } from "../settings";
import type { ModelActions } from "./actions";
import { modelWords } from "./words";

/** Something to do, with a model or without. */
interface Action {
  label: string;
  icon: string;
  /** Resolves when it is done; `stays`: the list is shown again then. */
  run(): Promise<void>;
  stays: boolean;
}

interface Row extends vscode.QuickPickItem {
  /** What Enter does. */
  open?: () => Promise<void>;
  actions?: readonly Action[];
}

/** The list of all models with what can be done with each: by its buttons, or by Enter for those without a mouse. */
export class ModelManager {
  constructor(
    private readonly models: ModelService,
    private readonly settings: Settings,
    private readonly actions: ModelActions,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Shows the list; answers when it is closed. */
  async show(): Promise<void> {
    const pick = vscode.window.createQuickPick<Row>();
    pick.title = "Manage Models";
    pick.placeholder = "Choose a model, or something to do";
    pick.matchOnDescription = pick.matchOnDetail = true;
    pick.keepScrollPosition = true;
    pick.busy = true;
    const fill = async (): Promise<void> => {
      pick.items = await this.#rows();
      pick.busy = false;
    };
    const subscription = this.models.onChange(() => void fill().catch(this.failed));
    const closed = new Promise<void>((resolve) => pick.onDidHide(resolve));
    const leave = (work: () => Promise<void>): void => {
      pick.hide();
      work().catch(this.failed);
    };
    pick.onDidAccept(() => {
      const { open } = pick.selectedItems[0] ?? {};
      if (open) leave(open);
    });
    pick.onDidTriggerItemButton(({ item, button }) => {
      const action = item.actions?.find(({ label }) => label === button.tooltip);
      if (action) leave(() => this.#perform(action));
    });
    pick.show();
    try {
      await fill();
      await closed;
    } finally {
      subscription.dispose();
      pick.dispose();
    }
  }

  async #perform(action: Action): Promise<void> {
    try {
      await action.run();
    } finally {
      if (action.stays) void this.show().catch(this.failed);
    }
  }

  /** The actions of one model as a list of their own. */
  async #choose(info: ModelInfo, actions: readonly Action[]): Promise<void> {
    const rows = actions.map((action) => ({ label: `$(${action.icon}) ${action.label}`, action }));
    const chosen = await vscode.window.showQuickPick(rows, { title: info.card.name, placeHolder: info.card.about });
    if (chosen) await this.#perform(chosen.action);
    else await this.show();
  }

  async #rows(): Promise<Row[]> {
    const all = await this.models.list();
    const local = all.filter(({ state }) => state !== "remote");
    const of = (kind: "text" | "image"): Row[] => local.filter(({ card }) => card.kind === kind).map((one) => this.#row(one));
    const remote = all.filter(({ state }) => state === "remote").map((one) => this.#row(one));
    return [
      separator("Texts"),
      ...of("text"),
      separator("Pictures"),
      ...of("image"),
      ...(remote.length > 0 ? [separator("On servers"), ...remote] : []),
      separator("More"),
      ...this.#general(),
    ];
  }

  #row(info: ModelInfo): Row {
    const { card } = info;
    const actions = this.#actionsOf(info);
    const buttons = actions.map(({ label, icon }) => ({ iconPath: new vscode.ThemeIcon(icon), tooltip: label }));
    const words = modelWords(info, card.id === this.#default(info));
    return { ...words, buttons, actions, open: () => this.#choose(info, actions) };
  }

  #default({ card }: ModelInfo): string {
    return card.kind === "image" ? this.settings.imageModel : this.settings.textModel;
  }

  #actionsOf(info: ModelInfo): Action[] {
    const { card, state } = info;
    const { actions } = this;
    const found: Action[] = [];
    if (state === "absent") {
      found.push({ label: "Download", icon: "cloud-download", run: () => actions.download(info), stays: false });
    }
    if (card.id !== this.#default(info)) {
      found.push({ label: "Use as Default", icon: "star-empty", run: () => actions.useAsDefault(card), stays: true });
    }
    if (state !== "remote" && state !== "absent") {
      found.push({ label: "Open Folder", icon: "folder-opened", run: () => actions.openFolder(info), stays: false });
    }
    if (state === "installed") {
      found.push({ label: "Delete…", icon: "trash", run: () => actions.remove(info), stays: true });
    } else if (state === "remote" || (state === "absent" && isOfRepository(card))) {
      found.push({ label: "Remove from the List", icon: "close", run: () => actions.remove(info), stays: true });
    }
    return found;
  }

  #general(): Row[] {
    const { actions, settings } = this;
    const row = (icon: string, label: string, detail: string, run: () => Promise<void>, stays = false): Row => ({
      label: `$(${icon}) ${label}`,
      detail,
      open: () => this.#perform({ label, icon, run, stays }),
    });
    return [
      row("add", "Add a Model of the Hub…", "By its name on Hugging Face or on the mirror, OWNER/NAME", () =>
        actions.addFromHub(),
      ),
      row("file", "Import an .onnx File…", "It is copied; the original can be deleted", () =>
        actions.importFrom("file"),
      ),
      row("folder", "Import a Model's Folder…", "Laid out as on the hub, or with a card.json", () =>
        actions.importFrom("folder"),
      ),
      row("cloud", "Add a Model on a Server…", "Cohere, or any server that speaks OpenAI's language", () =>
        actions.addRemote(),
      ),
      row(
        "server",
        "Mirror…",
        settings.modelMirror ? `Downloads come from ${settings.modelMirror}` : "Downloads come from the models' own servers",
        () => actions.setMirror(),
        true,
      ),
      row(
        "debug-disconnect",
        settings.offline ? "Leave Offline Mode" : "Go Offline",
        settings.offline ? "Nothing is downloaded or sent now" : "Nothing is downloaded or sent then",
        () => actions.toggleOffline(),
        true,
      ),
    ];
  }
}

const separator = (label: string): Row => ({ label, kind: vscode.QuickPickItemKind.Separator });
