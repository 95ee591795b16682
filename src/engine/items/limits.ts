import { counted } from "./paths";

/** The most characters of a line, a paragraph or a cell that become an item; the rest is cut off with a word. */
export const LINE_LIMIT = 100_000;
/** The most characters that are read of a file that is one item. */
export const FILE_LIMIT = 1_000_000;
/** The largest JSON array that is read: it has to be parsed whole. */
export const JSON_LIMIT_BYTES = 200_000_000;
/** The most left-out items that are listed one by one; those beyond are counted. */
export const SKIPPED_LIMIT = 1_000;
/** Says how many are counted alone. */
export const unlistedWarning = (count: number): string =>
  `${counted(count, "more item")} left out beyond those that are listed.`;
/** The most characters of one record of a table; a longer one is cut off with a word. */
export const RECORD_LIMIT = 16_000_000;
/** The records at the start of a table that its columns are guessed from. */
export const HEAD_RECORDS = 500;
export { TABLE_SAMPLE } from "../../protocol/constants";
/** Characters of a cell that a preview shows. */
export const CELL_LIMIT = 200;
