import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Engine } from "../engine/client";
import { coordinates, csvText, exportRecipe, jsonText, npyPieces, type Content } from "../export";
import { HEATMAP_LIMIT, MATRIX_JSON_LIMIT } from "../protocol/constants";
import type { Job } from "../protocol/engine";
import { LensError } from "../protocol/errors";
import type { ExportFormat, View } from "../protocol/panel";
import type { RunResult } from "../protocol/result";
import { savedPage } from "./saved-page";
import { sourceName, titleOf } from "./sources";

/** What is shown, and what the page has drawn of it. */
export interface Shown {
  job: Job;
  result: RunResult;
  view: View;
  /** The drawn chart: bytes of a PNG, text of an SVG. */
  drawn: Uint8Array | string | null;
}

const EXTENSION_OF: Record<ExportFormat, string> = {
  png: "png",
  svg: "svg",
  html: "html",
  csv: "csv",
  json: "json",
  npy: "npy",
  recipe: "lens.json",
};

export const FORMAT_NAME: Record<ExportFormat, string> = {
  png: "PNG picture",
  svg: "SVG picture",
  html: "Interactive page",
  csv: "CSV table",
  json: "Result as JSON",
  npy: "NumPy array",
  recipe: "Embedding Lens recipe",
};

/** What a save dialog filters by: it knows only what follows the last dot, and would add "lens.json" a second time. */
export const filterOf = (format: ExportFormat): string => EXTENSION_OF[format].replace(/^.*\./, "");

/** The name that is suggested beside the source: "sentences-map.png", "sentences.lens.json". */
export function suggestedName({ job, view }: Pick<Shown, "job" | "view">, format: ExportFormat): string {
  const source = sourceName(job.recipe, job.base).replace(/(\.lens)?\.[^.]*$/, "") || "embedding";
  return `${source}${format === "recipe" ? "" : `-${view}`}.${EXTENSION_OF[format]}`;
}

/** The largest matrix that is written as npy here: 10,000² float32 are 400 MB. */
const MATRIX_NPY_LIMIT = 10_000;

/** The content of a saved file. @throws LensError */
export async function savedFile(engine: Engine, shown: Shown, format: ExportFormat, file: string): Promise<Content> {
  const { job, result, view } = shown;
  switch (format) {
    case "png":
    case "svg":
      if (shown.drawn === null)
        throw new LensError("internal", "There is no chart to save yet. Wait until it is drawn.");
      return shown.drawn;
    case "csv":
      return csvText(result, await allTexts(engine, job, result));
    case "json": {
      const texts = await allTexts(engine, job, result);
      const small = result.items.count <= MATRIX_JSON_LIMIT;
      const matrix = view === "similarity" && small ? await engine.matrix(job, MATRIX_JSON_LIMIT) : undefined;
      return jsonText(result, { texts, ...(matrix ? { matrix } : {}) });
    }
    case "npy":
      return npyPieces(view === "similarity" ? await wholeMatrix(engine, job, result) : coordinates(result));
    case "recipe":
      return exportRecipe(job.recipe, job.base, path.resolve(file));
    case "html":
      return savedPage({
        // A page has the map in place of the network, which is drawn for the panel alone.
        title: titleOf(view === "network" ? "map" : view, job.recipe, job.base),
        result,
        texts: await allTexts(engine, job, result),
        matrix: view === "similarity" ? await engine.matrix(job, HEATMAP_LIMIT) : null,
        chartScript: await readFile(path.join(__dirname, "chart.js"), "utf8"),
      });
  }
}

async function allTexts(engine: Engine, job: Job, { items }: RunResult): Promise<string[] | null> {
  return items.kind === "text" ? engine.texts(job, items.source, Number.MAX_SAFE_INTEGER) : null;
}

async function wholeMatrix(engine: Engine, job: Job, { items }: RunResult) {
  if (items.count > MATRIX_NPY_LIMIT) {
    throw new LensError(
      "write",
      `A matrix of ${items.count} × ${items.count} values is too large to save from here. Save the map's coordinates, or use the command line.`,
    );
  }
  const { values } = await engine.matrix(job, items.count);
  return { rows: items.count, cols: items.count, data: values };
}
