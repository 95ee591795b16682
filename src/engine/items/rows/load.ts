import { isCancelled, LensError } from "../../../protocol/errors";
import type { Source } from "../../../protocol/recipe";
import type { Skipped } from "../../../protocol/result";
import { ascending, createRandom, sampleIndices } from "../../random";
import { cellText, type Table } from "../../tables/table";
import type { ItemSet, StageContext } from "../../types";
import { fingerprint } from "../fingerprint";
import { SKIPPED_LIMIT, TABLE_SAMPLE, unlistedWarning } from "../limits";
import { mergeRanges } from "../ranges";
import { isOnly, named, reasonOf, type LoadOptions } from "../texts";
import { findFiles, type FoundFile } from "../walk";
import { merged } from "./merge";
import { decide, openRows, pictureRoot, type OpenRows } from "./open";
import { pictureFinder } from "./pictures";
import { readRows, type ReadRows } from "./read";
import { stratifiedSample } from "./stratify";

/** Rows that are read at once where all are looked at. */
const CHUNK = 100_000;

/**
 * The rows of tables of any format as items: with ready vectors or coordinates as they are, with pictures that a column names, or with
 * texts. A seeded sample of 20,000 when the recipe names no number. What cannot be used is left out by name.
 * @throws LensError "source" when nothing is readable; "recipe" when a column is not there
 */
export async function loadRows(source: Source, options: LoadOptions, ctx: StageContext): Promise<ItemSet> {
  const { base, documents, seed } = options;
  const found = await findFiles(source.paths, base, () => false, { documents, signal: ctx.signal });
  if (found.files.length === 0 && found.skipped.length === 0) {
    throw new LensError("source", `${named(source.paths)} is a folder: choose the table in it.`);
  }
  const print = await fingerprint(source, base, documents);
  const skipped: Skipped[] = [...found.skipped];
  const opened: OpenRows[] = [];
  try {
    for (const file of found.files) {
      try {
        opened.push(await openOne(file, source, base, ctx));
      } catch (error) {
        if (isCancelled(error) || !(error instanceof LensError) || isOnly(found)) throw error;
        skipped.push({ path: file.path, reason: reasonOf(error, file.path) });
      }
    }
    const same = sameKind(opened, skipped);
    const available: Int32Array[] = [];
    for (const one of same) available.push(await candidates(one, source, ctx));
    const total = available.reduce((sum, rows) => sum + rows.length, 0);
    const chosen = await sample(same, available, total, source, seed, ctx);
    const parts: ReadRows[] = [];
    for (const [i, one] of same.entries()) {
      const pictureOf = pictureFinder(pictureRoot(source, one.file.file, base));
      parts.push(await readRows(one, chosen[i]!, pictureOf, ctx));
    }
    const set = merged(same, parts);
    const changed = (await fingerprint(source, base, documents)) !== print;
    const all = [...skipped, ...parts.flatMap((part) => part.skipped)];
    if (set.items.length === 0) throw new LensError("source", nothing(source, same, all));
    const unlisted = all.length - SKIPPED_LIMIT;
    return {
      ...set,
      total,
      skipped: all.slice(0, SKIPPED_LIMIT),
      warnings: [
        ...same.flatMap(({ dataset }) => dataset.table.notes),
        ...parts.flatMap(({ odd }) => odd),
        ...(unlisted > 0 ? [unlistedWarning(unlisted)] : []),
        ...(changed ? ["A file changed while it was read."] : []),
      ],
      notes: same.flatMap(joinedWith),
      fingerprint: print,
    };
  } finally {
    await Promise.all(opened.map(({ dataset }) => dataset.table.close()));
  }
}

async function openOne(file: FoundFile, source: Source, base: string, ctx: StageContext): Promise<OpenRows> {
  const dataset = await openRows(file, source, base, ctx);
  try {
    return { file, dataset, ...(await decide(dataset, source, file.path, pictureRoot(source, file.file, base))) };
  } catch (error) {
    await dataset.table.close();
    throw error;
  }
}

/** The files that show what the first one shows; the others are left out by name. */
function sameKind(opened: readonly OpenRows[], skipped: Skipped[]): OpenRows[] {
  const [first] = opened;
  return opened.filter((one) => {
    if (!first) return false;
    const [wanted, has] = [dimsOf(first), dimsOf(one)];
    const same = one.items === first.items && wanted === has;
    if (!same) {
      const reason =
        one.items === "vector" && first.items === "vector"
          ? `its vectors have ${has} values, those of ${first.file.path} ${wanted}`
          : `it holds ${NOUNS[one.items]}, ${first.file.path} ${NOUNS[first.items]}: choose its columns, or open it by itself`;
      skipped.push({ path: one.file.path, reason });
    }
    return same;
  });
}

