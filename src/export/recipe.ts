import path from "node:path";
import type { Recipe } from "../protocol/recipe";

/** What a recipe's file is called: `name.lens.json`. */
export const RECIPE_EXTENSION = ".lens.json";

/**
 * The text of a recipe's file: the recipe with the paths of its source relative to that file (absolute where there is
 * no relative path, such as on another drive), with forward slashes.
 * @param base absolute folder that the recipe's own relative paths start from
 * @param file absolute path of the recipe's file
 */
export function exportRecipe(recipe: Recipe, base: string, file: string): string {
  const { source } = recipe;
  const moved = (entry: string): string => relativePath(path.dirname(file), path.resolve(base, entry));
  const paths = source.paths.map(moved);
  const root = source.root === undefined ? {} : { root: moved(source.root) };
  const texts = source.texts ? { texts: moved(source.texts) } : {};
  return `${JSON.stringify({ ...recipe, source: { ...source, paths, ...root, ...texts } }, null, 2)}\n`;
}

/** The path of `target` as seen from `folder`, with forward slashes; "." for the folder itself. */
export function relativePath(folder: string, target: string): string {
  return path.relative(folder, target).split(path.sep).join("/") || ".";
}
