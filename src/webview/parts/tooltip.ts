import { el, fill } from "../dom";

const GAP = 14;

/** What the pointer is on. It never takes the pointer itself. */
export class Tooltip {
  readonly #element = el("div", { class: "tooltip", id: "lens-tooltip", role: "tooltip", hidden: true });
  #at = { x: 0, y: 0 };

  constructor() {
    document.body.append(this.#element);
    // A thumbnail that arrives makes it larger.
    new ResizeObserver(() => this.#place()).observe(this.#element);
  }

  /** @param x, y pixels of the page */
  show(x: number, y: number, ...content: Node[]): void {
    fill(this.#element, ...content);
    this.#element.hidden = false;
    this.move(x, y);
  }

  move(x: number, y: number): void {
    this.#at = { x, y };
    this.#place();
  }

  hide(): void {
    this.#element.hidden = true;
  }

  /** Beside the pointer, on the side that has room. */
  #place(): void {
    if (this.#element.hidden) return;
    const { clientWidth, clientHeight } = document.documentElement;
    const { offsetWidth, offsetHeight } = this.#element;
    const { x, y } = this.#at;
    const left = x + GAP + offsetWidth <= clientWidth ? x + GAP : Math.max(4, x - GAP - offsetWidth);
    const top = y + GAP + offsetHeight <= clientHeight ? y + GAP : Math.max(4, y - GAP - offsetHeight);
    this.#element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}
