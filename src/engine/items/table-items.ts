import { LensError } from "../../protocol/errors";
import type { Skipped } from "../../protocol/result";
import type { Source } from "../../protocol/recipe";
import { createRandom, sampleIndices } from "../random";
import { openDataset, type Dataset } from "../tables/dataset";
import { asMatrix, chooseTableColumns } from "../tables/choose";
import { cellText, type Block, type VectorData } from "../tables/table";
import type { Item, ItemSet, Matrix, StageContext } from "../types";
import { fingerprint, fingerprintOf } from "./fingerprint";
import { LINE_LIMIT, SKIPPED_LIMIT, TABLE_SAMPLE } from "./limits";
import { counted } from "./paths";
import { named, type LoadOptions } from "./texts";
import { findFiles, type FoundFile } from "./walk";

/**
 * Items of a table of any format with ready vectors, ready coordinates or texts: one for each row of a seeded sample (of 20,000
 * rows, when the source names no other). Ready vectors are used as they are; rows whose vector cannot be used are left out by name.
 * @throws LensError "source" when nothing is readable; "recipe" when a column is not there
 */
export async function loadTableItems(source: Source, options: LoadOptions, ctx: StageContext): Promise<ItemSet> {
  const { base, documents } = options;
  const { files, skipped } = await findFiles(source.paths, base, () => false, { documents, signal: ctx.signal });
  const [file, second] = files;
  if (!file) throw new LensError("source", `${source.paths[0]}: ${skipped[0]?.reason ?? "it is a folder"}.`);
  if (second)
    throw new LensError("source", `Choose one file of vectors at a time: ${named(source.paths)} are several.`);
  const dataset = await openDataset(
    file.file,
    { path: file.path, header: source.header, part: source.part, text: file.text },
    ctx,
  );
  try {
    const set = await itemsOf(dataset, file, source, options.seed, ctx);
    const print = fingerprintOf(files);
    if ((await fingerprint(source, base, documents)) !== print) set.warnings.push("A file changed while it was read.");
    return { ...set, skipped: [...skipped, ...set.skipped], fingerprint: print };
  } finally {
    await dataset.table.close();
  }
}

/** Whether the first file of a source has ready vectors or coordinates, or is in a format that only this room reads. */
export async function hasReadyVectors(
  source: Source,
  { base, documents }: LoadOptions,
  ctx: StageContext,
): Promise<boolean> {
  if (source.columns?.text !== undefined && source.columns.vector === undefined) return false;
  if (source.ranges !== undefined || source.paths.length > 1) return false;
  const { files } = await findFiles(source.paths, base, () => false, { documents, signal: ctx.signal });
  const [file] = files;
  if (!file) return false;
  try {
    const { table, roles } = await openDataset(
      file.file,
      { path: file.path, header: source.header, part: source.part, text: file.text },
      ctx,
    );
    await table.close();
    return roles.vector !== null || roles.coordinates !== null || source.columns?.vector !== undefined;
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (error instanceof LensError) return false;
    throw error;
  }
}

async function itemsOf(
  dataset: Dataset,
  file: FoundFile,
  source: Source,
  seed: number,
  ctx: StageContext,
): Promise<ItemSet> {
  const { table } = dataset;
  const columns = chooseTableColumns(dataset, source.columns, file.path);
  const total = await table.count(ctx);
  const rows = sampleIndices(total, Math.min(total, source.sample ?? TABLE_SAMPLE), createRandom(seed));
  const wanted = [
    ...new Set(
      Object.values(columns)
        .flat()
        .filter((name) => name !== null),
    ),
  ];
  const block = await table.read(wanted, rows, ctx);
  const data = (name: string | null) => (name === null ? null : block.columns[wanted.indexOf(name)]!);
  const vectors = data(columns.vector);
  const map = columns.coordinates
    ? asMatrix(
        columns.coordinates.map((name) => data(name)!),
        rows.length,
      )
    : null;
  const ready = vectors?.type === "vector" ? vectors : map;
  const reasons = reasonsOf(block, ready);
  const kept = Array.from(rows.keys()).filter(
    (at) => !reasons.has(at) && (ready !== null || cellText(data(columns.text)!, at) !== null),
  );
  if (kept.length === 0) throw new LensError("source", nothingReadable(file.path, reasons));
  const text = (name: string | null, at: number): string | null =>
    name === null ? null : cellText(data(name)!, at)?.trim() || null;
  const items = kept.map((at): Item => {
    const own = text(columns.text, at);
    const id = text(columns.id, at);
    return {
      label: text(columns.label, at),
      path: file.path,
      row: rows[at]! + 1,
      ...(block.lines && { line: block.lines[at]! }),
      ...(id !== null && { id }),
      ...(own !== null && { text: own.slice(0, LINE_LIMIT) }),
    };
  });
  const blank = rows.length - kept.length - reasons.size;
  return {
    kind: ready ? "vector" : "text",
    items,
    total,
    ...(ready && { vectors: rowsOfMatrix(ready, kept) }),
    ...(map && { map: rowsOfMatrix(map, kept) }),
    ...(columns.text !== null && { columns: { text: columns.text, label: columns.label } }),
    skipped: leftOut(reasons, rows, file.path),
    warnings: warningsOf(dataset, reasons, blank),
    fingerprint: "",
  };
}

/** Why rows are left out, by their position. */
function reasonsOf(block: Block, ready: VectorData | null): Map<number, string> {
  const reasons = new Map<number, string>();
  if (ready) {
    for (const { at, reason } of ready.bad) reasons.set(at, reason);
    const { dims, values } = ready;
    for (let at = 0; at * dims < values.length; at++) {
      if (!reasons.has(at) && dims > 3 && values.subarray(at * dims, (at + 1) * dims).every((value) => value === 0)) {
        reasons.set(at, "its vector is zero");
      }
    }
  }
  for (const { at, reason } of block.broken) reasons.set(at, reason);
  return reasons;
}

function rowsOfMatrix({ dims, values }: VectorData, kept: readonly number[]): Matrix {
  const data = new Float32Array(kept.length * dims);
  kept.forEach((at, row) => data.set(values.subarray(at * dims, (at + 1) * dims), row * dims));
  return { rows: kept.length, cols: dims, data };
}

const leftOut = (reasons: ReadonlyMap<number, string>, rows: Int32Array, path: string): Skipped[] =>
  [...reasons]
    .sort(([a], [b]) => a - b)
    .slice(0, SKIPPED_LIMIT)
    .map(([at, reason]) => ({ path, place: rows[at]! + 1, reason }));

function warningsOf({ table, companions }: Dataset, reasons: ReadonlyMap<number, string>, blank: number): string[] {
  const warnings = [...table.notes];
  const beyond = reasons.size - SKIPPED_LIMIT;
  if (beyond > 0) warnings.push(`${counted(beyond, "more item")} left out beyond those that are listed.`);
  if (blank > 0) warnings.push(`${counted(blank, "row")} without a text left out.`);
  for (const { file, by } of companions) {
    const how = by ? `by ${by[0] === by[1] ? by[0] : `${by[0]} = ${by[1]}`}` : "row by row";
    warnings.push(`The columns of ${file.split(/[\\/]/).at(-1)!} were joined ${how}.`);
  }
  return warnings;
}

function nothingReadable(path: string, reasons: ReadonlyMap<number, string>): string {
  const [first] = reasons;
  return first
    ? `No row of ${path} can be shown; of the first that cannot: ${first[1]}.`
    : `No row of ${path} has a text.`;
}
