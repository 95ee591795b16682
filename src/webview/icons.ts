const SVG = "http://www.w3.org/2000/svg";

/** Drawn on 16 × 16, in the colour of the text. */
const PATHS = {
  gear: "M9.1 1 9.6 2.9 10.9 3.4 12.6 2.5 14 3.9 13 5.6 13.6 6.9 15.5 7.4V9.1L13.6 9.6 13 10.9 14 12.6 12.6 14 10.9 13 9.6 13.6 9.1 15.5H7.4L6.9 13.6 5.6 13 3.9 14 2.5 12.6 3.4 10.9 2.9 9.6 1 9.1V7.4L2.9 6.9 3.4 5.6 2.5 3.9 3.9 2.5 5.6 3.4 6.9 2.9 7.4 1ZM8.25 5.5a2.75 2.75 0 1 0 0 5.5 2.75 2.75 0 0 0 0-5.5Z",
  chevronDown: "M3.2 5.5 8 10.3 12.8 5.5 12 4.7 8 8.7 4 4.7Z",
  chevronRight: "M5.5 3.2 10.3 8 5.5 12.8 4.7 12 8.7 8 4.7 4Z",
  close: "M8 7.1 11.6 3.5 12.5 4.4 8.9 8 12.5 11.6 11.6 12.5 8 8.9 4.4 12.5 3.5 11.6 7.1 8 3.5 4.4 4.4 3.5Z",
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGSVGElement {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  path.setAttribute("fill", "currentColor");
  path.setAttribute("fill-rule", "evenodd");
  return svg(16, 16, path);
}

export function svg(width: number, height: number, ...children: SVGElement[]): SVGSVGElement {
  const element = document.createElementNS(SVG, "svg");
  element.setAttribute("viewBox", `0 0 ${width} ${height}`);
  element.setAttribute("width", String(width));
  element.setAttribute("height", String(height));
  element.setAttribute("aria-hidden", "true");
  element.append(...children);
  return element;
}

/** A shape of `vega`'s symbols with about the same area, 12 pixels square: the mark of a legend row; hollow when it is off. */
export function symbol(shape: string, color: string, hollow = false): SVGSVGElement {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SYMBOLS[shape] ?? SYMBOLS["circle"]!);
  path.setAttribute("fill", hollow ? "none" : color);
  if (hollow) path.setAttribute("stroke", color);
  return svg(12, 12, path);
}

const SYMBOLS: Record<string, string> = {
  circle: "M6 1.2a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.6Z",
  square: "M1.7 1.7h8.6v8.6H1.7Z",
  "triangle-up": "M6 1 11.2 10.4H.8Z",
  "triangle-down": "M6 11 .8 1.6H11.2Z",
  diamond: "M6 .3 10.6 6 6 11.7 1.4 6Z",
  cross: "M4.2 1h3.6v3.2H11v3.6H7.8V11H4.2V7.8H1V4.2h3.2Z",
};
