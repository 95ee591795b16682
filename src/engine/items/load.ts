import type { Source } from "../../protocol/recipe";
import type { ItemSet, StageContext } from "../types";
import { loadFiles } from "./files";
import { loadImages } from "./images";
import { loadLines } from "./lines";
import { loadParagraphs } from "./paragraphs";
import { loadRows } from "./rows/load";
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
    case "images":
      return loadImages(source, options, ctx);
    case "rows":
    case "vectors":
      return loadRows(source, options, ctx);
  }
}
