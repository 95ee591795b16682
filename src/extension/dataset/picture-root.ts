import { stat } from "node:fs/promises";
import path from "node:path";

const ADDRESS = /^[a-z][a-z0-9+.-]+:\/\//i;

/** Names of pictures on this machine, of the cells of a column: no addresses and no empty cells. */
export const localNames = (cells: readonly string[]): string[] =>
  cells.filter((cell) => cell.trim() !== "" && !ADDRESS.test(cell)).map((cell) => cell.trim());

/** Whether a folder holds one of the pictures: their names start from it and do not leave it. */
export async function holdsPictures(folder: string, names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    const file = path.resolve(folder, path.sep === "/" ? name.replaceAll("\\", "/") : name);
    const inside = path.relative(folder, file);
    if (inside === "" || inside.startsWith("..") || path.isAbsolute(inside)) continue;
    if (await isFile(file)) return true;
  }
  return false;
}

/** The root for a folder that a person chose: itself, or the one above it when the names begin with its own. */
export async function rootFor(chosen: string, names: readonly string[]): Promise<string> {
  const above = path.dirname(chosen);
  return !(await holdsPictures(chosen, names)) && (await holdsPictures(above, names)) ? above : chosen;
}

const isFile = (file: string): Promise<boolean> =>
  stat(file).then(
    (info) => info.isFile(),
    () => false,
  );
