/** A row-major matrix of `rows` × `cols` float32 values. May live in shared memory inside the engine. */
export interface Matrix {
  rows: number;
  cols: number;
  data: Float32Array;
}

/** One thing to embed. */
export interface Item {
  /** An id of the data, when it has one. */
  id?: string;
  label: string | null;
  /** As in the recipe: relative to its folder, forward slashes. */
  path: string;
  /** Line of the file from 1 at which the item starts; absent for whole files. */
  line?: number;
  /** Row of a table from 1, header not counted; absent for other sources. */
  row?: number;
  /** The byte at which the row starts, of tables that are read record by record. */
  offset?: number;
  /** The text to embed, or to show beside a ready vector. */
  text?: string;
  /** Absolute path of the picture to embed, or to show beside a ready vector. */
  file?: string;
  /** The web address of the picture, until it is loaded: then it has a `file`. */
  url?: string;
}

export interface ItemSet {
  kind: "text" | "image" | "vector";
  items: Item[];
  /** Items in the source before a sample was drawn. */
  total: number;
  /** (items) × dims, in the order of the items: ready vectors. The kind "vector" has these, a `map`, or both. */
  vectors?: Matrix;
  /** Items (ascending) whose ready vector is too short to be compared, of zeros for example; absent: none. */
  short?: readonly number[];
  /** (items) × 2 or 3: ready coordinates of a map. */
  map?: Matrix;
  /** What the axes of the map are called. */
  axes?: string[];
  /** The other columns of a table, a cell for each item. */
  meta?: import("../protocol/result").MetaColumn[];
  /** Of a table: which of its columns the items are made of. */
  columns?: import("../protocol/table").UsedColumns;
  skipped: import("../protocol/result").Skipped[];
  warnings: string[];
  /** What was done and is no fault; absent: nothing to say. */
  notes?: string[];
  fingerprint: string;
}

/** Reports how far a stage is; called often, so it must be cheap. */
export type Report = (done: number, total: number) => void;

/** What a stage is given besides its input. */
export interface StageContext {
  report: Report;
  /** Aborted when the user cancels; long loops call `signal.throwIfAborted()`. Threads are also ended from outside. */
  signal: AbortSignal;
  /** Present when somebody wants to see a long layout form; `columns` is only called when it is time to show. */
  show?: (done: number, total: number, columns: () => LayoutColumns) => void;
  /** Whether a layout shall end now and keep what there is. */
  enough?: () => boolean;
}

/** Coordinates by axis; each owns its buffer. */
export interface LayoutColumns {
  x: Float32Array;
  y: Float32Array;
  z?: Float32Array;
}

/** Exact or approximate nearest neighbours of each of `count` items, without the item itself, best first. */
export interface NeighborGraph {
  count: number;
  k: number;
  /** (count × k) row-major indices. */
  index: Int32Array;
  /** (count × k) distances: 1 − cosine, euclidean, or −dot. */
  distance: Float32Array;
  /** Share of the true neighbours that were found, measured on a sample; absent: exact. */
  recall?: number;
}
