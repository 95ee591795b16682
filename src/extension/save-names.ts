import path from "node:path";
import { MATRIX_JSON_LIMIT } from "../protocol/constants";
import type { Job } from "../protocol/engine";
import type { ExportFormat, View } from "../protocol/panel";
import type { Shown } from "./saved-file";
import { sourceName } from "./sources";

const EXTENSION_OF: Record<Exclude<ExportFormat, "copy">, string> = {
  png: "png",
  svg: "svg",
  html: "html",
  csv: "csv",
  jsonl: "jsonl",
  parquet: "parquet",
  arrow: "arrow",
  tsv: "tsv",
  npy: "npy",
  vectors: "npy",
  json: "json",
  recipe: "lens.json",
};

export const FORMAT_NAME: Record<ExportFormat, string> = {
  png: "PNG picture",
  svg: "SVG picture",
  html: "Interactive page",
  csv: "CSV table",
  jsonl: "JSON Lines",
  parquet: "Parquet table",
  arrow: "Arrow table",
  tsv: "Embedding Projector files",
  npy: "NumPy array",
  vectors: "NumPy array of the vectors",
  json: "Result as JSON",
  copy: "Copy with the clusters",
  recipe: "Embedding Lens recipe",
};

/** What a save dialog filters by: it knows only what follows the last dot, and would add "lens.json" a second time. */
export const filterOf = (format: ExportFormat, job: Job): string => extensionOf(format, job).replace(/^.*\./, "");

/** A copy is a file like its source. */
const extensionOf = (format: ExportFormat, { recipe }: Job): string =>
  format === "copy" ? path.posix.extname(recipe.source.paths[0] ?? "").slice(1) || "csv" : EXTENSION_OF[format];

/** The formats that tell of two models, of similarities, and of ties: the others hold the map. */
const ONLY_IN: Partial<Record<View, readonly ExportFormat[]>> = {
  compare: ["png", "svg", "csv"],
  similarity: ["png", "svg", "html", "npy"],
  network: ["png", "svg"],
};

/** Whether a JSON file has the similarities: of all items of a heatmap that is no larger than JSON can hold. */
export const hasMatrix = ({ view, result, selection }: Pick<Shown, "view" | "result" | "selection">): boolean =>
  view === "similarity" && !selection && result.items.count <= MATRIX_JSON_LIMIT;

/** The name that is suggested beside the source: "sentences-map.png", "sentences.lens.json", "mail-vectors.npy". */
export function suggestedName(
  shown: Pick<Shown, "job" | "view" | "result" | "comparison" | "selection">,
  format: ExportFormat,
): string {
  const { job, view, comparison, selection } = shown;
  // Without a comparison there is only the map.
  const content = view === "compare" && !comparison ? "map" : view;
  const isOfView = format === "json" ? hasMatrix(shown) : (ONLY_IN[content] ?? [format]).includes(format);
  const source = sourceName(job.recipe, job.base).replace(/(\.lens)?\.[^.]*$/, "") || "embedding";
  return `${source}${partOf(format, isOfView ? content : "map")}${selection ? "-selection" : ""}.${extensionOf(format, job)}`;
}

/** @param view what the file is of */
function partOf(format: ExportFormat, view: View): string {
  switch (format) {
    case "recipe":
      return "";
    case "copy":
      return "-clusters";
    case "vectors":
    case "tsv":
      return "-vectors";
    default:
      return `-${view}`;
  }
}

/** The file of the metadata beside a projector's vectors: "mail-vectors.tsv" has "mail-metadata.tsv". */
export function metadataName(file: string): string {
  const { dir, name, ext } = path.parse(file);
  const bare = name.replace(/[-_.](vectors?|tensors?|embeddings?)$/i, "");
  return path.join(dir, `${bare}-metadata${ext || ".tsv"}`);
}
