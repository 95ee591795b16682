import { NotificationType, RequestType } from "vscode-jsonrpc";
import type { ErrorData } from "./errors";
import type { Anomalies, Comparison, Found, Network, NetworkSettings } from "./explore";
import type { ModelCard } from "./models";
import type { Recipe } from "./recipe";
import type { ItemRecord, MetaColumn, Neighbor, RunResult, SimilarityMatrix } from "./result";
import type { TablePreview } from "./table";

/** A recipe with what is needed to find its sources. Equal jobs share the engine's stages. */
export interface Job {
  recipe: Recipe;
  /** Absolute folder that relative paths start from. */
  base: string;
  /** Texts of unsaved documents, by the path as it stands in the recipe: they win over the file. */
  documents?: Record<string, string>;
}

/** "answers": those of a server that an earlier run asked for are waited for. */
export type Stage = "items" | "model" | "answers" | "embed" | "neighbors" | "reduce" | "cluster" | "quality" | "matrix";

export interface Progress {
  stage: Stage;
  done: number;
  /** 0 when not known. */
  total: number;
}

/** The layout of a long reduction as it forms: copies, in the order of the result's items. */
export interface Forming {
  /** (n) */
  x: Float32Array;
  y: Float32Array;
  z?: Float32Array;
  /** Steps that are done, and all of them. */
  done: number;
  total: number;
}

/** The items of a job and their vectors: what `embed` writes. Row-major float32 (rows × cols). */
export interface Vectors {
  rows: number;
  cols: number;
  data: Float32Array;
}

/** What a run is about to send to a server. */
export interface Sending {
  /** The model's id and name. */
  model: string;
  name: string;
  /** Name and port of the server. */
  host: string;
  /** Texts or pictures to be sent, each once. */
  texts: number;
  /** They are pictures. */
  pictures?: true;
  /** A quarter of their characters: an estimate, since only the server knows its tokenizer. */
  tokens: number;
  /** Items of the run whose vectors are here already. */
  cached: number;
  /** Whether what arrives is kept for later runs. */
  kept: boolean;
}

/** Texts of one call to a server. */
export interface RemoteTexts {
  /** The id of the model. */
  model: string;
  /** The server's address as it stands in the card: another one would give other vectors. */
  server: string;
  /** Pictures are given as data URLs. */
  texts: string[];
  pictures?: true;
}

/** What a server gave: (texts × cols), `cols` is 0 when every text failed. The rows of failed texts are zero. */
export interface RemoteVectors extends Vectors {
  failed: { at: number; reason: string }[];
}

/** A host from which pictures of a dataset would be loaded. */
export interface RemotePictures {
  /** Name and port. */
  host: string;
  /** Pictures of the run that are there. */
  pictures: number;
}

/** A column for a copy of a dataset. */
export interface AddedColumn {
  /** Made distinct when the dataset has such a column. */
  name: string;
  /** (n) index among the source's items (`ItemColumns.source`), each once. */
  index: Int32Array;
  /** (n) */
  values: Int32Array;
}

/** Where a model's files are on this machine. */
export interface LocalModel {
  card: ModelCard;
  /** Absolute folder that holds the card's files. */
  folder: string;
  /** Another one says that the files have changed since. */
  stamp?: string;
}

