import { el } from "../dom";
import { icon } from "../icons";

/** A part of the column beside the chart that is folded away until somebody opens it. */
export class Section {
  readonly element: HTMLElement;
  readonly body: HTMLElement;
  readonly #toggle: HTMLButtonElement;

  /** @param id of the element; that of the toggle and the body start with it */
  constructor(title: string, id: string, onOpen: (open: boolean) => void) {
    this.#toggle = el(
      "button",
      {
        class: "findings-toggle",
        id: `${id}-toggle`,
        attrs: { type: "button", "aria-expanded": "false", "aria-controls": `${id}-body` },
        on: {
          click: () => {
            this.body.hidden = !this.body.hidden;
            this.#toggle.setAttribute("aria-expanded", String(this.open));
            onOpen(this.open);
            this.show();
          },
        },
      },
      icon("chevronRight"),
      el("h2", { text: title }),
    );
    this.body = el("div", { class: "findings-body", id: `${id}-body`, hidden: true });
    this.element = el("section", { class: "findings", id, hidden: true }, this.#toggle, this.body);
  }

  /** Scrolls to what was opened: it may lie below what is seen of the column. */
  show(): void {
    if (this.open) this.element.scrollIntoView({ block: "nearest" });
  }

  get open(): boolean {
    return !this.body.hidden;
  }
}
