import type { PanelComparison } from "../../protocol/compare";
import { el, fill } from "../dom";
import type { Items } from "../items";
import type { Shown } from "../state";
import { linkButton } from "../ui";
import { number, sharedWords, wayWords } from "../words";
import type { Actions } from "./actions";
import { findingRow } from "./item-view";

/** Rows at first, and how many more a click brings. */
const FIRST = 5;
const MORE = 40;

/** The items that two models see most differently, each leading to the item. */
export class Moved {
  readonly #rows = el("ol", { class: "finding-rows", id: "moved-rows" });
  readonly element = el(
    "section",
    { class: "moved", id: "moved", hidden: true },
    el("h2", { text: "Moved most" }),
    el("p", {
      class: "hint",
      text: "Fewest shared neighbours first, then by how far (in map radii).",
      title:
        "The way from its place on the first map to that on the second, laid onto the first, in root mean square radii of the first.",
    }),
    this.#rows,
  );
  #of: PanelComparison | null = null;
  /** Rows in the list. */
  #count = 0;

  constructor(
    private readonly items: Items,
    private readonly actions: Actions,
  ) {}

  update({ view, comparison, result, look }: Shown): void {
    this.element.hidden = view !== "compare" || !comparison || !result;
    if (this.element.hidden || !comparison) return;
    if (comparison !== this.#of) {
      this.#of = comparison;
      this.#count = 0;
      fill(this.#rows);
      this.#add(comparison, FIRST);
    }
    const last = look.selected.at(-1);
    for (const row of this.#rows.querySelectorAll<HTMLElement>(".finding")) {
      row.setAttribute("aria-current", String(Number(row.dataset["item"]) === last));
    }
  }

  #add(comparison: PanelComparison, count: number): void {
    const next = comparison.moved.subarray(this.#count, this.#count + count);
    this.#count += next.length;
    this.#rows.append(...Array.from(next, (at) => el("li", {}, this.#row(comparison, at))));
    const rest = comparison.moved.length - this.#count;
    if (rest > 0) this.#rows.append(el("li", {}, this.#more(comparison, Math.min(MORE, rest))));
  }

  #more(comparison: PanelComparison, count: number): HTMLElement {
    const more = linkButton(`Show ${number(count)} more`, () => {
      more.parentElement?.remove();
      this.#add(comparison, count);
    });
    more.id = "moved-more";
    return more;
  }

  #row({ index, overlap, k, shift }: PanelComparison, at: number): HTMLElement {
    const item = index[at]!;
    const value = shift.length > 0 ? { text: shift[at]!.toFixed(2), title: wayWords(shift[at]!) } : null;
    const words = [sharedWords(overlap[at]!, k)];
    const row = findingRow(this.items, [item], value, words, () => this.actions.pick(item, { reveal: true }));
    row.dataset["item"] = String(item);
    return row;
  }
}
