import { isAbsolute, resolve } from "node:path";

/** The absolute path of a path of a recipe. It may lead outside `base`. */
export const absolutePath = (path: string, base: string): string =>
  isAbsolute(path) ? resolve(path) : resolve(base, path);

/** A path of a recipe and a path below it, as one path of the recipe: forward slashes, no doubled ones. */
export const joinPath = (path: string, below: string): string =>
  path === "." ? below : `${path.replace(/[/\\]+$/, "")}/${below}`;

/** The name of a file or folder: the last part of a path with slashes of either kind. */
export const baseName = (path: string): string =>
  path
    .replace(/[/\\]+$/, "")
    .split(/[/\\]/)
    .at(-1) ?? "";

/** The lower-case extension of a path with its dot, "" when it has none. */
export const extensionOf = (path: string): string => /\.[^./\\]+$/.exec(path)?.[0].toLowerCase() ?? "";

/** Made when names are first compared: it takes 20 ms. */
let collator: Intl.Collator | undefined;

/** Natural order ("2.txt" before "10.txt"), the same on every machine; names that only differ in form by their code units. */
export function naturally(a: string, b: string): number {
  collator ??= new Intl.Collator("en", { numeric: true });
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** "1 line", "2 lines", "3 properties" */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
