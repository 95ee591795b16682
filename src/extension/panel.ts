import * as vscode from "vscode";
import type { MessageConnection } from "vscode-jsonrpc/node";
import { parseSecondModel } from "../protocol/compare";
import { SETTINGS } from "../protocol/constants";
import { toErrorData } from "../protocol/errors";
import { relativePath } from "../export";
import type { ModelInfo } from "../protocol/models";
import { HostNotifications, PageNotifications, PanelRequests, type ExportFormat, type View } from "../protocol/panel";
import { parseRecipe } from "../protocol/recipe";
import type { RunResult } from "../protocol/result";
import { handle } from "../protocol/rpc";
import { PageLink } from "./connection";
import { askForTexts } from "./dataset/texts";
import type { ModelService } from "./model-service";
import type { Offer } from "./offer";
import { pageHtml } from "./page";
import type { PanelRecord } from "./panel-records";
import type { RecordView } from "./record/record-view";
import { save } from "./save";
import { Session, type SessionServices } from "./session";
import { showSource } from "./show-source";
import { sourceName, titleOf } from "./sources";

export interface PanelServices extends SessionServices {
  models: Pick<ModelService, "list" | "onChange">;
  offer: Offer;
  extensionUri: vscode.Uri;
  remember(record: PanelRecord): void;
  showLog(): void;
  manageModels(): void;
  /** Asks for the key of a model's server; whether one was given. */
  setApiKey(model: string): Promise<boolean>;
  /** Shows files that were dropped on a panel, in its column. */
  drop(uris: readonly string[], column: vscode.ViewColumn | undefined): void;
  records: RecordView;
}

