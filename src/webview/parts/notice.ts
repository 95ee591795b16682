import { el } from "../dom";

const STAYS = 6_000;

/** One line for what has just happened; it goes away by itself. */
export class Notice {
  readonly element = el("div", { class: "notice", id: "notice", role: "status", hidden: true });
  #timer: number | undefined;

  say(text: string, kind: "info" | "error" = "info"): void {
    window.clearTimeout(this.#timer);
    this.element.textContent = text;
    this.element.classList.toggle("error", kind === "error");
    this.element.hidden = false;
    this.#timer = window.setTimeout(() => (this.element.hidden = true), STAYS);
  }
}
