import { LensError } from "../../../protocol/errors";
import type { Source } from "../../../protocol/recipe";
import { copyWithColumn } from "../../tables/copy/copy";
import type { StageContext } from "../../types";
import { findFiles } from "../walk";

export interface CopyArgs {
  source: Source;
  base: string;
  documents?: Record<string, string>;
  column: { name: string; rows: Int32Array; values: Int32Array };
  /** Absolute path of a new file. */
  target: string;
}

/** A copy of the file of a source with one more column. @throws LensError "source" */
export async function copyRows(
  { source, base, documents, column, target }: CopyArgs,
  ctx: StageContext,
): Promise<string> {
  const { files } = await findFiles(source.paths, base, () => false, { documents, signal: ctx.signal });
  const [file, second] = files;
  if (!file || second) {
    throw new LensError("source", `A column can be added to a copy of one file, not of ${source.paths.length}.`);
  }
  const options = { path: file.path, header: source.header, part: source.part, text: file.text };
  return copyWithColumn(file.file, options, column, target, ctx);
}
