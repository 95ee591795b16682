/** What the values of a column are, as far as the first rows tell. */
export type ColumnKind = "text" | "number" | "boolean" | "date" | "vector" | "list" | "other";

/** The start of a table and the part its columns play: what a person chooses columns by. */
export interface TablePreview {
  /** The file that was looked at: the first of the source, as in the recipe. */
  path: string;
  columns: { name: string; kind: ColumnKind }[];
  /** Whether the first row names the columns. */
  header: boolean;
  /** Whether the format leaves that open, so that a person may have to say it. */
  headerOpen: boolean;
  /** The columns (from 0) that a run uses: those of the recipe, else guessed; null for none. */
  used: UsedRoles;
  /** What a run of this recipe shows: texts or pictures that a model embeds, or what the file has ready. */
  items: "text" | "image" | "vector";
  /** The tables of a file that holds several, when the recipe names none (`source.part`): there are no columns then. */
  parts?: string[];
  /** The tables of such a file and the one that is shown. */
  tables?: { names: readonly string[]; chosen: string };
  /** Why a run of this recipe fails, in a sentence: a column that is not there, no text; `used` is then the guess. */
  problem: string | null;
  /** The first rows: a text for each column, cut to 200 characters. */
  rows: string[][];
}

/** Columns (from 0) by the part they play; null for none. */
export interface UsedRoles {
  text: number | null;
  label: number | null;
  /** Path or URL of a picture. */
  image: number | null;
  id: number | null;
  /** Ready vectors (number columns that make up a vector are shown as one). */
  vector: number | null;
  /** Ready coordinates of a map: two or three columns; empty for none. */
  map: number[];
}

/** The names of the columns that a run has used; of the first file when the source has several. */
export interface UsedColumns {
  /** Null where ready vectors have no text. */
  text: string | null;
  label: string | null;
  /** Of pictures; absent when there is none. */
  image?: string;
}

/** The roles of a table in which nothing has been found. */
export const NO_ROLES: UsedRoles = { text: null, label: null, image: null, id: null, vector: null, map: [] };
