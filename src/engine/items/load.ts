import type { Source } from "../../protocol/recipe";
import type { ItemSet, StageContext } from "../types";
import { loadFiles } from "./files";
import { loadImages } from "./images";
import { loadLines } from "./lines";
import { loadParagraphs } from "./paragraphs";
import { loadRows } from "./rows";
import { TABLE_FILES } from "../tables/open";
import { extensionOf } from "./paths";
import { hasReadyVectors, loadTableItems } from "./table-items";
import type { LoadOptions } from "./texts";

/**
 * The items of a source, in its order. Empty and unreadable ones are left out and reported; with `source.sample` a seeded sample of them.
 * @throws LensError "source" when nothing is found or nothing is readable; "recipe" for a column or an option that does not fit
 */
export async function loadItems(source: Source, options: LoadOptions, ctx: StageContext): Promise<ItemSet> {
  switch (source.kind) {
    case "lines":
      return loadLines(source, options, ctx);
    case "paragraphs":
      return loadParagraphs(source, options, ctx);
    case "files":
      return loadFiles(source, options, ctx);
    case "rows":
      return (await isOtherTable(source, options, ctx))
        ? loadTableItems(source, options, ctx)
        : loadRows(source, options, ctx);
    case "images":
      return loadImages(source, options, ctx);
    case "vectors":
      return loadTableItems(source, options, ctx);
  }
}

/** Formats that `loadRows` reads. */
const TEXT_TABLES = new Set([".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson"]);

/** Whether a table is for `loadTableItems`: it is in another format, or has ready vectors. */
export async function isOtherTable(source: Source, options: LoadOptions, ctx: StageContext): Promise<boolean> {
  if (source.kind === "vectors") return true;
  const extension = extensionOf(source.paths[0]!);
  if (extension !== "" && !TEXT_TABLES.has(extension)) return (TABLE_FILES as readonly string[]).includes(extension);
  return hasReadyVectors(source, options, ctx);
}
