import path from "node:path";
import { canonicalJson, parseRecipe, type Source } from "../protocol/recipe";
import type { Memento } from "./panel-records";

/** The parts of a source that are a choice of the person who looks at it. */
const CHOICES = [
  "columns",
  "header",
  "part",
  "sample",
  "stratify",
  "root",
  "texts",
] as const satisfies (keyof Source)[];

/** What a person said about a dataset: its columns, which of its tables, how many rows, where its texts and pictures are. */
export type DatasetChoice = Pick<Source, (typeof CHOICES)[number]>;

const KEY = "columns";
const KEPT = 100;

/** What was last chosen for each dataset, by the absolute paths of its files, in the state of the workspace. */
export class ColumnMemory {
  constructor(private readonly memento: Memento) {}

  /** What was chosen for these files; nothing when they are new or their choice was written by another version. */
  of(base: string, paths: readonly string[]): DatasetChoice {
    const found = this.#all().find(([files]) => files === keyOf(base, paths))?.[1];
    try {
      return choiceOf(parseRecipe({ version: 1, model: "any", source: { kind: "rows", paths, ...found } }).source);
    } catch {
      return {};
    }
  }

  async put(base: string, source: Source): Promise<void> {
    const key = keyOf(base, source.paths);
    const others = this.#all().filter(([files]) => files !== key);
    const choice = choiceOf(source);
    const own: Entry[] = Object.keys(choice).length > 0 ? [[key, choice]] : [];
    await this.memento.update(KEY, [...others, ...own].slice(-KEPT));
  }

  #all(): Entry[] {
    const stored = this.memento.get(KEY);
    return Array.isArray(stored) ? (stored as Entry[]) : [];
  }
}

type Entry = [files: string, choice: DatasetChoice];

/** Whether two sources are looked at in the same way. */
export const sameChoice = (a: Source, b: Source): boolean => canonicalJson(choiceOf(a)) === canonicalJson(choiceOf(b));

const choiceOf = (source: DatasetChoice): DatasetChoice =>
  Object.fromEntries(CHOICES.flatMap((name) => (source[name] === undefined ? [] : [[name, source[name]]])));

const keyOf = (base: string, paths: readonly string[]): string =>
  JSON.stringify(paths.map((one) => path.resolve(base, one)));
