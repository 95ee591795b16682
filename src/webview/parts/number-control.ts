import { el } from "../dom";
import type { Range } from "../edits";

/**
 * A number with its caption: a slider for the usual range and a field for exact values. The toolkit has neither.
 * `onChange` comes with every move; whoever runs something on it waits for the hand to rest.
 */
export class NumberControl {
  readonly element: HTMLElement;
  readonly #slider: HTMLInputElement | null;
  readonly #field: HTMLInputElement;
  /** Values beyond the slider that the field still takes. */
  readonly #most: number;
  /** Where the field may be empty: somebody has emptied it. */
  readonly #onEmpty: (() => void) | undefined;

  constructor(
    caption: string,
    id: string,
    onChange: (value: number) => void,
    { slider = true, most = Infinity, onEmpty }: { slider?: boolean; most?: number; onEmpty?: () => void } = {},
  ) {
    this.#most = most;
    this.#onEmpty = onEmpty;
    this.#field = el("input", { class: "number", id, attrs: { type: "number", "aria-label": caption } });
    if (onEmpty) this.#field.placeholder = "auto";
    this.#slider = slider
      ? el("input", { class: "slider", id: `${id}-slider`, attrs: { type: "range", "aria-label": caption } })
      : null;
    this.#field.addEventListener("change", () => this.#fromField(onChange));
    this.#slider?.addEventListener("input", () => {
      this.#field.value = this.#slider!.value;
      onChange(Number(this.#slider!.value));
    });
    this.element = el(
      "div",
      { class: "control" },
      el("span", { class: "caption", text: caption }),
      this.#slider,
      this.#field,
    );
  }

  /** Shows a value; an input that has the focus and is being edited is left alone. */
  set(value: number | "", range: Range): void {
    for (const input of [this.#slider, this.#field]) {
      if (!input) continue;
      input.min = String(range.min);
      input.max = String(input === this.#field && this.#most !== Infinity ? this.#most : range.max);
      input.step = String(range.step);
      if (input !== document.activeElement || input.type === "range") input.value = String(value);
    }
  }

  #fromField(onChange: (value: number) => void): void {
    const { min, max, step } = this.#field;
    if (this.#field.value.trim() === "" && this.#onEmpty) return this.#onEmpty();
    const typed = Number(this.#field.value);
    if (this.#field.value.trim() === "" || !Number.isFinite(typed)) return;
    const whole = Number(step) >= 1 ? Math.round(typed) : typed;
    const value = Math.min(Number(max), Math.max(Number(min), whole));
    this.#field.value = String(value);
    onChange(value);
  }
}
