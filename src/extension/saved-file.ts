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
import { savedPage } from "./saved-page";
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
        const texts = await allTexts(engine, job, shown.result);
        return comparisonCsv(shown.result, shown.comparison, texts, selection);
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
        // A page has the map in place of what is drawn for the panel alone.
        title: titleOf(view === "similarity" ? view : "map", job.recipe, job.base),
        result,
        colorBy: shown.colorBy,
        turn: shown.turn,
        texts: await allTexts(engine, job, result),
        matrix: view === "similarity" && !selection ? await orderedMatrix(engine, shown) : null,
        order: shown.order,
        thumbnail: (index) => thumbnail(engine, job, result, index, signal),
        chartScript: await readFile(path.join(__dirname, "chart.js"), "utf8"),
      });
  }
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

/** The heatmap's sample, in the order in which it is shown. */
async function orderedMatrix(engine: Engine, { job, result, order }: Shown): Promise<SimilarityMatrix> {
  const matrix = await engine.matrix(job, HEATMAP_LIMIT);
  const leaves = order === "similarity" ? await engine.order(job, HEATMAP_LIMIT) : null;
  return reorder(matrix, heatmapOrder(result, matrix.index, order, leaves));
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

/** The similarities of all items, or of the selected ones. */
async function similarityOf(engine: Engine, { job, result, selection }: Shown): Promise<Content> {
  const { count } = result.items;
  if (count > MATRIX_NPY_LIMIT) {
    throw new LensError(
      "write",
      `A matrix of ${count} × ${count} values is too large to save from here. Save the map's coordinates, or use the command line.`,
    );
  }
  return npySimilarity(await engine.matrix(job, count), selection);
}
