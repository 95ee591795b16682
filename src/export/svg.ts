import { parse, View, type Spec } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { crispImages } from "../charts/svg";

/**
 * A Vega chart as SVG text, without a browser. Expressions are interpreted, never compiled.
 * This loads all of Vega: import it lazily.
 */
export async function exportSvg(spec: Spec): Promise<string> {
  const view = new View(parse(spec, undefined, { ast: true }), {
    expr: expressionInterpreter,
    renderer: "none",
  });
  try {
    return crispImages(await view.toSVG());
  } finally {
    view.finalize();
  }
}
