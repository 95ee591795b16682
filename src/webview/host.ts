import type { Turn } from "../charts/turn";
import type { MessageConnection } from "vscode-jsonrpc/browser";
import type { Thumbnail } from "../protocol/engine";
import type { Anomalies, Found, Network, NetworkSettings } from "../protocol/explore";
import {
  PageNotifications,
  PanelRequests,
  type ExportFormat,
  type ItemDetails,
  type MatrixOrder,
  type View,
} from "../protocol/panel";
import type { Recipe } from "../protocol/recipe";
import type { ItemRecord, SimilarityMatrix } from "../protocol/result";
import { call } from "../protocol/rpc";
import type { TablePreview } from "../protocol/table";

/** The extension host as the page sees it. Requests reject with a LensError. */
export class Host {
  constructor(private readonly connection: MessageConnection) {}

  texts(index: Int32Array, maxLength: number, signal?: AbortSignal): Promise<string[]> {
    return call(this.connection, PanelRequests.texts, { index, maxLength }, signal);
  }

  thumbnail(index: number, size: number): Promise<Thumbnail | null> {
    return call(this.connection, PanelRequests.thumbnail, { index, size });
  }

  details(index: number, signal?: AbortSignal): Promise<ItemDetails> {
    return call(this.connection, PanelRequests.details, { index }, signal);
  }

  similarity(a: number, b: number, signal?: AbortSignal): Promise<number | null> {
    return call(this.connection, PanelRequests.similarity, { a, b }, signal);
  }

  columns(): Promise<TablePreview> {
    return call(this.connection, PanelRequests.columns, {});
  }

  matrix(signal?: AbortSignal): Promise<SimilarityMatrix | null> {
    return call(this.connection, PanelRequests.matrix, {}, signal);
  }

  order(signal?: AbortSignal): Promise<Int32Array | null> {
    return call(this.connection, PanelRequests.order, {}, signal);
  }

  anomalies(threshold: number, signal?: AbortSignal): Promise<Anomalies | null> {
    return call(this.connection, PanelRequests.anomalies, { threshold }, signal);
  }

  search(query: string, k: number, signal?: AbortSignal): Promise<Found | null> {
    return call(this.connection, PanelRequests.search, { query, k }, signal);
  }

  network(settings: NetworkSettings, signal?: AbortSignal): Promise<Network | null> {
    return call(this.connection, PanelRequests.network, { settings }, signal);
  }

  record(index: number, signal?: AbortSignal): Promise<ItemRecord | null> {
    return call(this.connection, PanelRequests.record, { index }, signal);
  }

  /**
   * @param how the items to save, null for all; those that a filter leaves, null without one; the order of a heatmap; what the colours stand for, null while nothing is shown; how a
   * map of three dimensions is turned
   */
  save(
    format: ExportFormat,
    view: View,
    data: Uint8Array | string | null,
    {
      selection,
      kept,
      order,
      colorBy,
      turn,
    }: {
      selection: Int32Array | null;
      kept: Uint8Array | null;
      order: MatrixOrder;
      colorBy: string | null;
      turn: Turn | null;
    },
  ): Promise<string | null> {
    return call(this.connection, PanelRequests.save, {
      ...{ format, view, data, order },
      ...(selection && { selection }),
      ...(kept && { kept }),
      ...(colorBy !== null && { colorBy }),
      ...(turn && { turn }),
    });
  }

  drop(uris: string[]): void {
    void this.connection.sendNotification(PageNotifications.drop, { uris });
  }

  setRecipe(recipe: Recipe): void {
    void this.connection.sendNotification(PageNotifications.setRecipe, { recipe });
  }

  setView(view: View): void {
    void this.connection.sendNotification(PageNotifications.setView, { view });
  }

  compareWith(model: string | null): void {
    void this.connection.sendNotification(PageNotifications.compareWith, { model });
  }

  reveal(index: number): void {
    void this.connection.sendNotification(PageNotifications.reveal, { index });
  }

  answerOffer(accepted: boolean): void {
    void this.connection.sendNotification(PageNotifications.answerOffer, { accepted });
  }

  setApiKey(model: string): void {
    void this.connection.sendNotification(PageNotifications.setApiKey, { model });
  }

  tell(what: "ready" | "rerun" | "cancel" | "enough" | "showLog" | "manageModels"): void {
    void this.connection.sendNotification(PageNotifications[what], {});
  }
}
