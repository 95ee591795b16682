import { readFile } from "node:fs/promises";
import path from "node:path";
import { heatmapOrder, reorder } from "../charts/order";
import type { Turn } from "../charts/turn";
import type { Engine } from "../engine/client";
import {
  binaryTable,
  comparisonCsv,
  coordinates,
  csvText,
  exportRecipe,
  jsonLines,
  jsonText,
  lacksColumns,
  npyPieces,
  npySimilarity,
  projectorFiles,
  resultTable,
  selectItems,
  selectRows,
  withColumns,
  type Content,
  type ExportTable,
} from "../export";
import type { PanelComparison } from "../protocol/compare";
import { HEATMAP_LIMIT, MATRIX_JSON_LIMIT } from "../protocol/constants";
import type { Job, Vectors } from "../protocol/engine";
import { LensError } from "../protocol/errors";
import type { ExportFormat, MatrixOrder, View } from "../protocol/panel";
import type { RunResult, SimilarityMatrix } from "../protocol/result";
import { hasMatrix, metadataName } from "./save-names";
import { savedPage, type PageContent } from "./saved-page";
import { titleOf } from "./sources";

/** What is shown, and what the page has drawn of it. */
export interface Shown {
  job: Job;
  result: RunResult;
  view: View;
  /** The drawn chart: bytes of a PNG, text of an SVG. */
  drawn: Uint8Array | string | null;
  /** Of a heatmap. */
  order: MatrixOrder;
  /** What a second model sees in the same items. */
  comparison?: PanelComparison | null;
  /** The id of the field that the colours of a map stand for; absent: as nobody had chosen. */
  colorBy?: string | undefined;
  /** Of a map of three dimensions; absent: as it is seen at first. */
  turn?: Turn | undefined;
  /** Only these items of the result; absent: all. */
  selection?: Int32Array;
  /** (count) 0 for the items that a filter leaves out: they are no rows of a heatmap. Absent: none. */
  kept?: Uint8Array | undefined;
}

/** One of the files that are written. */
export interface SavedFile {
  file: string;
  content: Content;
}

/** Pixels of a page's pictures: a few kilobytes each. */
const THUMBNAIL_SIZE = 112;
/** The largest matrix that is written as npy here: 10,000² float32 are 400 MB. */
const MATRIX_NPY_LIMIT = 10_000;

/**
 * The content of the file that a person named, and of the one beside it for formats of two files.
 * @throws LensError
 */
export async function savedFiles(
  engine: Engine,
  shown: Shown,
  format: Exclude<ExportFormat, "copy">,
  file: string,
  signal: AbortSignal,
): Promise<SavedFile[]> {
  if (format !== "tsv") return [{ file, content: await contentOf(engine, shown, format, file, signal) }];
  const { tensors, metadata } = projectorFiles(await tableOf(engine, shown, signal));
  return [
    { file, content: tensors },
    { file: metadataName(file), content: metadata },
  ];
}

async function contentOf(
  engine: Engine,
  shown: Shown,
  format: Exclude<ExportFormat, "tsv" | "copy">,
  file: string,
  signal: AbortSignal,
): Promise<Content> {
  const { job, view, selection } = shown;
  const result = selection ? selectItems(shown.result, selection) : shown.result;
  const whole = (): Promise<RunResult> => withDataset(engine, shown, result, signal);
  switch (format) {
    case "png":
    case "svg":
      if (shown.drawn === null)
        throw new LensError("internal", "There is no chart to save yet. Wait until it is drawn.");
      return shown.drawn;
    case "csv":
      if (view === "compare" && shown.comparison) {
        const all = await withDataset(engine, shown, shown.result, signal);
        return comparisonCsv(all, shown.comparison, await allTexts(engine, job, all), selection);
      }
      return csvText(await whole(), await allTexts(engine, job, result));
    case "jsonl":
      return jsonLines(await tableOf(engine, shown, signal));
    case "parquet":
    case "arrow":
      return binaryTable(format, await tableOf(engine, shown, signal), path.join(__dirname, "tables.js"), signal);
    case "json": {
      const texts = await allTexts(engine, job, result);
      const matrix = hasMatrix(shown) ? await engine.matrix(job, MATRIX_JSON_LIMIT) : undefined;
      return jsonText(await whole(), { texts, ...(matrix ? { matrix } : {}) });
    }
    case "npy":
      return view === "similarity" ? await similarityOf(engine, shown) : npyPieces(coordinates(result));
    case "vectors":
      return npyPieces(await vectorsOf(engine, shown, signal));
    case "recipe":
      return exportRecipe(job.recipe, job.base, path.resolve(file));
    case "html":
      return savedPage({
        ...(await pageOf(engine, shown, signal)),
        chartScript: await readFile(path.join(__dirname, "chart.js"), "utf8"),
      });
  }
}

