import path from "node:path";
import { canonicalJson, parseRecipe, type Source } from "../protocol/recipe";
import type { Memento } from "./panel-records";

/** What a person said about the columns of a dataset. */
export type ColumnChoice = Pick<Source, "columns" | "header">;

const KEY = "columns";
const KEPT = 100;

/** The columns that were last chosen for each dataset, by the absolute paths of its files, in the state of the workspace. */
export class ColumnMemory {
  constructor(private readonly memento: Memento) {}

  /** What was chosen for these files; nothing when they are new or their choice was written by another version. */
  of(base: string, paths: readonly string[]): ColumnChoice {
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

type Entry = [files: string, choice: ColumnChoice];

/** Whether two sources say the same about their columns. */
export const sameColumns = (a: Source, b: Source): boolean => canonicalJson(choiceOf(a)) === canonicalJson(choiceOf(b));

const choiceOf = ({ columns, header }: ColumnChoice): ColumnChoice => ({
  ...(columns && { columns }),
  ...(header !== undefined && { header }),
});

const keyOf = (base: string, paths: readonly string[]): string =>
  JSON.stringify(paths.map((one) => path.resolve(base, one)));