const NOUNS = { text: "texts", image: "pictures", vector: "ready vectors" };

/** Values of a ready vector, else of ready coordinates. */
function dimsOf({ dataset: { table }, columns: { vector, map } }: OpenRows): number {
  const dims = (name: string): number => table.columns.find((column) => column.name === name)?.dims ?? 0;
  return vector !== null ? dims(vector) : map ? Math.max(map.length, dims(map[0]!)) : 0;
}

/** The rows that a source means: all, or those that start on the lines of its ranges. */
async function candidates(
  { dataset: { table }, file }: OpenRows,
  source: Source,
  ctx: StageContext,
): Promise<Int32Array> {
  const count = await table.count(ctx);
  const ranges = source.ranges && file.path === source.paths[0] ? mergeRanges(source.ranges) : null;
  if (!ranges || !table.hasLines) return ascending(count);
  const within: number[] = [];
  for await (const { rows, block } of chunks(table, [], count, ctx)) {
    block.lines?.forEach((line, i) => {
      if (ranges.some(([from, to]) => line >= from && line <= to)) within.push(rows[i]!);
    });
  }
  return Int32Array.from(within);
}

async function* chunks(table: Table, columns: readonly string[], count: number, ctx: StageContext) {
  for (let from = 0; from < count; from += CHUNK) {
    ctx.signal.throwIfAborted();
    const rows = Int32Array.from({ length: Math.min(CHUNK, count - from) }, (_, i) => from + i);
    yield { rows, block: await table.read(columns, rows, { signal: ctx.signal }) };
    ctx.report(from + rows.length, count);
  }
}

/** A seeded sample of the rows of all files, in their order. */
async function sample(
  opened: readonly OpenRows[],
  available: readonly Int32Array[],
  total: number,
  source: Source,
  seed: number,
  ctx: StageContext,
): Promise<Int32Array[]> {
  const size = Math.min(total, source.sample ?? TABLE_SAMPLE);
  const drawn =
    source.stratify && size < total
      ? await byLabel(opened, available, total, size, seed, ctx)
      : sampleIndices(total, size, createRandom(seed));
  let before = 0;
  let at = 0;
  return available.map((rows) => {
    const from = at;
    while (at < drawn.length && drawn[at]! < before + rows.length) at++;
    const chosen = drawn.slice(from, at).map((i) => rows[i - before]!);
    before += rows.length;
    return chosen;
  });
}

async function byLabel(
  opened: readonly OpenRows[],
  available: readonly Int32Array[],
  total: number,
  size: number,
  seed: number,
  ctx: StageContext,
): Promise<Int32Array> {
  const labels = new Map<string, number>();
  const code = new Int32Array(total);
  let at = 0;
  for (const [i, { dataset, columns }] of opened.entries()) {
    const rows = available[i]!;
    for (let from = 0; from < rows.length; from += CHUNK) {
      ctx.signal.throwIfAborted();
      const some = rows.slice(from, from + CHUNK);
      const { label } = columns;
      const data =
        label === null ? null : (await dataset.table.read([label], some, { signal: ctx.signal })).columns[0]!;
      for (let row = 0; row < some.length; row++) {
        const name = (data && cellText(data, row)?.trim()) ?? "";
        const known = labels.get(name) ?? labels.size;
        if (known === labels.size) labels.set(name, known);
        code[at++] = known;
      }
      ctx.report(at, total);
    }
  }
  return stratifiedSample(code, labels.size, size, seed);
}

const joinedWith = ({ dataset: { companions } }: OpenRows): string[] =>
  companions.map(({ file, by }) => {
    const how = by ? `by ${by[0] === by[1] ? by[0] : `${by[0]} = ${by[1]}`}` : "row by row";
    return `The columns of ${file.split(/[\\/]/).at(-1)!} were joined ${how}.`;
  });

/** Why there is no item at all. */
function nothing(source: Source, opened: readonly OpenRows[], skipped: readonly Skipped[]): string {
  const where = named(source.paths);
  const [first, ...others] = skipped;
  const wanted = opened[0]?.items === "text" ? "No row with a text was found" : "No row can be shown";
  if (!first) return `${wanted} in ${where}.`;
  const more = others.length > 0 ? ` (and ${others.length} more)` : "";
  if (first.place === undefined) return `${first.path}: ${first.reason}${more}.`;
  return `${wanted} in ${where}. The first, ${first.path} row ${first.place}: ${first.reason}${more}.`;
}
