import type { ExportFormat } from "../../protocol/panel";
import { el } from "../dom";
import type { Shown } from "../state";
import { button } from "../ui";
import { Popover } from "./popover";

const FORMATS: readonly { format: ExportFormat; label: string; hint: string }[] = [
  { format: "png", label: "PNG", hint: "the chart as a picture" },
  { format: "svg", label: "SVG", hint: "the chart as a drawing" },
  { format: "html", label: "HTML", hint: "the interactive chart in one file" },
  { format: "csv", label: "CSV", hint: "items, coordinates, clusters" },
  { format: "json", label: "JSON", hint: "the whole result" },
  { format: "npy", label: "npy", hint: "coordinates or matrix for NumPy" },
  { format: "recipe", label: "Recipe", hint: "how to make this again" },
];

/** What can be saved. */
export class ExportMenu {
  readonly element: HTMLElement;
  readonly #trigger: HTMLElement;

  constructor(onChoose: (format: ExportFormat) => void) {
    this.#trigger = button("Export", () => undefined, { trailing: "chevronDown" });
    this.#trigger.id = "export";
    const items = FORMATS.map(({ format, label, hint }) =>
      el(
        "button",
        {
          class: "menu-item",
          role: "menuitem",
          id: `export-${format}`,
          attrs: { type: "button" },
          on: {
            click: () => {
              popover.close();
              onChoose(format);
            },
          },
        },
        el("span", { text: label }),
        el("span", { class: "hint", text: hint }),
      ),
    );
    const popover = new Popover(this.#trigger, items, { role: "menu", label: "Export", className: "menu" });
    this.element = popover.element;
  }

  update({ result }: Shown): void {
    this.#trigger.toggleAttribute("disabled", !result);
  }
}
