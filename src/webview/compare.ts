import { whyNotCompared } from "../protocol/compare";
import { embeds, type ModelInfo } from "../protocol/models";
import type { Shown } from "./state";

type Compared = Pick<Shown, "recipe" | "result" | "compare" | "models">;

/** Whether the items are pictures or texts, also before a result tells: then rows are what their model embeds. */
export function kindOf({ recipe, result, models }: Omit<Compared, "compare">): "text" | "image" | "vector" {
  const { kind } = recipe.source;
  if (result) return result.items.kind;
  if (kind === "rows") return models.find(({ card }) => card.id === recipe.model)?.card.kind ?? "text";
  return kind === "images" ? "image" : "text";
}

/** The models that a second map of the same items can be made with. */
export const secondModels = (shown: Compared): ModelInfo[] =>
  shown.models.filter(({ card }) => embeds(card, kindOf(shown)) && card.id !== shown.recipe.model);

/** Why the second model cannot be put beside the first, in one sentence; null when it can. */
export function troubleOf(shown: Compared): string | null {
  const { recipe, result, compare, models } = shown;
  const why = whyNotCompared(recipe, result, compare.model);
  const second = models.find(({ card }) => card.id === compare.model)?.card;
  if (why !== null || !second || embeds(second, kindOf(shown))) return why;
  const [given, wanted] = kindOf(shown) === "image" ? ["pictures", "texts"] : ["texts", "pictures"];
  return `${second.name} embeds ${wanted}, but these are ${given}: choose another second model.`;
}
