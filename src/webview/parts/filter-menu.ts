import { fieldOf, fieldsOf, type Field } from "../../charts/fields";
import { isActive, NO_FILTERS, withFilter, type Filter, type Filters } from "../../charts/filter";
import type { RunResult } from "../../protocol/result";
import { el, fill } from "../dom";
import { colorByOf, type Shown } from "../state";
import { Select, button, linkButton } from "../ui";
import { filterWords } from "../filter-words";
import type { Actions } from "./actions";
import { FilterRange } from "./filter-range";
import { filterValues } from "./filter-values";
import { Popover } from "./popover";

/** A list of more columns than this helps nobody. */
const MOST_FIELDS = 200;
const REST = 200;

/** Which items are shown: by words, by the values of a column, by a range of numbers or dates. Nothing runs for it. */
export class FilterMenu {
  readonly element: HTMLElement;
  readonly #popover: Popover;
  readonly #label: ChildNode | null;
  readonly #search: HTMLInputElement;
  readonly #field: Select;
  readonly #editor = el("div", { class: "filter-editor" });
  readonly #range: FilterRange;
  readonly #active = el("ul", { class: "filter-list", attrs: { "aria-label": "Filters" } });
  readonly #clear: HTMLElement;
  #result: RunResult | null = null;
  #filters: Filters = NO_FILTERS;
  #chosen: string | null = null;
  #drawn = "";
  #resting: number | undefined;

  constructor(private readonly actions: Pick<Actions, "setFilters">) {
    this.#search = el("input", {
      class: "search",
      id: "filter-search",
      attrs: { type: "search", placeholder: "Letters in a label or value", "aria-label": "Search labels and values" },
    });
    this.#search.addEventListener("input", () => {
      window.clearTimeout(this.#resting);
      this.#resting = window.setTimeout(() => this.#set({ ...this.#filters, search: this.#search.value }), REST);
    });
    this.#field = new Select("By", "filter-field", (field) => {
      this.#chosen = field;
      this.#draw();
    });
    this.#range = new FilterRange((filter) => this.#apply(filter));
    this.#clear = linkButton("Clear all filters", () => {
      this.#search.value = "";
      this.#set(NO_FILTERS);
    });
    this.#clear.id = "filter-clear";
    const trigger = button("Filter", () => undefined, { trailing: "chevronDown" });
    trigger.id = "filter";
    this.#label = trigger.firstChild;
    this.#popover = new Popover(trigger, [this.#search, this.#field.element, this.#editor, this.#active, this.#clear], {
      role: "dialog",
      label: "Filter",
      className: "filter",
    });
    trigger.addEventListener("click", () => this.#draw());
    this.element = this.#popover.element;
  }

  update(shown: Shown): void {
    const { result, look } = shown;
    this.#filters = look.filters;
    this.#result = result;
    const fields = result ? fieldsOf(result).slice(0, MOST_FIELDS) : [];
    const active = look.filters.list.filter(isActive).length + (look.filters.search.trim() === "" ? 0 : 1);
    this.element.hidden = fields.length === 0 && active === 0;
    if (this.#label) this.#label.textContent = active > 0 ? `Filter (${active})` : "Filter";
    if (!result || this.element.hidden) return this.#popover.close();
    if (!fields.some(({ id }) => id === this.#chosen)) {
      const colored = colorByOf(shown);
      this.#chosen = fields.find(({ id }) => id === colored)?.id ?? fields[0]?.id ?? null;
    }
    this.#field.set(
      fields.map(({ id, title }) => ({ value: id, label: title })),
      this.#chosen ?? "",
    );
    if (this.#search !== document.activeElement) this.#search.value = look.filters.search;
    this.#draw();
  }

  #draw(): void {
    const result = this.#result;
    if (!result || !this.#popover.open) return;
    const field = fieldOf(result, this.#chosen);
    const key = `${this.#chosen} ${result.fingerprint} ${JSON.stringify(this.#filters)}`;
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.#edit(field);
    const { list } = this.#filters;
    fill(
      this.#active,
      ...list.flatMap((filter) => {
        const of = fieldOf(result, filter.field);
        return of ? [this.#chip(of, filter)] : [];
      }),
    );
    this.#clear.hidden = list.length === 0 && this.#filters.search.trim() === "";
  }

  #edit(field: Field | null): void {
    if (!field) return fill(this.#editor);
    const filter = this.#filters.list.find((one) => one.field === field.id) ?? { field: field.id };
    if (field.kind === "category") {
      const scroll = this.#editor.querySelector(".filter-values")?.scrollTop ?? 0;
      const focused = document.activeElement?.id ?? "";
      fill(
        this.#editor,
        filterValues(field, filter, (next) => this.#apply(next)),
      );
      this.#editor.querySelector(".filter-values")?.scrollTo(0, scroll);
      if (focused.startsWith("filter-value")) document.getElementById(focused)?.focus();
      return;
    }
    this.#range.set(field, filter);
    if (this.#editor.firstChild !== this.#range.element) fill(this.#editor, this.#range.element);
  }

  #chip(field: Field, filter: Filter): HTMLElement {
    const words = filterWords(field, filter);
    const remove = linkButton("Remove", () => this.#apply({ field: field.id }));
    remove.setAttribute("aria-label", `Remove the filter ${words}`);
    return el("li", {}, el("span", { class: "name", text: words, title: words }), remove);
  }

  #apply(filter: Filter): void {
    this.#set(withFilter(this.#filters, filter));
  }

  #set(filters: Filters): void {
    this.actions.setFilters(filters);
  }
}
