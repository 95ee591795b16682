import { svg } from "../icons";

const SVG = "http://www.w3.org/2000/svg";

/** The outline that a hand draws around points, in pixels of the plot. */
export class Lasso {
  readonly element = svg(1, 1);
  readonly #shape = document.createElementNS(SVG, "polygon");

  constructor() {
    this.element.classList.add("lasso");
    this.element.append(this.#shape);
    this.hide();
  }

  /** @param outline corners from the plot's left top corner, x and y in turn */
  show(plot: { left: number; top: number; width: number; height: number }, outline: readonly number[]): void {
    this.element.setAttribute("viewBox", `0 0 ${plot.width} ${plot.height}`);
    for (const side of ["left", "top", "width", "height"] as const) this.element.style[side] = `${plot[side]}px`;
    this.element.style.display = "";
    this.#shape.setAttribute("points", outline.join(" "));
  }

  hide(): void {
    this.element.style.display = "none";
  }
}
