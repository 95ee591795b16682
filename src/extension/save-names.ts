import path from "node:path";
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

/** What tells of two models, and of ties: the other formats hold the map. */
const ONLY_IN: Partial<Record<View, readonly ExportFormat[]>> = {
  compare: ["png", "svg", "csv"],
  network: ["png", "svg"],
};

/** The name that is suggested beside the source: "sentences-map.png", "sentences.lens.json", "mail-vectors.npy". */
export function suggestedName(
  { job, view, comparison, selection }: Pick<Shown, "job" | "view" | "comparison" | "selection">,
  format: ExportFormat,
): string {
  // Without a comparison there is only the map.
  const content = view === "compare" && !comparison ? "map" : view;
  const source = sourceName(job.recipe, job.base).replace(/(\.lens)?\.[^.]*$/, "") || "embedding";
  return `${source}${partOf(format, content)}${selection ? "-selection" : ""}.${extensionOf(format, job)}`;
}

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
      return `-${(ONLY_IN[view] ?? [format]).includes(format) ? view : "map"}`;
  }
}

/** The file of the metadata beside a projector's vectors: "mail-vectors.tsv" has "mail-metadata.tsv". */
export function metadataName(file: string): string {
  const { dir, name, ext } = path.parse(file);
  const bare = name.replace(/[-_.](vectors?|tensors?|embeddings?)$/i, "");
  return path.join(dir, `${bare}-metadata${ext || ".tsv"}`);
}
