import type { MetaColumn, Skipped } from "../../../protocol/result";
import { gatherShared } from "../../analyze/gather";
import { largestAt } from "../../linear/largest";
import { dotAt } from "../../linear/vectors";
import { asMatrix, axisNames } from "../../tables/choose";
import { cellText, type Block, type ColumnData, type ReadContext, type VectorData } from "../../tables/table";
import type { Item, Matrix } from "../../types";
import { LINE_LIMIT } from "../limits";
import { Oddities } from "../oddities";
import { metaColumn, otherColumns } from "./meta";
import type { OpenRows } from "./open";

/** Some rows of one file as items. */
export interface ReadRows {
  items: Item[];
  vectors: Matrix | null;
  /** Items whose vector is too short to be compared, ascending. */
  short: number[];
  map: Matrix | null;
  axes: string[];
  meta: MetaColumn[];
  skipped: Skipped[];
  /** What was noticed, as sentences. */
  odd: string[];
}

/**
 * Makes items of some rows. Rows without a text (where there is nothing else to show), with a vector that cannot be used, or that
 * cannot be read are left out by name.
 * @param rows from 0, ascending
 * @param pictureOf where the picture is that a cell names, or why it is left out
 */
export async function readRows(
  { file, dataset, columns, items: kind }: OpenRows,
  rows: Int32Array,
  pictureOf: (cell: string) => Picture,
  ctx: ReadContext,
): Promise<ReadRows> {
  const { path } = file;
  const others = otherColumns(dataset, columns);
  const { text, label, id, image, vector, map } = columns;
  const needed = [
    text,
    label,
    id,
    image,
    vector,
    ...(map ?? []),
    ...others.flatMap((o) => (o.read ? o.column.name : [])),
  ];
  const names = [...new Set(needed.filter((name) => name !== null))];
  const block = await dataset.table.read(names, rows, ctx);
  const data = (name: string): ColumnData => block.columns[names.indexOf(name)]!;
  const cell = (name: string | null, at: number): string | null =>
    name === null ? null : cellText(data(name), at)?.trim() || null;

  const vectors = vector === null ? null : (data(vector) as VectorData);
  const places = map && asMatrix(map.map(data), rows.length);
  const { reasons, tooShort } = reasonsOf(block, vectors, places);
  const oddities = new Oddities(path);
  const odd = new Map((block.odd ?? []).map(({ at, what }) => [at, what]));
  const items: Item[] = [];
  const kept: number[] = [];
  for (let at = 0; at < rows.length; at++) {
    if (reasons.has(at)) continue;
    const own = cell(text, at);
    if (own === null && kind === "text") {
      reasons.set(at, odd.has(at) ? `it has no text, and ${odd.get(at)!}` : "it has no text");
      continue;
    }
    const picture = pictureAt(cell(image, at), kind, pictureOf);
    if ("reason" in picture) {
      reasons.set(at, picture.reason);
      continue;
    }
    const row = rows[at]! + 1;
    if (odd.has(at)) oddities.note("row", row, odd.get(at)!);
    if (own?.includes("\uFFFD")) oddities.note("row", row, Oddities.damaged);
    if (own !== null && own.length > LINE_LIMIT) oddities.note("row", row, Oddities.cut);
    const name = cell(id, at);
    kept.push(at);
    items.push({
      label: cell(label, at),
      path,
      row,
      ...(block.lines && { line: block.lines[at]! }),
      ...(block.offsets && { offset: block.offsets[at]! }),
      ...(name !== null && { id: name }),
      ...(own !== null && { text: own.slice(0, LINE_LIMIT) }),
      ...picture,
    });
  }
  return {
    items,
    vectors: vectors && rowsOfMatrix(vectors, kept),
    short: kept.flatMap((at, row) => (tooShort.has(at) ? [row] : [])),
    map: places && rowsOfMatrix(places, kept),
    axes: map && places ? axisNames(map, places) : [],
    meta: others.map(({ column: { name }, read }) => metaColumn(name, read ? data(name) : null, kept)),
    skipped: [...reasons].sort(([a], [b]) => a - b).map(([at, reason]) => ({ path, place: rows[at]! + 1, reason })),
    odd: oddities.sentences(),
  };
}

/** Where a picture is: a file of this machine, an address, or nowhere with the reason. */
export type Picture = { file: string } | { url: string } | { reason: string };

/** Only items that are pictures need one. */
function pictureAt(
  cell: string | null,
  kind: OpenRows["items"],
  pictureOf: (cell: string) => Picture,
): Picture | Record<string, never> {
  if (cell === null) return kind === "image" ? { reason: "it names no picture" } : {};
  const picture = pictureOf(cell);
  if (kind === "image") return picture;
  return "file" in picture ? picture : {};
}

/** Why rows are left out, and whose vectors are too short to be compared, by their position. */
function reasonsOf(
  block: Block,
  vectors: VectorData | null,
  map: VectorData | null,
): { reasons: Map<number, string>; tooShort: Set<number> } {
  const reasons = new Map<number, string>();
  const tooShort = new Set<number>();
  for (const matrix of [map, vectors]) {
    if (!matrix) continue;
    for (const { at, reason } of matrix.bad) reasons.set(at, reason);
    const { dims, values } = matrix;
    for (let at = 0; at * dims < values.length; at++) {
      if (reasons.has(at)) continue;
      // Of most vectors the largest value tells enough.
      const largest = largestAt(values, at * dims, dims);
      if (largest >= SHORTEST && largest * Math.sqrt(dims) <= LONGEST) continue;
      const length = Math.sqrt(dotAt(values, at * dims, values, at * dims, dims));
      if (length > LONGEST) reasons.set(at, TOO_LONG);
      else if (length < SHORTEST && matrix === vectors) tooShort.add(at);
    }
  }
  for (const { at, reason } of block.broken) reasons.set(at, reason);
  return { reasons, tooShort };
}

/** Lengths of vectors that are compared: sums of thousands of their squares are numbers of float32, and not lost below its least. */
const [SHORTEST, LONGEST] = [1e-17, 1e17];
const TOO_LONG = "its vector is too long to be compared (more than 1e17): scale the values";

const rowsOfMatrix = ({ dims, values }: VectorData, kept: readonly number[]): Matrix =>
  gatherShared({ rows: values.length / dims, cols: dims, data: values }, Int32Array.from(kept));
