import type { Job } from "../../protocol/engine";
import { LensError } from "../../protocol/errors";
import type { Recipe, Source } from "../../protocol/recipe";
import type { TablePreview } from "../../protocol/table";

/** What a person is asked where a file leaves no reasonable guess; null when the question was closed. */
export interface DatasetQuestions {
  /** Which column holds the texts; from 0. */
  text(preview: TablePreview): Promise<number | null>;
}

export interface PrepareServices {
  preview(job: Job): Promise<TablePreview>;
  questions: DatasetQuestions;
}

/** A column as a recipe names it: a name that the file gives once stays right when columns are added; else its number from 1. */
export function columnName({ columns, header }: Pick<TablePreview, "columns" | "header">, at: number): string | number {
  const name = columns[at]?.name;
  return header && name && columns.filter((one) => one.name === name).length === 1 ? name : at + 1;
}

/**
 * The recipe of a dataset's first picture, from the start of the file: its pictures get an image model, ready coordinates are drawn as
 * they are. The person is asked only what cannot be guessed.
 * @returns null when a question was closed
 * @throws LensError "source" when the file is unreadable
 */
export async function prepareDataset(job: Job, services: PrepareServices): Promise<Recipe | null> {
  let recipe = job.recipe;
  const look = (): Promise<TablePreview> => services.preview({ ...job, recipe });
  let preview = await look();
  if (preview.problem !== null) {
    const { text, image, vector, map } = preview.used;
    if (text !== null || image !== null || vector !== null || map.length > 0 || preview.columns.length === 0) {
      throw new LensError("source", preview.problem);
    }
    const chosen = await services.questions.text(preview);
    if (chosen === null) return null;
    recipe = withSource(recipe, { columns: { ...recipe.source.columns, text: columnName(preview, chosen) } });
    preview = await look();
  }
  return preview.used.map.length > 0 ? asGiven(recipe) : recipe;
}

/** Ready coordinates are drawn as they are, unless a method was chosen. */
const asGiven = (recipe: Recipe): Recipe =>
  recipe.reduce.method === "umap" ? { ...recipe, reduce: { ...recipe.reduce, method: "none" } } : recipe;

const withSource = (recipe: Recipe, change: Partial<Source>): Recipe => ({
  ...recipe,
  source: { ...recipe.source, ...change },
});
