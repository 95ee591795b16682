import type { Category } from "../../charts/data";
import type { CategoryStyle } from "../../charts/palette";
import { el, fill } from "../dom";
import { symbol } from "../icons";
import { number } from "../words";

/** The colours of the map; a click lets one category stand out. */
export class Legend {
  readonly element: HTMLElement;
  readonly #title = el("h2", { text: "Label" });
  readonly #list = el("ul", { class: "legend-rows" });
  #now: readonly Category[] | null = null;
  #buttons: HTMLButtonElement[] = [];

  constructor(private readonly onFocus: (category: number) => void) {
    this.element = el("section", { class: "legend", id: "legend", hidden: true }, this.#title, this.#list);
  }

  update(title: string | null, categories: readonly Category[], styles: readonly CategoryStyle[], focus: number): void {
    this.element.hidden = title === null || categories.length === 0;
    if (categories !== this.#now) {
      this.#now = categories;
      this.#title.textContent = title ?? "";
      this.#buttons = categories.map((category, at) => this.#row(category, styles[at]!, at));
      fill(this.#list, ...this.#buttons.map((row) => el("li", {}, row)));
    }
    this.#buttons.forEach((row, at) => {
      row.setAttribute("aria-pressed", String(at === focus));
      row.classList.toggle("dim", focus !== -1 && at !== focus);
    });
  }

  #row({ name, count }: Category, { color, shape }: CategoryStyle, at: number): HTMLButtonElement {
    return el(
      "button",
      {
        class: "legend-row",
        title: `${name}: ${number(count)}. Click to let it stand out.`,
        attrs: { type: "button" },
        on: {
          click: (event) =>
            this.onFocus((event.currentTarget as HTMLElement).getAttribute("aria-pressed") === "true" ? -1 : at),
        },
      },
      symbol(shape, color),
      el("span", { class: "name", text: name }),
      el("span", { class: "count", text: number(count) }),
    );
  }
}
