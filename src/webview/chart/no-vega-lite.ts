// What vega-embed gets in place of Vega-Lite in our bundles (scripts/build.mjs): all our specs are Vega's own.
export const version = "0.0.0";
export const compile = (): never => {
  throw new Error("Vega-Lite is not part of this build.");
};
