import { beside } from "../beside";
import { el, fill } from "../dom";

/** Pixels around the pointer that stay free where nobody asks for more. */
const GAP = 14;

/** What the pointer is on. It never takes the pointer itself. */
export class Tooltip {
  readonly #element = el("div", { class: "tooltip", id: "lens-tooltip", role: "tooltip", hidden: true });
  #at = { x: 0, y: 0, gap: GAP };

  constructor() {
    document.body.append(this.#element);
    // A thumbnail that arrives makes it larger.
    new ResizeObserver(() => this.#place()).observe(this.#element);
  }

  /**
   * @param x, y pixels of the page
   * @param gap pixels around them that are not covered
   */
  show(content: readonly Node[], x: number, y: number, gap = GAP): void {
    fill(this.#element, ...content);
    this.#element.hidden = false;
    this.move(x, y, gap);
  }

  move(x: number, y: number, gap = GAP): void {
    this.#at = { x, y, gap };
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
    const { x, y } = beside(
      this.#at,
      this.#at.gap,
      { width: offsetWidth, height: offsetHeight },
      { width: clientWidth, height: clientHeight },
    );
    this.#element.style.transform = `translate(${x}px, ${y}px)`;
  }
}
