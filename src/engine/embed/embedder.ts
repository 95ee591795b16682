import type { Item } from "../types";

export interface EmbeddedBatch {
  /** Row-major (items × dims) float32; the row of a failed item is zero. */
  data: Float32Array;
  /** Items that have no vector: position in the batch and the reason a person reads. */
  failed: { at: number; reason: string }[];
  /** Positions of the texts of which only the beginning was embedded, because the model reads no more. */
  truncated?: number[];
}

/** A model that is loaded in this thread and turns items into vectors. A vector depends on its item alone. */
export interface Embedder {
  readonly dims: number;
  /** Name of the tensor (or of the rule) that gives the embedding. */
  readonly tensor: string;
  /** Items that are best given at once. */
  readonly batchSize: number;
  /** One bad item never fails the batch. @throws LensError "model" when the model itself cannot run */
  embed(items: readonly Item[]): Promise<EmbeddedBatch>;
  dispose(): Promise<void>;
}
