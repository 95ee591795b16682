import type { Category } from "../../charts/coloring";
import type { MapData } from "../../charts/data";
import { NO_FILTERS, withFilter, type Filter, type Filters } from "../../charts/filter";
import { categoryStyles, isScale } from "../../charts/map";
import type { CategoryStyle } from "../../charts/palette";
import type { ChartTheme } from "../../charts/theme";
import type { Cluster } from "../../protocol/result";
import { breakable, el, fill } from "../dom";
import { symbol } from "../icons";
import type { Items } from "../items";
import { colorByOf, type Shown } from "../state";
import { linkButton } from "../ui";
import { number } from "../words";
import type { Actions } from "./actions";
import { itemName, rowThumbnails } from "./item-view";
import { scaleLegend } from "./scale-legend";

type LegendData = Pick<MapData, "colorTitle" | "categories" | "scaleTicks">;
type Choose = (category: number, add: boolean) => void;

/**
 * The colours of the map, or of the groups of a heatmap: a click on a name lets it stand out, on a heatmap it chooses its
 * items; one on its mark takes it off. Under a cluster that stands out is its exemplar.
 */
export class Legend {
  readonly element: HTMLElement;
  readonly #title = el("h2", { text: "Label" });
  readonly #all = linkButton("Show all", () => this.#showAll());
  readonly #list = el("ul", { class: "legend-rows" });
  readonly #exemplar = el("li", { id: "legend-exemplar" });
  #exemplarOf: Cluster | null = null;
  #now: { data: LegendData; shade: string } | null = null;
  #rows: HTMLElement[] = [];
  #field = "";
  #filters: Filters = NO_FILTERS;
  #choose: Choose | null = null;

  constructor(
    private readonly items: Items,
    private readonly actions: Pick<Actions, "setFocus" | "setFilters" | "pick">,
  ) {
    this.#all.id = "legend-all";
    this.element = el(
      "section",
      { class: "legend", id: "legend", hidden: true },
      el("div", { class: "details-head" }, this.#title, this.#all),
      this.#list,
    );
  }

  /**
   * @param data null where no colours are shown
   * @param choose what a click on a name does where nothing can stand out
   */
  update(data: LegendData | null, shown: Shown, theme: ChartTheme, choose: Choose | null = null): void {
    const { filters, order } = shown.look;
    this.element.hidden = !data || data.colorTitle === null || data.categories.length === 0;
    if (!data || this.element.hidden) return;
    this.#choose = choose;
    this.#field = choose ? order : colorByOf(shown);
    const focus = choose ? -1 : shown.focus;
    this.#filters = filters;
    this.#all.hidden = !filters.list.some(({ field }) => field === this.#field);
    if (this.#now?.data !== data || this.#now.shade !== theme.shade) {
      this.#now = { data, shade: theme.shade };
      this.#fill(data, categoryStyles(data.categories, theme));
    }
    this.#rows.forEach((row, at) => {
      row.querySelector(".legend-name")?.setAttribute("aria-pressed", String(at === focus));
      row.classList.toggle("dim", focus !== -1 && at !== focus);
    });
    const name = this.#field === "cluster" ? data.categories[focus]?.name : undefined;
    this.#showExemplar(shown.result?.clusters.find(({ label }) => label === name) ?? null, this.#rows[focus]);
  }

  #showExemplar(cluster: Cluster | null, row: HTMLElement | undefined): void {
    if (!cluster || !row) return this.#exemplar.remove();
    if (row.parentElement?.nextSibling !== this.#exemplar) row.parentElement?.after(this.#exemplar);
    if (cluster === this.#exemplarOf) return;
    this.#exemplarOf = cluster;
    const { exemplar } = cluster;
    const open = el(
      "button",
      {
        class: "neighbor",
        title: "The item in the middle of this cluster",
        attrs: { type: "button" },
        on: { click: () => this.actions.pick(exemplar, { reveal: true }) },
      },
      ...rowThumbnails(this.items, [exemplar]),
      el("span", { class: "neighbor-words" }, itemName(this.items, exemplar), el("small", { text: "Exemplar" })),
    );
    fill(this.#exemplar, open);
  }

  #fill({ colorTitle, categories, scaleTicks }: LegendData, styles: readonly CategoryStyle[]): void {
    const scale = isScale(categories);
    this.#title.textContent = colorTitle ?? "";
    // Drawing a long list anew must not lose the place of the hand and the focus.
    const { scrollTop } = this.#list;
    const focused = this.#list.contains(document.activeElement) ? document.activeElement?.id : undefined;
    const rows = categories.flatMap((category, at) =>
      category.kind === "out" || category.kind === "step" ? [] : [this.#row(category, styles[at]!, at)],
    );
    // A focus is the number of a category: only lists of names have one.
    this.#rows = scale ? [] : rows;
    fill(
      this.#list,
      scale && el("li", {}, scaleLegend(categories, styles, scaleTicks ?? [])),
      ...rows.map((row) => el("li", {}, row)),
    );
    this.#list.scrollTop = scrollTop;
    if (focused) document.getElementById(focused)?.focus();
  }

  #row(category: Category, { color, shape }: CategoryStyle, at: number): HTMLElement {
    const { name, count, of = count } = category;
    const off = this.#isOff(category);
    const mark = el(
      "button",
      {
        class: "legend-mark",
        id: `legend-mark-${at}`,
        role: "checkbox",
        title: off ? `Show ${name}` : `Hide ${name}`,
        attrs: { type: "button", "aria-checked": String(!off), "aria-label": `Show ${name}` },
        on: { click: () => this.#toggle(category) },
      },
      symbol(shape, color, off),
    );
    const words = count < of ? `${number(count)} of ${number(of)}` : number(of);
    const text = el(
      "button",
      {
        class: "legend-name",
        id: `legend-name-${at}`,
        title: `${name}: ${words}. ${this.#choose ? "Click to choose them." : "Click to let it stand out."}`,
        attrs: { type: "button", "aria-pressed": "false" },
        on: {
          click: (event) => {
            const add = event instanceof MouseEvent && (event.ctrlKey || event.metaKey || event.shiftKey);
            if (this.#choose) this.#choose(at, add);
            else this.actions.setFocus(text.getAttribute("aria-pressed") === "true" ? -1 : at);
          },
        },
      },
      el("span", { class: "name" }, ...breakable(name)),
      el("span", { class: "count", text: number(count) }),
    );
    return el("div", { class: off ? "legend-row off" : "legend-row" }, mark, text);
  }

  get #filter(): Filter {
    return this.#filters.list.find(({ field }) => field === this.#field) ?? { field: this.#field };
  }

  #isOff({ kind, name, values }: Category): boolean {
    const { hide = [], hideNone = false, hideOther = false } = this.#filter;
    if (kind === "none" || kind === "noise") return hideNone;
    if (kind === "other") return hideOther || (values?.length ? values.every((one) => hide.includes(one)) : false);
    return hide.includes(name);
  }

  #toggle(category: Category): void {
    const { kind, name, values = [] } = category;
    const off = !this.#isOff(category);
    const filter = this.#filter;
    if (kind === "none" || kind === "noise") return this.#apply({ ...filter, hideNone: off });
    const names = new Set(kind === "other" ? values : [name]);
    const hide = (filter.hide ?? []).filter((one) => !names.has(one));
    if (off) hide.push(...names);
    this.#apply({ ...filter, hide, ...(kind === "other" && { hideOther: off }) });
  }

  #showAll(): void {
    this.#apply({ field: this.#field });
  }

  #apply(filter: Filter): void {
    this.actions.setFilters(withFilter(this.#filters, filter));
  }
}