/** What the engine process does for its host. Each call takes the job, so that it still answers after a restart. */
export const EngineRequests = {
  /**
   * @param forming whether the layout of a long reduction shall be sent as it forms
   * @param keepStopped whether the layout that was stopped last stands
   */
  run: new RequestType<{ job: Job; runId: number; forming?: boolean; keepStopped?: boolean }, RunResult, ErrorData>(
    "run",
  ),
  vectors: new RequestType<{ job: Job; runId: number }, Vectors, ErrorData>("vectors"),
  /** Full texts of items, cut to `maxLength` characters each; by index among the source's items (`ItemColumns.source`). */
  texts: new RequestType<{ job: Job; index: Int32Array; maxLength: number }, string[], ErrorData>("texts"),
  /** By index among the source's items: an encoded picture that fits `size` pixels square, as PNG or WebP bytes; null when there is none. */
  thumbnail: new RequestType<{ job: Job; index: number; size: number }, Thumbnail | null, ErrorData>("thumbnail"),
  /**
   * A copy of the dataset's file, as a new file at `target`, with one more column: a number for some items, by index among the source's
   * items; empty in all other rows. Answers what the column is called there.
   */
  copy: new RequestType<{ job: Job; runId: number; column: AddedColumn; target: string }, string, ErrorData>("copy"),
  /** The other columns of a dataset with every value, a cell for each item; by index among the source's items. */
  columns: new RequestType<{ job: Job; runId: number; index: Int32Array }, MetaColumn[], ErrorData>("columns"),
  /** By index among the source's items: its whole record, read from the file; null for what is no row of a dataset. */
  record: new RequestType<{ job: Job; index: number }, ItemRecord | null, ErrorData>("record"),
  /** The nearest items by the recipe's metric, best first; null when the vectors are no longer in memory. */
  neighbors: new RequestType<{ job: Job; index: number; k: number }, Neighbor[] | null, ErrorData>("neighbors"),
  /** The similarity of two items; null when the vectors are no longer in memory. */
  similarity: new RequestType<{ job: Job; a: number; b: number }, number | null, ErrorData>("similarity"),
  matrix: new RequestType<{ job: Job; runId: number; limit: number }, SimilarityMatrix, ErrorData>("matrix"),
  /** The order of the matrix's items in which neighbours are most alike, as positions in its `index`. */
  order: new RequestType<{ job: Job; runId: number; limit: number }, Int32Array, ErrorData>("order"),
  /** Near-duplicates, outliers and doubtful labels; null when the vectors are no longer in memory. */
  anomalies: new RequestType<{ job: Job; runId: number; threshold: number }, Anomalies | null, ErrorData>("anomalies"),
  /**
   * The items nearest to some words, by the recipe's metric; null when the vectors are no longer in memory.
   * @throws LensError "model" when the model reads no words
   */
  search: new RequestType<{ job: Job; runId: number; query: string; k: number }, Found | null, ErrorData>("search"),
  /** Runs the job and the same with a second model, and compares the two. @param k neighbours that are compared */
  compare: new RequestType<{ job: Job; runId: number; model: string; k: number }, Comparison, ErrorData>("compare"),
  /** The graph of nearest items, laid out; null when the vectors are no longer in memory. */
  network: new RequestType<
    { job: Job; runId: number; settings: NetworkSettings; limit: number },
    Network | null,
    ErrorData
  >("network"),
  /** The start of a dataset and which columns are used; reads the start of its first file and embeds nothing. */
  preview: new RequestType<{ job: Job }, TablePreview, ErrorData>("preview"),
  /** Whether the sources still are what they were: the fingerprint now. */
  fingerprint: new RequestType<{ job: Job }, string, ErrorData>("fingerprint"),
  /** Forgets the embeddings that are kept between runs; the bytes they took. */
  clearCache: new RequestType<Record<string, never>, number, ErrorData>("clearCache"),
} as const;

export const EngineNotifications = {
  progress: new NotificationType<{ runId: number; progress: Progress }>("progress"),
  /** Something that the person should know, once. */
  notice: new NotificationType<{ text: string }>("notice"),
  /** Of a reduction of over a second, at most five times a second. */
  forming: new NotificationType<{ runId: number; forming: Forming }>("forming"),
} as const;

/** What the host tells the engine. */
export const HostNotifications = {
  /** The reduction of a run shall end now and keep what there is; without a reduction under way it changes nothing. */
  enough: new NotificationType<{ runId: number }>("enough"),
  /** Bytes that the embeddings kept between runs may take. */
  limitCache: new NotificationType<{ bytes: number }>("limitCache"),
} as const;

/** What the engine asks of its host, which alone has the network and the user. */
export const HostRequests = {
  /** The model's files, downloaded first when needed. @throws LensError "model" or "network" */
  modelFile: new RequestType<{ id: string; runId: number }, LocalModel, ErrorData>("modelFile"),
  /** Whether the person agrees to send texts to a server; asked once for a run, before anything is sent. */
  confirmSending: new RequestType<{ sending: Sending; runId: number }, boolean, ErrorData>("confirmSending"),
  /** One call to a server. A cancelled one still answers when it is on its way: it will be paid for. @throws LensError "network" or "model" */
  embedRemotely: new RequestType<{ request: RemoteTexts; runId: number }, RemoteVectors, ErrorData>("embedRemotely"),
  /** Whether the person lets pictures be loaded from these hosts (names with ports); asked once for a run. The hosts that are allowed. */
  confirmHosts: new RequestType<{ hosts: RemotePictures[]; runId: number }, string[], ErrorData>("confirmHosts"),
  /** The bytes of a picture at a URL whose host was allowed, at most `maxBytes`. @throws LensError "network" with why */
  remoteFile: new RequestType<{ url: string; maxBytes: number; runId: number }, Uint8Array, ErrorData>("remoteFile"),
} as const;

export interface Thumbnail {
  type: "image/png" | "image/webp" | "image/jpeg";
  bytes: Uint8Array;
}
