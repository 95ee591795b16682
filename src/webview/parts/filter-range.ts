import type { NumberField } from "../../charts/fields";
import type { Filter } from "../../charts/filter";
import { nameOf, shareOf, valueAt } from "../../charts/scale";
import { el, setText } from "../dom";

const STEPS = 200;
const DAY = 86_400_000;

/** A range of numbers or dates: two sliders along the field's scale and two fields for exact ends. */
export class FilterRange {
  readonly element: HTMLElement;
  readonly #sliders: readonly [HTMLInputElement, HTMLInputElement];
  readonly #fields: readonly [HTMLInputElement, HTMLInputElement];
  readonly #words = el("div", { class: "scale-ends" }, el("span"), el("span"));
  #field: NumberField | null = null;
  #filter: Filter = { field: "" };

  constructor(private readonly apply: (filter: Filter) => void) {
    this.#sliders = [this.#slider("from", "From"), this.#slider("to", "To")];
    this.#fields = [this.#input("from", "From"), this.#input("to", "To")];
    this.element = el(
      "div",
      { class: "filter-range" },
      ...[0, 1].map((end) =>
        el(
          "div",
          { class: "control" },
          el("span", { class: "caption", text: end === 0 ? "From" : "To" }),
          this.#sliders[end],
          this.#fields[end],
        ),
      ),
      this.#words,
    );
  }

  set(field: NumberField, filter: Filter): void {
    this.#field = field;
    this.#filter = filter;
    const { scale } = field;
    const dates = scale.kind === "time";
    const ends = [filter.from ?? scale.low, filter.to ?? scale.high] as const;
    ends.forEach((value, end) => {
      const slider = this.#sliders[end]!;
      const input = this.#fields[end]!;
      if (slider !== document.activeElement) slider.value = String(Math.round(STEPS * shareOf(scale, value)));
      input.type = dates ? "date" : "number";
      if (!dates) input.step = "any";
      if (input !== document.activeElement) input.value = dates ? day(value) : String(Number(value.toPrecision(6)));
      slider.setAttribute("aria-valuetext", nameOf(scale, value));
    });
    [scale.low, scale.high].forEach((value, end) => setText(this.#words.children[end]!, nameOf(scale, value)));
  }

  #slider(id: string, label: string): HTMLInputElement {
    const attrs = { type: "range", min: "0", max: String(STEPS), step: "1", "aria-label": label };
    const slider = el("input", { class: "slider", id: `filter-${id}-slider`, attrs });
    slider.addEventListener("input", () => {
      const { scale } = this.#field!;
      const at = Number(slider.value);
      // A slider at its end is no end at all.
      const open = id === "from" ? at === 0 : at === STEPS;
      const value = valueAt(scale, at / STEPS);
      this.#end(id, open ? null : scale.kind === "time" ? Math.round(value) : Number(value.toPrecision(6)));
    });
    return slider;
  }

  #input(id: string, label: string): HTMLInputElement {
    const input = el("input", { class: "number", id: `filter-${id}`, attrs: { "aria-label": label } });
    input.addEventListener("change", () => {
      const dates = this.#field!.scale.kind === "time";
      const typed = dates ? Date.parse(input.value) : Number(input.value);
      if (input.value.trim() === "" || !Number.isFinite(typed)) return this.#end(id, null);
      // A day counts to its end.
      this.#end(id, dates && id === "to" ? typed + DAY - 1 : typed);
    });
    return input;
  }

  #end(id: string, value: number | null): void {
    this.apply({ ...this.#filter, [id]: value });
  }
}

const day = (value: number): string => new Date(value).toISOString().slice(0, 10);
