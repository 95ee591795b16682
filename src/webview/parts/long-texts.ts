import type { LongTexts } from "../../protocol/recipe";
import type { RunResult } from "../../protocol/result";
import { el } from "../dom";
import { withLong } from "../edits";
import type { Shown } from "../state";
import { linkButton, Select, type Choice } from "../ui";
import type { Actions } from "./actions";

const CHOICES: (Choice & { value: LongTexts })[] = [
  { value: "cut", label: "Only their beginning" },
  { value: "split", label: "Split into passages" },
  { value: "average", label: "Mean of their passages" },
];

/** What becomes of texts that are longer than the model's window: a choice of the recipe. */
export class LongTextsChoice {
  readonly #select: Select;

  constructor(private readonly actions: Actions) {
    this.#select = new Select("Long texts", "long-texts", (long) => this.#choose(long as LongTexts));
  }

  get element(): HTMLElement {
    return this.#select.element;
  }

  update({ draft, result }: Shown): void {
    const kind = result?.items.kind ?? (draft.source.kind === "images" ? "image" : "text");
    this.#select.element.hidden = kind !== "text";
    this.#select.set(CHOICES, draft.source.long ?? "cut");
  }

  #choose(long: LongTexts): void {
    this.actions.change((recipe) => withLong(recipe, long));
  }
}

/** Where texts were cut: the two ways to read all of them. Null where none was. */
export function offerPassages({ truncated }: RunResult, actions: Actions): HTMLElement | null {
  if (truncated === undefined) return null;
  const choose = (long: LongTexts) => () => actions.change((recipe) => withLong(recipe, long));
  return el(
    "span",
    { class: "long-offer", id: "long-offer" },
    linkButton("Split into passages", choose("split")),
    linkButton("Use the mean of their passages", choose("average")),
  );
}
