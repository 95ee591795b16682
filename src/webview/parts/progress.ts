import type { Progress } from "../../protocol/engine";
import { el, setText } from "../dom";
import { button } from "../ui";
import { progressWords } from "../words";

/** Work that is over sooner shows nothing. */
const DELAY = 200;

/** How far the run is, in counts, and the way to stop it. */
export class ProgressBar {
  readonly element: HTMLElement;
  readonly #words = el("span", { class: "progress-words", id: "progress-words" });
  readonly #fill = el("div", { class: "progress-fill" });
  readonly #bar: HTMLElement;
  readonly #keep: HTMLElement;
  #timer: number | undefined;

  constructor(onCancel: () => void, onEnough: () => void) {
    this.#bar = el(
      "div",
      { class: "progress-bar", role: "progressbar", attrs: { "aria-labelledby": "progress-words" } },
      this.#fill,
    );
    const cancel = button("Cancel", onCancel);
    cancel.id = "cancel";
    this.#keep = button("Stop and Keep", onEnough);
    this.#keep.id = "enough";
    this.#keep.title = "Ends the reduction now and shows the map as it is";
    this.#keep.hidden = true;
    const parts = [this.#words, this.#bar, this.#keep, cancel];
    this.element = el("div", { class: "progress", id: "progress", hidden: true }, ...parts);
  }

  /** Its height in pixels, 0 while it is hidden. */
  get height(): number {
    return this.element.offsetHeight;
  }

  /**
   * @param running what is under way, null for nothing; `second`: with the second model
   * @param forming whether there is a map already that could be kept
   */
  update(running: { progress: Progress | null; second: boolean } | null, forming: boolean): void {
    this.#keep.hidden = !forming;
    if (running === null) {
      window.clearTimeout(this.#timer);
      this.#timer = undefined;
      this.element.hidden = true;
      return;
    }
    this.#timer ??= window.setTimeout(() => (this.element.hidden = false), DELAY);
    const { progress, second } = running;
    setText(this.#words, second ? `Second model: ${progressWords(progress)}` : progressWords(progress));
    const share = progress && progress.total > 0 ? Math.min(1, progress.done / progress.total) : null;
    this.#bar.classList.toggle("unknown", share === null);
    this.#fill.style.width = share === null ? "" : `${(100 * share).toFixed(1)}%`;
    if (share === null) this.#bar.removeAttribute("aria-valuenow");
    else this.#bar.setAttribute("aria-valuenow", String(Math.round(100 * share)));
  }
}
