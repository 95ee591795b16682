import type { Category } from "../../charts/data";
import { isScale } from "../../charts/map";
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
    if (isScale(categories)) {
      this.#now = categories;
      this.#title.textContent = title ?? "";
      this.#buttons = [];
      fill(this.#list, el("li", {}, this.#scale(categories, styles)));
      return;
    }
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

  /** A bar from the first to the last colour with the names of its ends. */
  #scale(categories: readonly Category[], styles: readonly CategoryStyle[]): HTMLElement {
    const bar = el("div", { class: "scale-bar" });
    bar.style.background = `linear-gradient(to right, ${styles.map(({ color }) => color).join(", ")})`;
    return el(
      "div",
      { class: "scale", title: "The share of an item's nearest that are also its nearest on the map" },
      bar,
      el(
        "div",
        { class: "scale-ends" },
        ...[categories[0], categories.at(-1)].map((end) => el("span", { text: end?.name ?? "" })),
      ),
    );
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
