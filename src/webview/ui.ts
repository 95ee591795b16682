// The only module that knows @vscode/webview-ui-toolkit, which is archived: the day it breaks, these four functions change.
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
} from "@vscode/webview-ui-toolkit";
import { build, el } from "./dom";
import { icon, type IconName } from "./icons";

/** What is used of the toolkit's elements. */
interface Button extends HTMLElement {
  appearance: string;
}
interface Dropdown extends HTMLElement {
  value: string;
}
interface Checkbox extends HTMLElement {
  checked: boolean;
}

/** Makes the controls known to the page; once, before any of them is made. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeDropdown(), vsCodeOption());
}

/** A push button; with an icon alone, `label` is what a screen reader says and the tooltip. */
export function button(
  label: string,
  onClick: () => void,
  look: { kind?: "primary" | "secondary" | "icon"; icon?: IconName; trailing?: IconName } = {},
): HTMLElement {
  const kind = look.kind ?? "secondary";
  const element = document.createElement("vscode-button") as Button;
  element.appearance = kind;
  if (kind === "icon") {
    element.append(icon(look.icon ?? "gear"));
    element.title = label;
    element.setAttribute("aria-label", label);
  } else {
    element.append(label);
    if (look.trailing) element.append(build(el("span"), { class: "trailing" }, [icon(look.trailing)]));
  }
  element.addEventListener("click", onClick);
  return element;
}

/** Looks like a link and acts on the page: a real button, so that keys and screen readers know it. */
export function linkButton(text: string, onClick: () => void): HTMLButtonElement {
  return el("button", { class: "link", text, attrs: { type: "button" }, on: { click: onClick } });
}

export interface Choice {
  value: string;
  label: string;
  disabled?: boolean;
}

/** A drop-down list with its caption. */
export class Select {
  readonly element: HTMLElement;
  readonly #list: Dropdown;
  #choices = "";
  #value = "";

  constructor(caption: string, id: string, onChange: (value: string) => void) {
    this.#list = document.createElement("vscode-dropdown") as Dropdown;
    this.#list.id = id;
    this.#list.setAttribute("aria-label", caption);
    // The toolkit's list also says "change" when Escape closes what is around it, of a value that a program has set.
    this.#list.addEventListener("change", () => {
      if (this.#list.value === this.#value) return;
      this.#value = this.#list.value;
      onChange(this.#value);
    });
    this.element = el("div", { class: "control" }, el("span", { class: "caption", text: caption }), this.#list);
  }

  focus(): void {
    this.#list.focus();
  }

  /** Shows another of its choices; does not call `onChange`. */
  choose(value: string): void {
    this.#value = value;
    this.#list.value = value;
  }

  /** Shows these choices with this one chosen; does not call `onChange`. */
  set(choices: readonly Choice[], value: string): void {
    const key = JSON.stringify(choices);
    if (key !== this.#choices) {
      this.#choices = key;
      this.#list.replaceChildren(...choices.map(option));
      // The toolkit learns of the new list after this, and then keeps the place of the chosen one, not its value.
      queueMicrotask(() => (this.#list.value = this.#value));
    }
    this.#value = value;
    if (this.#list.value !== value) this.#list.value = value;
    // As wide as the choice, within limits: the open list may be wider.
    const shown = lettersOf(choices.find((choice) => choice.value === value)?.label ?? "");
    this.#list.style.width = `${Math.min(22, Math.max(5, shown) + 6)}ch`;
  }
}

/** The width of a name in digits (ch), about: capitals are wider. */
const lettersOf = (name: string): number => name.length + 0.3 * (name.match(/\p{Lu}/gu)?.length ?? 0);

function option({ value, label, disabled }: Choice): HTMLElement {
  const element = document.createElement("vscode-option");
  element.setAttribute("value", value);
  element.textContent = label;
  element.title = label;
  if (disabled) element.setAttribute("disabled", "");
  return element;
}

export class Check {
  readonly element: Checkbox;
  #known = false;

  constructor(caption: string, id: string, onChange: (checked: boolean) => void) {
    this.element = document.createElement("vscode-checkbox") as Checkbox;
    this.element.id = id;
    this.element.textContent = caption;
    // The toolkit's box says "change" for what a program sets too.
    this.element.addEventListener("change", () => {
      if (this.element.checked === this.#known) return;
      this.#known = this.element.checked;
      onChange(this.#known);
    });
  }

  set(checked: boolean): void {
    this.#known = checked;
    if (this.element.checked !== checked) this.element.checked = checked;
  }
}
