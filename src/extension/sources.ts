import path from "node:path";
import type { View } from "../protocol/panel";
import { parseRecipe, type Recipe, type RecipeInput, type SourceKind } from "../protocol/recipe";

/** Paths of files or folders as a recipe names them, and the absolute folder they start from. */
export interface Located {
  base: string;
  /** Relative to `base`, forward slashes; absolute only where no common folder exists (two drives). */
  paths: string[];
}

/** The deepest folder that holds all of some absolute paths, and the paths relative to it. */
export function locate(absolute: readonly string[], api: path.PlatformPath = path): Located {
  const [first, ...rest] = absolute;
  if (first === undefined) throw new RangeError("locate() needs a path");
  let base = api.dirname(first);
  for (const other of rest) {
    while (!isInside(base, api.dirname(other), api)) {
      const parent = api.dirname(base);
      if (parent === base) break;
      base = parent;
    }
  }
  const paths = absolute.map((file) => {
    const relative = isInside(base, file, api) ? api.relative(base, file) : file;
    return relative.split(api.sep).join("/") || ".";
  });
  return { base, paths };
}

function isInside(folder: string, file: string, api: path.PlatformPath): boolean {
  const relative = api.relative(folder, file);
  return relative !== ".." && !relative.startsWith(`..${api.sep}`) && !api.isAbsolute(relative);
}

/** A selection in an editor, as `vscode.Selection` has it: lines and characters from 0. */
export interface SelectedText {
  start: { line: number };
  end: { line: number; character: number };
  isEmpty: boolean;
}

/**
 * The selected lines as ascending ranges from 1, both ends inclusive; null means the whole document (one cursor, nothing
 * selected). Several cursors count as their lines; a selection that ends before the first character of a line leaves it out.
 */
export function lineRanges(selections: readonly SelectedText[]): [number, number][] | null {
  if (selections.length === 1 && selections[0]?.isEmpty) return null;
  const ranges = selections
    .map(({ start, end }): [number, number] => [
      start.line + 1,
      end.character === 0 && end.line > start.line ? end.line : end.line + 1,
    ])
    .sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [from, to] of ranges) {
    const last = merged.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** How text files are cut: a folder or several files give one item a file, Markdown its paragraphs, the rest lines. */
export function textKind(names: readonly string[], anyFolder: boolean): SourceKind {
  if (anyFolder || names.length > 1) return "files";
  return /\.(md|markdown)$/i.test(names[0] ?? "") ? "paragraphs" : "lines";
}

/** Neighbours that show the groups of so few items: with 15 of 20, everything is a neighbour of everything. */
export const neighborsFor = (count: number): number => (count < 50 ? Math.max(2, Math.min(5, count - 1)) : 15);

/** A recipe with all its defaults. @throws LensError "recipe" */
export const newRecipe = (source: RecipeInput["source"], model: string, change: Partial<RecipeInput> = {}): Recipe =>
  parseRecipe({ version: 1, source, model, ...change });

/** The name of a source as a title shows it: "flowers", "mail.csv", "cats and 2 more". */
export function sourceName(recipe: Recipe, base: string): string {
  const [first = ".", ...rest] = recipe.source.paths;
  const name = path.posix.basename(first === "." ? base.split(path.sep).join("/") : first);
  return rest.length === 0 ? name : `${name} and ${rest.length} more`;
}

/** "Map of flowers", "Similarity of mail.csv" */
const VIEW_NAMES: Record<View, string> = {
  map: "Map",
  similarity: "Similarity",
  network: "Network",
  compare: "Comparison",
};

export const titleOf = (view: View, recipe: Recipe, base: string): string =>
  `${VIEW_NAMES[view]} of ${sourceName(recipe, base)}`;
