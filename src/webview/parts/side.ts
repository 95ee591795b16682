import { el } from "../dom";
import { icon } from "../icons";
import type { Actions } from "./actions";

/** Where the panel is too narrow for a column beside the chart. */
export const NARROW = window.matchMedia("(max-width: 500px)");

/** The legend and the details: a column beside the chart, under it in a narrow panel, where it starts folded. */
export class Side {
  readonly element: HTMLElement;
  readonly #content: HTMLElement;
  readonly #toggle: HTMLButtonElement;

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

  update(folded: boolean | null): void {
    const closed = folded ?? NARROW.matches;
    this.element.classList.toggle("folded", closed);
    this.#content.hidden = closed;
    this.#toggle.setAttribute("aria-expanded", String(!closed));
    this.#toggle.title = closed ? "Show legend and details" : "Hide legend and details";
  }
}
