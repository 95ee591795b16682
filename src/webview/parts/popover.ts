import { el } from "../dom";

/** A panel that opens under a button and closes on Escape, on a click elsewhere and when the focus leaves it. */
export class Popover {
  readonly element: HTMLElement;
  readonly #panel: HTMLElement;

  constructor(
    private readonly trigger: HTMLElement,
    content: readonly HTMLElement[],
    { role, label, className }: { role: "menu" | "dialog"; label: string; className: string },
  ) {
    this.#panel = el("div", { class: `popover ${className}`, role, hidden: true, attrs: { "aria-label": label } });
    this.#panel.append(...content);
    trigger.setAttribute("aria-haspopup", role);
    trigger.setAttribute("aria-expanded", "false");
    trigger.addEventListener("click", () => this.toggle());
    this.element = el("div", { class: "popover-anchor" }, trigger, this.#panel);
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("focusout", (event) => {
      if (event.relatedTarget instanceof Node && !this.element.contains(event.relatedTarget)) this.close();
    });
    document.addEventListener("pointerdown", (event) => {
      if (event.target instanceof Node && !this.element.contains(event.target)) this.close();
    });
  }

  get open(): boolean {
    return !this.#panel.hidden;
  }

  toggle(): void {
    if (this.open) this.close();
    else {
      this.#panel.hidden = false;
      this.trigger.setAttribute("aria-expanded", "true");
      this.#place();
      this.#stops()[0]?.focus();
    }
  }

  close(): void {
    if (!this.open) return;
    const had = this.#panel.contains(document.activeElement);
    this.#panel.hidden = true;
    this.trigger.setAttribute("aria-expanded", "false");
    if (had) this.trigger.focus();
  }

  /** Keeps the panel inside the page, whatever line the button has wrapped to. */
  #place(): void {
    this.#panel.style.left = "0";
    const over = this.#panel.getBoundingClientRect().right - document.documentElement.clientWidth + 6;
    if (over > 0) this.#panel.style.left = `${-over}px`;
  }

  #key(event: KeyboardEvent): void {
    if (!this.open) return;
    if (event.key === "Escape") {
      // An open list in the panel takes the key for itself.
      if (!event.defaultPrevented) this.close();
      event.stopPropagation();
    } else if (this.#panel.getAttribute("role") === "menu" && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const stops = this.#stops();
      const at = stops.indexOf(document.activeElement as HTMLElement);
      stops[(at + (event.key === "ArrowDown" ? 1 : -1) + stops.length) % stops.length]?.focus();
      event.preventDefault();
    }
  }

  #stops(): HTMLElement[] {
    return [...this.#panel.querySelectorAll<HTMLElement>("button, input, vscode-dropdown, vscode-checkbox")].filter(
      (stop) => stop.offsetParent !== null,
    );
  }
}
