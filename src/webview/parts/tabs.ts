import type { View } from "../../protocol/panel";
import { el } from "../dom";

const TABS: readonly { view: View; label: string }[] = [
  { view: "map", label: "Map" },
  { view: "similarity", label: "Similarity" },
  { view: "network", label: "Network" },
  { view: "compare", label: "Compare" },
];

/** Map | Similarity | Network | Compare, as the tabs of VS Code's panels look; arrow keys change them. */
export class Tabs {
  readonly element: HTMLElement;
  readonly #buttons: Map<View, HTMLButtonElement>;

  constructor(onChange: (view: View) => void) {
    this.#buttons = new Map(
      TABS.map(({ view, label }) => [
        view,
        el("button", {
          class: "tab",
          id: `tab-${view}`,
          role: "tab",
          text: label,
          attrs: { type: "button", "aria-controls": "chart" },
          on: { click: () => onChange(view) },
        }),
      ]),
    );
    this.element = el("div", { class: "tabs", role: "tablist", attrs: { "aria-label": "Picture" } });
    this.element.append(...this.#buttons.values());
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const at = TABS.findIndex(({ view }) => this.#buttons.get(view) === document.activeElement);
      const step = event.key === "ArrowRight" ? 1 : TABS.length - 1;
      const other = TABS[(at + step) % TABS.length]!;
      onChange(other.view);
      this.#buttons.get(other.view)?.focus();
      event.preventDefault();
    });
  }

  update(view: View): void {
    for (const [name, button] of this.#buttons) {
      button.setAttribute("aria-selected", String(name === view));
      button.tabIndex = name === view ? 0 : -1;
    }
  }
}
