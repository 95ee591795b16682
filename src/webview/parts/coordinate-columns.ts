import type { TablePreview } from "../../protocol/table";
import { el } from "../dom";
import { Select, type Choice } from "../ui";

const NONE = "none";
const AXES = ["x", "y", "z"] as const;

/** Ready coordinates of a map: two or three columns of numbers, or one column that holds them all. */
export class CoordinateColumns {
  readonly element: HTMLElement;
  readonly #axes: readonly Select[];
  #preview: TablePreview | null = null;
  /** What is chosen so far; one number alone is no map yet. */
  #chosen: (number | null)[] = [null, null, null];

  constructor(private readonly onChange: (columns: number[]) => void) {
    this.#axes = AXES.map((axis, at) => new Select(axis, `columns-${axis}`, (value) => this.#choose(at, value)));
    this.element = el(
      "div",
      { class: "columns-coordinates" },
      el("span", { class: "caption", text: "Coordinates" }),
      ...this.#axes.map(({ element }) => element),
    );
  }

  set(preview: TablePreview): void {
    this.#preview = preview;
    this.#chosen = AXES.map((_, at) => preview.used.map[at] ?? null);
    this.#draw();
  }

  #draw(): void {
    const columns = this.#preview?.columns ?? [];
    const [first] = this.#chosen;
    const whole = this.#isWhole(first ?? null);
    this.#axes.forEach((select, at) => {
      const value = this.#chosen[at] ?? null;
      const choices = columns.map(({ name, kind }, i): Choice => {
        const fits = kind === "number" || (at === 0 && (kind === "vector" || kind === "list"));
        return { value: String(i), label: name, disabled: !fits && i !== value };
      });
      select.set([{ value: NONE, label: "None" }, ...choices], value === null ? NONE : String(value));
      select.element.hidden = at > 0 && (first === null || whole || (at === 2 && this.#chosen[1] === null));
    });
    this.element.hidden = first === null && !columns.some(({ kind }) => kind === "number" || kind === "vector");
  }

  /** A column of vectors holds all coordinates of a point. */
  #isWhole(column: number | null): boolean {
    return column !== null && this.#preview?.columns[column]?.kind !== "number";
  }

  #choose(at: number, value: string): void {
    this.#chosen = this.#chosen.map((before, i) => (i === at ? (value === NONE ? null : Number(value)) : before));
    const [x = null, y = null, z = null] = this.#chosen;
    this.#draw();
    if (x === null) return this.onChange([]);
    if (this.#isWhole(x)) return this.onChange([x]);
    if (y !== null) this.onChange(z === null ? [x, y] : [x, y, z]);
  }
}
