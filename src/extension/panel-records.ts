import type { View } from "../protocol/panel";
import { parseRecipe, type Recipe } from "../protocol/recipe";

/** What a panel needs to come back after a reload; the page keeps only the id. */
export interface PanelRecord {
  id: string;
  recipe: Recipe;
  /** Absolute folder that the recipe's paths start from. */
  base: string;
  /** URIs of the editor documents that the recipe's paths mean: they may be unsaved, or not be files at all. */
  documents: Record<string, string>;
  view: View;
  /** The second model to compare with. */
  compare?: string;
  /** The recipe of a dataset that nobody has looked at yet: it is finished before the first run (`dataset/prepare.ts`). */
  fresh?: true;
}

/** The part of `vscode.Memento` that is used. */
export interface Memento {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

const KEY = "panels";
const KEPT = 50;

/** The records of the last panels, newest last, in the state of the workspace. */
export class PanelRecords {
  constructor(private readonly memento: Memento) {}

  async put(record: PanelRecord): Promise<void> {
    const others = this.#all().filter(({ id }) => id !== record.id);
    await this.memento.update(KEY, [...others, record].slice(-KEPT));
  }

  async drop(id: string): Promise<void> {
    await this.memento.update(
      KEY,
      this.#all().filter((one) => one.id !== id),
    );
  }

  /** Null when it is unknown or was written by a version with other recipes. */
  get(id: string): PanelRecord | null {
    const record = this.#all().find((one) => one.id === id);
    if (!record) return null;
    try {
      return { ...record, recipe: parseRecipe(record.recipe) };
    } catch {
      return null;
    }
  }

  #all(): PanelRecord[] {
    const stored = this.memento.get(KEY);
    return Array.isArray(stored) ? (stored as PanelRecord[]) : [];
  }
}
