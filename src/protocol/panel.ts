import { NotificationType, RequestType } from "vscode-jsonrpc";
import type { CompareState, PanelComparison } from "./compare";
import type { Forming, Progress, Thumbnail } from "./engine";
import type { ErrorData } from "./errors";
import type { Anomalies, Found, Network, NetworkSettings } from "./explore";
import type { ModelInfo } from "./models";
import type { Recipe } from "./recipe";
import type { ItemRecord, Neighbor, RunResult, SimilarityMatrix } from "./result";
import type { TablePreview } from "./table";

export type View = "map" | "similarity" | "network" | "compare";

/** What the panel shows besides its result. The host owns it; the page only draws it. */
export type RunState =
  | { kind: "running"; progress: Progress | null }
  | { kind: "done" }
  /** Drawn from the stored result of an earlier window; `stale` when a source has changed since. */
  | { kind: "restored"; stale: boolean }
  | { kind: "stopped" }
  | { kind: "failed"; error: ErrorData };

/** Everything the page needs to draw itself from nothing. */
export interface Snapshot {
  /** Kept by the page as `setState({ panel })`, so that VS Code can bring the panel back after a reload. */
  panel?: string;
  title: string;
  view: View;
  recipe: Recipe;
  state: RunState;
  result: RunResult | null;
  models: ModelInfo[];
  /** A sharper model that may be offered quietly, once. */
  offer: ModelInfo | null;
  /** The second model and how far its comparison is. */
  compare: CompareState;
  /** What the second model sees; null when there is none or nothing is known yet. */
  comparison: PanelComparison | null;
}

export interface ItemDetails {
  index: number;
  /** The whole text (cut at 20,000 characters), or null for a picture. */
  text: string | null;
  label: string | null;
  path: string;
  /** "line 12", "row 3" or "" */
  place: string;
  /** Null when the vectors are no longer in memory (a restored panel). */
  neighbors: Neighbor[] | null;
}

/** "npy" is the map or the matrix, "vectors" the embeddings as npy; "tsv" are the two files of the Embedding Projector; "copy" is the dataset's own file with the clusters as one more column. */
export const EXPORT_FORMATS = [
  "png",
  "svg",
  "html",
  "csv",
  "jsonl",
  "parquet",
  "arrow",
  "tsv",
  "npy",
  "vectors",
  "json",
  "copy",
  "recipe",
] as const;
/** How the rows and columns of a heatmap follow each other (`charts/order.ts`). */
export type MatrixOrder = "given" | "label" | "cluster" | "similarity";
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Asked by the page, answered by the extension host. */
export const PanelRequests = {
  texts: new RequestType<{ index: Int32Array; maxLength: number }, string[], ErrorData>("texts"),
  thumbnail: new RequestType<{ index: number; size: number }, Thumbnail | null, ErrorData>("thumbnail"),
  details: new RequestType<{ index: number }, ItemDetails, ErrorData>("details"),
  similarity: new RequestType<{ a: number; b: number }, number | null, ErrorData>("similarity"),
  matrix: new RequestType<Record<string, never>, SimilarityMatrix | null, ErrorData>("matrix"),
  /** The order of the matrix by similarity, as positions in its `index`; null when it would need a run. */
  order: new RequestType<Record<string, never>, Int32Array | null, ErrorData>("order"),
  /** Null when it would need a run. @param threshold similarity of near-duplicates */
  anomalies: new RequestType<{ threshold: number }, Anomalies | null, ErrorData>("anomalies"),
  /** The items nearest to some words; null when it would need a run. */
  search: new RequestType<{ query: string; k: number }, Found | null, ErrorData>("search"),
  /** Null when it would need a run. */
  network: new RequestType<{ settings: NetworkSettings }, Network | null, ErrorData>("network"),
  /** The start of the dataset that is shown and the columns in use; for sources of rows only. */
  columns: new RequestType<Record<string, never>, TablePreview, ErrorData>("columns"),
  /** The whole record an item came from, read from its file; null for what is no row of a dataset. */
  record: new RequestType<{ index: number }, ItemRecord | null, ErrorData>("record"),
  /**
   * `data` is the drawn chart for png (bytes) and svg (text); the host makes the other formats, with `selection` of these items of the
   * result only, a heatmap in its `order` and without the items that a filter leaves out (`kept`: (count) 0 for these), a map in the colours of the field `colorBy`, one of three dimensions
   * as it is turned. Answers the saved path, null when the user cancelled.
   */
  save: new RequestType<
    {
      format: ExportFormat;
      view: View;
      data: Uint8Array | string | null;
      selection?: Int32Array;
      kept?: Uint8Array;
      order?: MatrixOrder;
      colorBy?: string;
      turn?: { yaw: number; pitch: number };
    },
    string | null,
    ErrorData
  >("save"),
} as const;

/** Sent by the page. */
export const PageNotifications = {
  /** The page is loaded; answered by the event `snapshot`. */
  ready: new NotificationType<Record<string, never>>("ready"),
  /** The user changed the recipe: run what depends on the change. */
  setRecipe: new NotificationType<{ recipe: Recipe }>("setRecipe"),
  setView: new NotificationType<{ view: View }>("setView"),
  /** The user chose a second model to compare with (or its comparison once more); null for none. */
  compareWith: new NotificationType<{ model: string | null }>("compareWith"),
  rerun: new NotificationType<Record<string, never>>("rerun"),
  cancel: new NotificationType<Record<string, never>>("cancel"),
  /** End the reduction now and keep the map as it is. */
  enough: new NotificationType<Record<string, never>>("enough"),
  reveal: new NotificationType<{ index: number }>("reveal"),
  /** Files were dropped on the page: their URIs, as the drag names them. */
  drop: new NotificationType<{ uris: string[] }>("drop"),
  /** The user took or closed the offer of the sharper model. */
  answerOffer: new NotificationType<{ accepted: boolean }>("answerOffer"),
  showLog: new NotificationType<Record<string, never>>("showLog"),
  /** The user has another key for the server of this model: what failed for want of it is tried again. */
  setApiKey: new NotificationType<{ model: string }>("setApiKey"),
  manageModels: new NotificationType<Record<string, never>>("manageModels"),
} as const;

/** Sent by the host. */
export const HostNotifications = {
  snapshot: new NotificationType<Snapshot>("snapshot"),
  state: new NotificationType<{ state: RunState }>("state"),
  result: new NotificationType<{ result: RunResult; recipe: Recipe }>("result"),
  /** The map of the run under way, as far as it has formed. */
  forming: new NotificationType<{ forming: Forming }>("forming"),
  /** The second model, or how far its comparison is, has changed. */
  comparing: new NotificationType<{ compare: CompareState }>("comparing"),
  /** What the second model sees; null when what was known is no longer of the result. */
  compared: new NotificationType<{ comparison: PanelComparison | null }>("compared"),
  models: new NotificationType<{ models: ModelInfo[]; offer: ModelInfo | null }>("models"),
  /** A command of the host asks the page to show this item as selected. */
  select: new NotificationType<{ index: number }>("select"),
} as const;
