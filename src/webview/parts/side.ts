import { el } from "../dom";
import { icon } from "../icons";
import type { Actions } from "./actions";

/** Where the panel is too narrow for a column beside the chart. */
export const NARROW = window.matchMedia("(max-width: 500px)");

/**
 * The legend and the details: a column beside the chart, under it in a narrow panel, where it starts folded. A panel that grows
 * narrow since the source of what was chosen opens beside it goes on showing what is known about it.
 */
export class Side {
  readonly element: HTMLElement;
  readonly #content: HTMLElement;
  readonly #toggle: HTMLButtonElement;
  /** Whether something was chosen when the panel was last wide. */
  #kept = false;

  constructor(actions: Actions, parts: readonly HTMLElement[]) {
    this.#toggle = el(
      "button",
      {
        class: "side-toggle",
        id: "side-toggle",
        attrs: { type: "button", "aria-controls": "side-content" },
        on: { click: () => actions.setFolded(this.#toggle.getAttribute("aria-expanded") === "true") },
      },
      icon("chevronRight"),
      el("span", { text: "Details" }),
    );
    this.#content = el("div", { class: "side-content", id: "side-content" }, ...parts);
    this.element = el("aside", { class: "side", attrs: { "aria-label": "Details" } }, this.#toggle, this.#content);
  }

  /**
   * @param folded what somebody has chosen, null for what fits the width
   * @param chosen whether an item is chosen
   */
  update(folded: boolean | null, chosen: boolean): void {
    if (!NARROW.matches) this.#kept = chosen;
    const closed = folded ?? (NARROW.matches && !this.#kept);
    this.element.classList.toggle("folded", closed);
    this.#content.hidden = closed;
    this.#toggle.setAttribute("aria-expanded", String(!closed));
    this.#toggle.title = closed ? "Show legend and details" : "Hide legend and details";
  }
}
