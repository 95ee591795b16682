import path from "node:path";
import { relativePath } from "../../export";
import type { Job } from "../../protocol/engine";
import { LensError } from "../../protocol/errors";
import type { Recipe, Source } from "../../protocol/recipe";
import type { TablePreview } from "../../protocol/table";
import { holdsPictures, localNames, rootFor } from "./picture-root";

/** What a person is asked where a file leaves no reasonable guess; null when the question was closed. */
export interface DatasetQuestions {
  /** Which of the tables of a file. */
  part(file: string, parts: readonly string[], signal: AbortSignal): Promise<string | null>;
  /** Which column holds the texts; from 0. */
  text(preview: TablePreview, signal: AbortSignal): Promise<number | null>;
  /** Which folder holds the pictures that a column names; absolute, undefined to go on without them. */
  root(file: string, name: string): Promise<string | null | undefined>;
}

export interface PrepareServices {
  preview(job: Job): Promise<TablePreview>;
  questions: DatasetQuestions;
  /** The model for pictures that a column names. */
  imageModel(): string;
}

/** A column as a recipe names it: a name that the file gives once stays right when columns are added; else its number from 1. */
export function columnName({ columns, header }: Pick<TablePreview, "columns" | "header">, at: number): string | number {
  const name = columns[at]?.name;
  return header && name && columns.filter((one) => one.name === name).length === 1 ? name : at + 1;
}

/**
 * The recipe of a dataset's first picture, from the start of the file: its pictures get an image model, ready coordinates are drawn as
 * they are. The person is asked only what cannot be guessed.
 * @param signal closes a question that is open
 * @returns null when a question was closed
 * @throws LensError "source" when the file is unreadable
 */
export async function prepareDataset(job: Job, services: PrepareServices, signal: AbortSignal): Promise<Recipe | null> {
  const { questions } = services;
  let recipe = job.recipe;
  const look = (): Promise<TablePreview> => services.preview({ ...job, recipe });
  let preview = await look();
  if (preview.parts && preview.problem !== null) {
    const part = await questions.part(preview.path, preview.parts, signal);
    if (part === null) return null;
    recipe = withSource(recipe, { part });
    preview = await look();
  }
  if (preview.problem !== null) {
    const { text, image, vector, map } = preview.used;
    if (text !== null || image !== null || vector !== null || map.length > 0 || preview.columns.length === 0) {
      throw new LensError("source", preview.problem);
    }
    const chosen = await questions.text(preview, signal);
    if (chosen === null) return null;
    recipe = withSource(recipe, { columns: { ...recipe.source.columns, text: columnName(preview, chosen) } });
    preview = await look();
  }
  if (preview.items === "image") {
    const source = await withRoot(recipe.source, job.base, preview, questions, signal);
    return source && { ...recipe, source, model: services.imageModel() };
  }
  return preview.used.map.length > 0 ? asGiven(recipe) : recipe;
}

/** The source with the folder of its pictures, which is asked for when none of the first ones is below the table's own. */
async function withRoot(
  source: Source,
  base: string,
  { path: file, used, rows }: TablePreview,
  questions: DatasetQuestions,
  signal: AbortSignal,
): Promise<Source | null> {
  const names = used.image === null ? [] : localNames(rows.map((row) => row[used.image!] ?? ""));
  const own = path.dirname(path.resolve(base, file));
  if (source.root !== undefined || names.length === 0 || (await holdsPictures(own, names))) return source;
  if (signal.aborted) return null;
  const chosen = await questions.root(file, names[0]!);
  if (chosen === null) return null;
  return chosen === undefined ? source : { ...source, root: relativePath(base, await rootFor(chosen, names)) };
}

/** Ready coordinates are drawn as they are, unless a method was chosen. */
const asGiven = (recipe: Recipe): Recipe =>
  recipe.reduce.method === "umap" ? { ...recipe, reduce: { ...recipe.reduce, method: "none" } } : recipe;

const withSource = (recipe: Recipe, change: Partial<Source>): Recipe => ({
  ...recipe,
  source: { ...recipe.source, ...change },
});
