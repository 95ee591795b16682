export type Child = Node | string | null | undefined | false;

interface Props {
  class?: string;
  id?: string;
  title?: string;
  text?: string;
  role?: string;
  hidden?: boolean;
  /** Any other attribute; "aria-label" and the like. */
  attrs?: Record<string, string>;
  on?: Record<string, (event: Event) => void>;
}

/** Makes an element. Texts only ever become text nodes. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return build(document.createElement(tag), props, children);
}

/** A text with room for a new line after what joins the words of a name: "card_payment_fee" has none itself. */
export const breakable = (text: string): Child[] =>
  text.split(/(?<=[_/.\-])/u).flatMap((part, at) => (at === 0 ? [part] : [document.createElement("wbr"), part]));

/** Gives an element its properties and children; also for elements of the control library. */
export function build<E extends HTMLElement>(element: E, props: Props, children: readonly Child[] = []): E {
  if (props.class) element.className = props.class;
  if (props.id) element.id = props.id;
  if (props.title) element.title = props.title;
  if (props.text !== undefined) element.textContent = props.text;
  if (props.role) element.setAttribute("role", props.role);
  if (props.hidden) element.hidden = true;
  for (const [name, value] of Object.entries(props.attrs ?? {})) element.setAttribute(name, value);
  for (const [type, listener] of Object.entries(props.on ?? {})) element.addEventListener(type, listener);
  append(element, children);
  return element;
}

/** Replaces all children. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren();
  append(element, children);
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) if (child) element.append(child);
}

/** Sets a text only when it changes, so that a selection and a screen reader stay calm. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
