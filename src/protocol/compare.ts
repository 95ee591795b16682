import { LensError, type ErrorData } from "./errors";
import type { Progress } from "./engine";
import type { Compared } from "./explore";
import type { Recipe } from "./recipe";
import type { ModelUsed, RunResult, Skipped } from "./result";

/** What a second model sees in the items of a panel's result; columns are of the n items that both have embedded. */
export interface PanelComparison extends Compared {
  /** The second model. */
  model: ModelUsed;
  /** (n) each item as an index into the result, ascending. */
  index: Int32Array;
  /** Items that only the first model has embedded, and only the second. */
  only: [number, number];
  /** What the second model left out. */
  skipped: Skipped[];
  /** The fingerprint of the source that was compared. */
  fingerprint: string;
}

/** How far a comparison is. */
export type CompareRun =
  /** Nothing has been asked for, or what was asked for is there. */
  | { kind: "idle" }
  | { kind: "running"; progress: Progress | null }
  | { kind: "stopped" }
  | { kind: "failed"; error: ErrorData };

/** The second model of a panel; null when none is chosen. */
export interface CompareState {
  model: string | null;
  run: CompareRun;
}

/** Neighbours of each item that are compared. */
export const COMPARED_NEIGHBORS = 10;

/** The longest id or path of a model that is taken. */
const MOST_LETTERS = 4_096;

/**
 * Checks the id of a second model that a page has asked for; null gives the comparison up.
 * @throws LensError "recipe"
 */
export function parseSecondModel(value: unknown): string | null {
  if (value === null) return null;
  if (typeof value === "string" && value.trim() !== "" && value.length <= MOST_LETTERS) return value;
  throw new LensError("recipe", "The second model is no name of a model: choose one of the list.");
}

/** Why no second model can embed the items of a source, in a sentence for a person; null when one can. */
export function whyOneModel(
  { kind, long }: Recipe["source"],
  result: Pick<RunResult, "items" | "model"> | null,
): string | null {
  if (result?.model.id === "coordinates") {
    return "These are coordinates without texts or pictures: there is nothing that a second model could embed.";
  }
  if (kind === "vectors" || result?.items.kind === "vector") {
    return "These vectors came with the data: a second model can only be compared on texts or pictures.";
  }
  if (long === "split" && kind !== "images") {
    return "Passages depend on the model's window, so two models have different ones: choose the mean of the passages, or only the beginning of long texts, to compare.";
  }
  return null;
}

/** Why a second model cannot be put beside the first in a panel, in a sentence for a person; null when it can. */
export function whyNotCompared(
  { source, reduce, model }: Pick<Recipe, "source" | "model" | "reduce">,
  result: Pick<RunResult, "items" | "given" | "model"> | null,
  second: string | null,
): string | null {
  const why = whyOneModel(source, result);
  if (why !== null) return why;
  if (result?.given === true && reduce.method === "none") {
    return "The map shows coordinates of the data, which no model has made: choose UMAP, t-SNE or PCA as the method to compare.";
  }
  return second === model ? "Both models are the same: choose another second model." : null;
}
