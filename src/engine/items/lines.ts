import type { Source } from "../../protocol/recipe";
import type { ItemSet, StageContext } from "../types";
import { gatherTexts, type LoadOptions } from "./texts";

/**
 * One item for each line with text, trimmed; empty lines are counted and left out.
 * @throws LensError "source" when no line has text
 */
export const loadLines = (source: Source, options: LoadOptions, ctx: StageContext): Promise<ItemSet> =>
  gatherTexts(source, options, ctx, "empty line", async (file, batches, label, gather) => {
    for await (const batch of batches) {
      for (const { number, text } of batch) {
        const trimmed = text.trim();
        if (trimmed === "") gather.skipBlank();
        else gather.push({ label, path: file.path, line: number, text: trimmed });
      }
    }
  });
