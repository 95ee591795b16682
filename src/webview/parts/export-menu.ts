import type { ExportFormat } from "../../protocol/panel";
import { el, setText } from "../dom";
import type { Shown } from "../state";
import { button, Check } from "../ui";
import { Popover } from "./popover";

const FORMATS: readonly { format: ExportFormat; label: string; hint: string }[] = [
  { format: "png", label: "PNG", hint: "the chart as a picture" },
  { format: "svg", label: "SVG", hint: "the chart as a drawing" },
  { format: "html", label: "HTML", hint: "the interactive chart in one file" },
  { format: "csv", label: "CSV", hint: "items, coordinates, clusters" },
  { format: "jsonl", label: "JSON Lines", hint: "items with their vectors, one a line" },
  { format: "parquet", label: "Parquet", hint: "items with their vectors" },
  { format: "arrow", label: "Arrow", hint: "items with their vectors" },
  { format: "tsv", label: "Projector", hint: "vectors and metadata for the Embedding Projector" },
  { format: "npy", label: "npy", hint: "coordinates or matrix for NumPy" },
  { format: "vectors", label: "npy, vectors", hint: "the embeddings for NumPy" },
  { format: "json", label: "JSON", hint: "the whole result" },
  { format: "copy", label: "Copy", hint: "add the cluster to a copy of the file…" },
  { format: "recipe", label: "Recipe", hint: "how to make this again" },
];

/** What can be saved, of all items or of the selected ones. */
export class ExportMenu {
  readonly element: HTMLElement;
  readonly #trigger: HTMLElement;
  /** Pictures of the chart and recipes are always whole. */
  readonly #only = new Check("", "export-selected", (only) => (this.#onlySelected = only));
  #onlySelected = false;
  #selected: readonly number[] = [];
  readonly #csvHint: Element | null;
  readonly #copy: HTMLElement | undefined;

  /** @param onChoose gets the items to save, null for all */
  constructor(onChoose: (format: ExportFormat, selection: readonly number[] | null) => void) {
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
              onChoose(format, this.#onlySelected ? this.#selected : null);
            },
          },
        },
        el("span", { text: label }),
        el("span", { class: "hint", text: hint }),
      ),
    );
    this.#csvHint = items.find(({ id }) => id === "export-csv")?.querySelector(".hint") ?? null;
    this.#copy = items.find(({ id }) => id === "export-copy");
    const popover = new Popover(this.#trigger, [...items, this.#only.element], {
      role: "menu",
      label: "Export",
      className: "menu",
    });
    this.element = popover.element;
  }

  update({ result, recipe, view, comparison, look: { selected } }: Shown): void {
    this.#selected = selected;
    if (selected.length < 2) this.#onlySelected = false;
    this.#only.element.hidden = selected.length < 2;
    this.#only.element.textContent = `Only the ${selected.length.toLocaleString("en-US")} selected items`;
    this.#only.set(this.#onlySelected);
    if (this.#csvHint) {
      const compared = view === "compare" && comparison !== null;
      setText(this.#csvHint, compared ? "items, shared neighbours, both maps" : "items, coordinates, clusters");
    }
    const { kind, paths } = recipe.source;
    const isTable = (kind === "rows" || kind === "vectors") && paths.length === 1;
    if (this.#copy) this.#copy.hidden = !isTable || !result || result.cluster.length === 0;
    this.#trigger.toggleAttribute("disabled", !result);
  }
}
