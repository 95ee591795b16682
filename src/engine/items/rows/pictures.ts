import { realpathSync, statSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import type { Picture } from "./read";

const URL_START = /^https?:\/\//i;
const OTHER_SCHEME = /^[a-z][a-z0-9+.-]+:/i;

/**
 * Finds the pictures that cells name: web addresses, and paths that start from a folder and may not leave it, neither by "..",
 * nor as absolute paths, nor by links.
 * @param root absolute folder
 */
export function pictureFinder(root: string): (cell: string) => Picture {
  const real = realOf(root) ?? root;
  return (cell) => {
    if (URL_START.test(cell))
      return URL.canParse(cell) ? { url: cell } : { reason: "its picture has a broken address" };
    if (OTHER_SCHEME.test(cell) && !/^[a-z]:[\\/]/i.test(cell)) {
      return { reason: `its picture is at an address that is not loaded (${OTHER_SCHEME.exec(cell)![0]})` };
    }
    const path = resolve(root, sep === "/" ? cell.replaceAll("\\", "/") : cell);
    const file = realOf(path);
    if (!isInside(root, path) && !(file !== null && isInside(real, file))) return outside(cell, root);
    if (file === null || !statSync(file).isFile()) return { reason: `there is no picture ${cell}` };
    return isInside(real, file) ? { file } : outside(cell, root);
  };
}

const outside = (cell: string, root: string): Picture => ({
  reason: `its picture ${cell} is outside of the folder ${root}: name a folder that holds all pictures as the root (--root, or “root” of the recipe's source) to allow it`,
});

function isInside(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== "" && path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

function realOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