/** What a page shows: the heatmap with its rows, in place of what else is drawn for the panel alone the map. */
export async function pageOf(
  engine: Engine,
  shown: Shown,
  signal: AbortSignal,
): Promise<Omit<PageContent, "chartScript">> {
  const { job, view, selection, order, kept, colorBy, turn } = shown;
  const matrix = view === "similarity" ? await orderedMatrix(engine, shown) : null;
  // The rows of a matrix are places in the whole result.
  const result = selection && !matrix ? selectItems(shown.result, selection) : shown.result;
  return {
    title: titleOf(matrix ? view : "map", job.recipe, job.base),
    ...{ result, matrix, order, kept, colorBy, turn },
    texts: await allTexts(engine, job, result),
    thumbnail: (index) => thumbnail(engine, job, result, index, signal),
  };
}

/** The items with all there is about them: their texts, coordinates, clusters and vectors. */
async function tableOf(engine: Engine, shown: Shown, signal: AbortSignal): Promise<ExportTable> {
  const { job, selection } = shown;
  const result = selection ? selectItems(shown.result, selection) : shown.result;
  const [texts, vectors] = await Promise.all([allTexts(engine, job, result), vectorsOf(engine, shown, signal)]);
  return resultTable(await withDataset(engine, shown, result, signal), { texts, vectors });
}

/** With all that the dataset says of the items, also what a panel has no use for. @throws LensError "write" when it has changed */
async function withDataset(engine: Engine, { job }: Shown, result: RunResult, signal: AbortSignal): Promise<RunResult> {
  if (!lacksColumns(result)) return result;
  if ((await engine.fingerprint(job)) !== result.fingerprint) throw hasChanged();
  return withColumns(result, await engine.columns(job, result.items.source, { signal }));
}

const hasChanged = (): LensError =>
  new LensError("write", "The source has changed since this was made. Run again, then save.");

async function allTexts(engine: Engine, job: Job, { items, columns }: RunResult): Promise<string[] | null> {
  const has = items.kind === "text" || (items.kind === "vector" && Boolean(columns?.text));
  return has ? engine.texts(job, items.source, Number.MAX_SAFE_INTEGER) : null;
}

/** The rows of the heatmap's sample that are saved, in the order in which they are shown. */
async function orderedMatrix(engine: Engine, shown: Shown): Promise<SimilarityMatrix> {
  const { job, result, order } = shown;
  const matrix = await engine.matrix(job, HEATMAP_LIMIT);
  const leaves = order === "similarity" ? await engine.order(job, HEATMAP_LIMIT) : null;
  const saved = new Set(savedRows(shown));
  const rows = heatmapOrder(result, matrix.index, order, leaves).filter((at) => saved.has(matrix.index[at]!));
  if (rows.length === 0) {
    throw new LensError("write", "No row of the heatmap is left to save. Choose other items, or clear the filter.");
  }
  return reorder(matrix, rows);
}

/** The items that are rows of a heatmap: the selected ones, else those that a filter leaves. */
function savedRows({ result, selection, kept }: Shown): Int32Array {
  const all = Int32Array.from({ length: result.items.count }, (_, i) => i);
  return selection ?? all.filter((i) => kept?.[i] !== 0);
}

/** A small picture of an item as a data URL, null when there is none. */
async function thumbnail(
  engine: Engine,
  job: Job,
  { items }: RunResult,
  index: number,
  signal: AbortSignal,
): Promise<string | null> {
  signal.throwIfAborted();
  const picture = await engine.thumbnail(job, items.source[index] ?? -1, THUMBNAIL_SIZE).catch(() => null);
  return picture && `data:${picture.type};base64,${Buffer.from(picture.bytes).toString("base64")}`;
}

async function vectorsOf(engine: Engine, { job, result, selection }: Shown, signal: AbortSignal): Promise<Vectors> {
  const vectors = await engine.vectors(job, { signal });
  if (vectors.rows !== result.items.count) {
    throw hasChanged();
  }
  return selection ? selectRows(vectors, selection) : vectors;
}

/** The similarities of all items that are rows of the heatmap, or would be were it larger. */
async function similarityOf(engine: Engine, shown: Shown): Promise<Content> {
  const { job, result } = shown;
  const { count } = result.items;
  if (count > MATRIX_NPY_LIMIT) {
    throw new LensError(
      "write",
      `A matrix of ${count} × ${count} values is too large to save from here. Save the map's coordinates, or use the command line.`,
    );
  }
  return npySimilarity(await engine.matrix(job, count), savedRows(shown));
}
