import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const DATA = resolve(process.env["EMBEDDING_LENS_DATA"] ?? "../shared");

/** A folder of real weights or data; what needs it is skipped, by name, where it is absent. */
export function realData(folder: string): { path: string; skip: string | false } {
  const path = join(DATA, folder);
  return { path, skip: existsSync(path) ? false : `${path} is not here: set EMBEDDING_LENS_DATA` };
}
