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
  used: { text: number | null; label: number | null };
  /** Why a run of this recipe fails, in a sentence: a column that is not there, no text; `used` is then the guess. */
  problem: string | null;
  /** The first rows: a text for each column, cut to 200 characters. */
  rows: string[][];
}

/** The names of the columns that a run has used; of the first file when the source has several. */
export interface UsedColumns {
  text: string;
  label: string | null;
}