/** One webview panel: it draws a session's state on the page and passes the page's wishes to the session. */
export class LensPanel {
  readonly #session: Session;
  readonly #link: PageLink;
  readonly #settings: vscode.Disposable;
  readonly #listed: { dispose(): void };
  #offered: ModelInfo | null = null;
  /** Asked for at once, so that the page's first snapshot need not wait for it. */
  #firstModels: Promise<ModelInfo[]> | null;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    record: PanelRecord,
    private readonly services: PanelServices,
  ) {
    this.#session = new Session(record, services, {
      state: (state) => this.#send((page) => page.sendNotification(HostNotifications.state, { state })),
      result: (result, first) => {
        this.#send((page) => page.sendNotification(HostNotifications.result, { result, recipe: this.#session.recipe }));
        void this.#offer();
        if (first) void this.#askForTexts(result);
      },
      prepared: () => void this.#sendSnapshot(),
      forming: (forming) => this.#send((page) => page.sendNotification(HostNotifications.forming, { forming })),
      comparing: (compare) => this.#send((page) => page.sendNotification(HostNotifications.comparing, { compare })),
      compared: (comparison) => this.#send((page) => page.sendNotification(HostNotifications.compared, { comparison })),
      changed: (changed) => {
        panel.title = titleOf(changed.view, changed.recipe, changed.base);
        services.remember(changed);
      },
    });
    this.#firstModels = this.#models();
    panel.title = titleOf(record.view, record.recipe, record.base);
    this.#link = new PageLink(
      panel.webview,
      (page) => this.#connect(page),
      () => panel.visible,
    );
    panel.onDidChangeViewState(() => (this.#link.viewChanged() ? void this.#sendSnapshot() : undefined));
    this.#settings = vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(SETTINGS.section)) void this.#sendModels();
    });
    this.#listed = services.models.onChange(() => void this.#sendModels());
    panel.onDidDispose(() => this.#dispose());
    panel.webview.options = webviewOptions(services.extensionUri);
    panel.webview.html = this.#html();
  }

  run(): void {
    void this.#session.run();
  }

  restore(): void {
    void this.#session.restore();
  }

  /** What was stored of an earlier window, else a run. */
  restoreOrRun(): void {
    void this.#session.restore().then(() => (this.#session.result ? undefined : this.#session.run()));
  }

  #html(): string {
    const { webview } = this.panel;
    const part = (name: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.services.extensionUri, "dist", name)).toString();
    return pageHtml({ script: part("webview.js"), style: part("webview.css"), origin: webview.cspSource });
  }

  #connect(page: MessageConnection): void {
    const session = this.#session;
    handle(page, PanelRequests.texts, ({ index, maxLength }) => session.texts(index, maxLength));
    handle(page, PanelRequests.thumbnail, ({ index, size }) => session.thumbnail(index, size));
    handle(page, PanelRequests.details, ({ index }) => session.details(index));
    handle(page, PanelRequests.columns, () => session.columns());
    handle(page, PanelRequests.similarity, ({ a, b }) => session.similarity(a, b));
    handle(page, PanelRequests.matrix, () => session.matrix());
    handle(page, PanelRequests.order, (_, signal) => session.order(signal));
    handle(page, PanelRequests.anomalies, ({ threshold }, signal) => session.anomalies(threshold, signal));
    handle(page, PanelRequests.search, ({ query, k }, signal) => session.search(query, k, signal));
    handle(page, PanelRequests.network, ({ settings }, signal) => session.network(settings, signal));
    handle(page, PanelRequests.record, ({ index }) => session.recordOf(index));
    handle(page, PanelRequests.save, async (asked) => {
      const { format, view, data, selection, kept, order = "given", colorBy, turn } = asked;
      const { result } = session;
      if (!result) return null;
      const { comparison } = session;
      const shown = { job: await session.job(), result, view, drawn: data, kept, order, comparison, colorBy, turn };
      const chosen = isWhole(format) ? null : selection?.filter((index) => index >= 0 && index < result.items.count);
      return save(this.services.engine, { ...shown, ...(chosen?.length ? { selection: chosen } : {}) }, format);
    });
    page.onNotification(PageNotifications.ready, () => void this.#sendSnapshot((send) => this.#link.answer(send)));
    page.onNotification(PageNotifications.setRecipe, ({ recipe }) => this.#setRecipe(recipe));
    page.onNotification(PageNotifications.setView, ({ view }) => this.#setView(view));
    page.onNotification(PageNotifications.compareWith, ({ model }) => this.#compareWith(model));
    page.onNotification(PageNotifications.rerun, () => void session.rerun());
    page.onNotification(PageNotifications.cancel, () => session.cancel());
    page.onNotification(PageNotifications.enough, () => session.enough());
    page.onNotification(PageNotifications.reveal, ({ index }) => void this.#reveal(index));
    page.onNotification(PageNotifications.drop, ({ uris }) => this.services.drop(uris, this.panel.viewColumn));
    page.onNotification(PageNotifications.answerOffer, ({ accepted }) => this.#answerOffer(accepted));
    page.onNotification(PageNotifications.setApiKey, ({ model }) => void this.#setApiKey(model));
    page.onNotification(PageNotifications.showLog, () => this.services.showLog());
    page.onNotification(PageNotifications.manageModels, () => this.services.manageModels());
  }

  async #sendSnapshot(by: (send: Send) => Promise<void> = (send) => this.#link.tell(send)): Promise<void> {
    const models = await (this.#firstModels ?? this.#models());
    this.#firstModels = null;
    const { recipe, base, state, result, view, record, compare, comparison } = this.#session;
    const seen = { recipe, state, result, compare, comparison };
    const snapshot = { title: sourceName(recipe, base), view, ...seen, models, offer: this.#offered };
    this.#send((page) => page.sendNotification(HostNotifications.snapshot, { ...snapshot, panel: record.id }), by);
  }

  async #models(): Promise<ModelInfo[]> {
    try {
      return await this.services.models.list();
    } catch (error) {
      this.services.log(`The models could not be listed: ${toErrorData(error).message}`);
      return [];
    }
  }

  async #sendModels(): Promise<void> {
    const models = await this.#models();
    this.#send((page) => page.sendNotification(HostNotifications.models, { models, offer: this.#offered }));
  }

  #setRecipe(value: unknown): void {
    try {
      void this.#session.setRecipe(parseRecipe(value));
    } catch (error) {
      this.services.log(`The panel asked for a recipe that is not valid: ${toErrorData(error).message}`);
    }
  }

  #compareWith(value: unknown): void {
    try {
      void this.#session.compareWith(parseSecondModel(value));
    } catch (error) {
      this.services.log(`The panel asked for a second model that is not valid: ${toErrorData(error).message}`);
    }
  }

  async #setApiKey(model: string): Promise<void> {
    if (!(await this.services.setApiKey(model))) return;
    // The page asks where a run, or the comparison, has failed for want of it.
    await (model === this.#session.recipe.model ? this.#session.rerun() : this.#session.compareWith(model));
  }

  #setView(view: View): void {
    const { recipe } = this.#session;
    void this.#session.setView(view);
    if (this.#session.recipe !== recipe) void this.#sendSnapshot();
  }

  async #reveal(index: number): Promise<void> {
    try {
      await showSource(this.#session, index, this.services.records, this.panel.viewColumn);
    } catch (error) {
      void vscode.window.showWarningMessage(toErrorData(error).message);
    }
  }

  async #askForTexts(result: RunResult): Promise<void> {
    const { recipe, base } = this.#session;
    const answer = await askForTexts(recipe, base, result);
    if (!answer) return;
    const { file } = answer;
    const texts = file === null ? null : relativePath(base, file);
    await this.#session.choose({ texts }, file === null ? "later" : "now");
    void this.#sendSnapshot();
  }

  async #offer(): Promise<void> {
    const { result } = this.#session;
    if (!result || !this.services.offer.isFor(result)) return;
    const models = await this.#models();
    this.#offered = await this.services.offer.take(models);
    const offer = this.#offered;
    if (offer) this.#send((page) => page.sendNotification(HostNotifications.models, { models, offer }));
  }

  #answerOffer(accepted: boolean): void {
    const offered = this.#offered;
    this.#offered = null;
    if (!accepted || !offered) return;
    void this.#session.setRecipe({ ...this.#session.recipe, model: offered.card.id });
    // The page's controls follow what it did not change itself.
    void this.#sendSnapshot();
  }

  #send(send: Send, by: (send: Send) => Promise<void> = (one) => this.#link.tell(one)): void {
    by(send).catch((error: unknown) => this.services.log(`The panel did not answer: ${toErrorData(error).message}`));
  }

  #dispose(): void {
    this.#settings.dispose();
    this.#listed.dispose();
    this.#link.dispose();
    this.#session.dispose();
  }
}

type Send = (page: MessageConnection) => Promise<void>;

/** Formats that are never of some items only. */
const isWhole = (format: ExportFormat): boolean => ["png", "svg", "recipe", "copy"].includes(format);

export const webviewOptions = (extensionUri: vscode.Uri): vscode.WebviewOptions => ({
  enableScripts: true,
  localResourceRoots: [vscode.Uri.joinPath(extensionUri, "dist")],
});
