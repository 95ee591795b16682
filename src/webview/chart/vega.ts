import { parse, View, type Spec } from "vega";
import embed from "vega-embed";
import { expressionInterpreter } from "vega-interpreter";

/** A drawn chart. */
export interface Drawn {
  view: View;
  destroy(): void;
}

/** Draws a spec on a canvas in `container`; expressions are interpreted, never compiled, as the page's policy demands. */
export async function draw(container: HTMLElement, spec: Spec): Promise<Drawn> {
  const { view, finalize } = await embed(container, spec, {
    mode: "vega",
    renderer: "canvas",
    ast: true,
    expr: expressionInterpreter,
    actions: false,
    defaultStyle: false,
    tooltip: false,
    hover: false,
  });
  return { view, destroy: finalize };
}

/** The same without a place on the page: for pictures that are saved. */
export function offscreen(spec: Spec): View {
  return new View(parse(spec, undefined, { ast: true }), { renderer: "none", expr: expressionInterpreter });
}
