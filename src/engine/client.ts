import type {
  AddedColumn,
  Forming,
  Job,
  LocalModel,
  Progress,
  RemotePictures,
  RemoteTexts,
  RemoteVectors,
  Sending,
  Thumbnail,
  Vectors,
} from "../protocol/engine";
import type { Anomalies, Comparison, Found, Network, NetworkSettings } from "../protocol/explore";
import type { ItemRecord, MetaColumn, Neighbor, RunResult, SimilarityMatrix } from "../protocol/result";
import type { TablePreview } from "../protocol/table";

/** What the engine needs of whoever starts it: only the host has the network and the user. */
export interface EngineHost {
  /** The files of a model, downloaded first when needed. @throws LensError "model", "network" or "cancelled" */
  modelFile(id: string, run: { signal: AbortSignal; progress: (progress: Progress) => void }): Promise<LocalModel>;
  /** Something that the person should know, such as slower models; once for each engine. */
  notice?(text: string): void;
  /** Models on servers; absent: this host has none. */
  remote?: RemoteHost;
  /** Pictures at web addresses; absent: this host loads none. */
  pictures?: PictureHost;
}

/** The host's part in pictures of a dataset that are at web addresses. */
export interface PictureHost {
  /** Asks the person, once for a run, from which of these hosts pictures may be loaded; answers those that are allowed. */
  confirmHosts(hosts: RemotePictures[], run: { signal: AbortSignal }): Promise<string[]>;
  /** The bytes of a picture of an allowed host (`online/remote-file.ts` fetches it). @throws LensError "network" or "cancelled" */
  remoteFile(url: string, maxBytes: number, run: { signal: AbortSignal }): Promise<Uint8Array>;
}

/** The host's part in models that run on servers. */
export interface RemoteHost {
  /** Asks the person, once for a run. False: nothing is sent and the run is cancelled. */
  confirmSending(sending: Sending, run: { signal: AbortSignal }): Promise<boolean>;
  /** One call; on abort it ends waiting, but a call on its way is answered. @throws LensError "network", "model" or "cancelled" */
  embed(request: RemoteTexts, run: { signal: AbortSignal }): Promise<RemoteVectors>;
}

export interface RunOptions {
  /** Aborting it ends the run within 200 ms with LensError "cancelled". */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /** Given: a long reduction shows its layout as it forms. */
  onForming?: (forming: Forming) => void;
  /** Aborting it ends a reduction that is under way and keeps what there is (`RunResult.stopped`). */
  enough?: AbortSignal;
  /** The layout that was stopped last stands, where nothing that it depends on has changed: the rest is made of it. */
  keepStopped?: boolean;
}

/**
 * The pipeline, wherever it runs. Every call names its job, so that it still answers after a restart; stages that an
 * earlier call of the same job has made are not made again, unless a source has changed.
 * All calls reject with LensError.
 */
export interface Engine {
  run(job: Job, options?: RunOptions): Promise<RunResult>;
  /** The vectors of the items that `run` gives, in the same order. */
  vectors(job: Job, options?: RunOptions): Promise<Vectors>;
  /** Similarities of all items, or of a seeded sample of `limit`. */
  matrix(job: Job, limit: number, options?: RunOptions): Promise<SimilarityMatrix>;
  /** The order of the same matrix in which neighbours are most alike: positions in its `index`. */
  order(job: Job, limit: number, options?: RunOptions): Promise<Int32Array>;
  /** What is worth a second look; null as for `neighbors`. @param threshold similarity of near-duplicates, 0..1 */
  anomalies(job: Job, threshold: number, options?: RunOptions): Promise<Anomalies | null>;
  /**
   * The items nearest to some words, best first; null as for `neighbors`. A model on a server is asked as for a run.
   * @throws LensError "model" when the model reads no words, "source" when it knows none of these
   */
  search(job: Job, query: string, k: number, options?: RunOptions): Promise<Found | null>;
  /** What a second model sees in the same items, beside the first. @param k neighbours that are compared */
  compare(job: Job, model: string, k: number, options?: RunOptions): Promise<Comparison>;
  /** The graph of nearest items, or of a seeded sample of `limit`; null as for `neighbors`. */
  network(job: Job, settings: NetworkSettings, limit: number, options?: RunOptions): Promise<Network | null>;
  /**
   * Texts of items, each cut to `maxLength` characters; "" for a picture. `index` holds positions among the source's
   * items (`ItemColumns.source`), so that a stored result still finds them after a restart.
   */
  texts(job: Job, index: Int32Array, maxLength: number): Promise<string[]>;
  /** The picture of an item within `size` pixels square, null for a text; `index` as for `texts`. */
  thumbnail(job: Job, index: number, size: number): Promise<Thumbnail | null>;
  /** A copy of the dataset with one more column, as a new file at `target` (`export/copy.ts` gives it its name). Answers the column's name. */
  copy(job: Job, column: AddedColumn, target: string, options?: RunOptions): Promise<string>;
  /**
   * What a dataset has to say of items besides their ids, labels, texts and vectors, with every value (`items/rows/columns.ts`); a cell for
   * each of `index`, which is as for `texts`. Nothing for other sources.
   */
  columns(job: Job, index: Int32Array, options?: RunOptions): Promise<MetaColumn[]>;
  /** The whole record of an item, read from its file; null for what is no row of a dataset; `index` as for `texts`. */
  record(job: Job, index: number): Promise<ItemRecord | null>;
  /** Nearest items, best first; null when the vectors are not in memory (nothing is embedded again for it). */
  neighbors(job: Job, index: number, k: number): Promise<Neighbor[] | null>;
  /** Null as for `neighbors`. */
  similarity(job: Job, a: number, b: number): Promise<number | null>;
  /** The start of a dataset, its columns and which of them a run uses; nothing is embedded for it. */
  preview(job: Job): Promise<TablePreview>;
  /** Changes when a source changes. */
  fingerprint(job: Job): Promise<string>;
  /** Forgets the embeddings that are kept between runs, also those of other windows. Answers the bytes they took. */
  clearCache(): Promise<number>;
  /** How many bytes they may take from now on, for all processes that share them. */
  limitCache(bytes: number): void;
  /** Starts what can be started before the first job is known. */
  warm(): void;
  dispose(): Promise<void>;
}

export { forkEngine, type ForkOptions } from "./fork";
export { localEngine, type LocalOptions } from "./local";
