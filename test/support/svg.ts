import type { Spec } from "vega";

/** A chart as the text of an SVG, without a browser. */
export async function toSvg(spec: Spec): Promise<string> {
  const { View, parse } = await import("vega");
  const { expressionInterpreter } = await import("vega-interpreter");
  const view = new View(parse(spec, undefined, { ast: true }), { renderer: "none", expr: expressionInterpreter });
  return view.toSVG();
}

/** What an SVG of Vega has of one mark. */
export const markIn = (svg: string, name: string): string =>
  new RegExp(`role-mark ${name}"[^>]*>(.*?)</g>`, "s").exec(svg)?.[1] ?? "";
