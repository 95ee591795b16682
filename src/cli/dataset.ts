import type { Engine } from "../engine/client";
import type { Job } from "../protocol/engine";
import { DEFAULT_IMAGE_MODEL } from "../protocol/models";
import type { Recipe } from "../protocol/recipe";
import type { TablePreview } from "../protocol/table";
import type { AskCommand, RunCommand } from "./arguments";
import type { Given } from "./options";
import { UsageError } from "./usage";

/** A job that is complete, and whether its source has ready coordinates. */
export interface Completed {
  job: Job;
  coordinates: boolean;
  /** What its table is made of; absent when the source is none. */
  table?: TableParts;
}

/** What the columns of a table are, and what a run shows of it. */
export type TableParts = Pick<TablePreview, "used" | "items">;

/**
 * What nobody has chosen about a dataset, by a look at its start: ready coordinates are drawn as they are (and stand for vectors only
 * where there is nothing else), pictures are seen by a model of pictures.
 * @throws UsageError when a file holds several tables and none is named; LensError "source" when it is unreadable
 */
export async function completed(
  command: RunCommand | AskCommand,
  job: Job,
  given: Given,
  engine: Engine,
): Promise<Completed> {
  const { source } = job.recipe;
  if (source.kind !== "rows" && source.kind !== "vectors") return { job, coordinates: false };
  const { used, items, parts, problem } = await engine.preview(job);
  if (parts && problem !== null)
    throw new UsageError(problem.replace(/\. Name one of them\.$/, ": name one with --part."));
  const coordinates = used.map.length > 0;
  const recipe: Recipe = { ...job.recipe };
  let table: TableParts = { used, items };
  if (coordinates && command === "map" && given.reduce === undefined)
    recipe.reduce = { ...recipe.reduce, method: "none" };
  const others = used.text !== null && used.vector === null;
  if (coordinates && command !== "map" && others && given.map === undefined) {
    recipe.source = { ...source, columns: { ...source.columns, map: null } };
    table = { used: { ...used, map: [] }, items: "text" };
  }
  if (items === "image" && given.model === undefined) recipe.model = DEFAULT_IMAGE_MODEL;
  return { job: { ...job, recipe }, coordinates, table };
}
