import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LensError } from "../../protocol/errors";
import { baseName, extensionOf } from "../items/paths";
import { firstRows } from "./columns";
import { JoinedTable, type RowMatch } from "./join";
import type { openTable as OpenTable } from "./open";
import { cellText, type Column, type ReadContext, type Table } from "./table";
import { tensorInfo } from "./text-vectors/tensor-bytes";

/** Files that are looked into, by the end of their names. */
export const COMPANION_EXTENSIONS = new Set([".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".txt", ".parquet"]);
/** What people call the file of texts beside a file of vectors. */
const USUAL_NAMES =
  /^(meta(data)?|labels?|ids?|texts?|names|catalog(ue)?|chunks?|documents?|docs|corpus|sentences|items|records|data|words|vocab|titles|passages)$/i;
const SUFFIX = /[._-]?(tensors?|vectors?|embeddings?|embeds?|emb|vecs?|features?)$/i;
const ID_COLUMN = /^(_?id|.*[_ -]id|key|uuid|name|index|value|word)$/i;
const MOST_FILES = 12;
const MOST_BYTES = 2_000_000_000;
const KEYS_LOOKED_AT = 200;
const ENOUGH_KEYS = 0.9;

export interface Companion {
  file: string;
  /** The columns whose values are equal; null when rows belong together by their place. */
  by: [string, string] | null;
}

export interface WithCompanions {
  table: Table;
  companions: Companion[];
}

/**
 * Puts the columns of the files beside a file of vectors to it: those with as many rows, row by row, and those that hold its ids in
 * a column. A list of ids is looked up in the other files. Files are only looked for in the same folder.
 * @param file absolute path of the vectors
 * @param open how a file is opened: `openTable`
 */
export async function withCompanions(
  table: Table,
  file: string,
  open: typeof OpenTable,
  ctx: ReadContext = {},
): Promise<WithCompanions> {
  const companions: Companion[] = [];
  let joined = table;
  for (const candidate of await candidatesOf(file)) {
    ctx.signal?.throwIfAborted();
    const other = await open(candidate).catch(() => null);
    if (!other) continue;
    const found = await matchOf(joined, other, ctx).catch((error: unknown) => {
      if (ctx.signal?.aborted) throw error;
      return null;
    });
    if (!found) {
      await other.close();
      continue;
    }
    companions.push({ file: candidate, by: found.by });
    joined = new JoinedTable(joined, other, found.match, found.by ? [found.by[1]] : []);
  }
  return { table: joined, companions };
}

/**
 * Puts the columns of a table that a person named to a file of vectors.
 * @param path of the vectors, for messages
 * @param texts absolute path of the table
 * @throws LensError "source" when it is unreadable, or has neither as many rows nor a column with the ids
 */
export async function withTexts(
  table: Table,
  path: string,
  texts: string,
  open: typeof OpenTable,
  ctx: ReadContext = {},
): Promise<WithCompanions> {
  const other = await open(texts, { path: baseName(texts) });
  try {
    const found = await matchOf(table, other, ctx);
    if (found) {
      const joined = new JoinedTable(table, other, found.match, found.by ? [found.by[1]] : []);
      return { table: joined, companions: [{ file: texts, by: found.by }] };
    }
    const [rows, others] = [await table.count(ctx), await other.count(ctx)];
    throw new LensError(
      "source",
      `${baseName(texts)} has ${others.toLocaleString("en-US")} rows and ${path} ${rows.toLocaleString("en-US")} vectors, and no column of ids joins them. Choose the table with a row for each vector.`,
    );
  } catch (error) {
    await other.close();
    throw error;
  }
}

/** Files beside it that may hold its texts, likeliest first. */
async function candidatesOf(file: string): Promise<string[]> {
  const folder = dirname(file);
  const own = baseName(file);
  const stem = own.slice(0, own.length - extensionOf(own).length);
  const bare = stem.replace(SUFFIX, "");
  const config = extensionOf(own) === ".bytes" ? await tensorInfo(file) : null;
  const rank = (name: string): number => {
    const other = name.slice(0, name.length - extensionOf(name).length);
    if (name === config?.metadata) return 0;
    if (config?.metadata) return -1;
    const after = other.startsWith(stem) ? other.slice(stem.length) : null;
    if (after !== null) return /ids?$/i.test(after) ? 1 : 2;
    if (bare !== "" && other.startsWith(bare) && !SUFFIX.test(other)) return 3;
    if (USUAL_NAMES.test(other)) return /ids?$/i.test(other) ? 1 : 4;
    return -1;
  };
  const names = (await readdir(folder)).filter((name) => name !== own && COMPANION_EXTENSIONS.has(extensionOf(name)));
  const ranked = names.map((name) => ({ name, order: rank(name) })).filter(({ order }) => order >= 0);
  ranked.sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  for (const { name } of ranked.slice(0, MOST_FILES)) {
    const info = await stat(join(folder, name)).catch(() => null);
    if (info?.isFile() && info.size > 0 && info.size <= MOST_BYTES) files.push(join(folder, name));
  }
  return files;
}

async function matchOf(
  table: Table,
  other: Table,
  ctx: ReadContext,
): Promise<{ match: RowMatch; by: [string, string] | null } | null> {
  if (other.columns.some(({ type }) => type === "vector") && table.columns.some(({ type }) => type === "vector")) {
    if (!other.columns.some(({ type }) => type === "text")) return null;
  }
  const rows = await table.count(ctx);
  const otherRows = await other.count(ctx);
  for (const [mine, theirs] of keyPairs(table.columns, other.columns)) {
    const match = await keyMatch(table, mine, rows, other, theirs, otherRows, ctx);
    if (match) return { match, by: [mine, theirs] };
  }
  return rows === otherRows ? { match: { kind: "order" }, by: null } : null;
}

/** Pairs of columns that may hold the same ids: those of one name first. */
function keyPairs(mine: readonly Column[], theirs: readonly Column[]): [string, string][] {
  const isKey = ({ name, type }: Column): boolean => (type === "text" || type === "number") && ID_COLUMN.test(name);
  const pairs = mine.filter(isKey).flatMap((a) => theirs.filter(isKey).map((b): [Column, Column] => [a, b]));
  const likely = ([a, b]: [Column, Column]): number => (a.name === b.name ? 0 : /id$/i.test(b.name) ? 1 : 2);
  return pairs.sort((a, b) => likely(a) - likely(b)).map(([a, b]) => [a.name, b.name]);
}

async function keyMatch(
  table: Table,
  mine: string,
  rows: number,
  other: Table,
  theirs: string,
  otherRows: number,
  ctx: ReadContext,
): Promise<RowMatch | null> {
  const look = await texts(table, mine, Math.min(KEYS_LOOKED_AT, rows), ctx);
  if (new Set(look).size < look.length) return null;
  const keys = await texts(other, theirs, otherRows, ctx);
  const places = new Map<string, number>();
  keys.forEach((key, row) => {
    if (key !== null && !places.has(key)) places.set(key, row);
  });
  const found = (all: readonly (string | null)[]): number =>
    all.filter((key) => key !== null && places.has(key)).length;
  if (places.size < keys.length * ENOUGH_KEYS || found(look) < look.length * ENOUGH_KEYS) return null;
  const all = look.length === rows ? look : await texts(table, mine, rows, ctx);
  return { kind: "key", rows: Int32Array.from(all, (key) => (key === null ? -1 : (places.get(key) ?? -1))) };
}

async function texts(table: Table, column: string, rows: number, ctx: ReadContext): Promise<(string | null)[]> {
  const { columns } = await table.read([column], firstRows(rows), ctx);
  return Array.from({ length: rows }, (_, i) => cellText(columns[0]!, i));
}
