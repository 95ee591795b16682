// What the page gets in place of parts of Vega that it has no use for (scripts/build.mjs).
export {};
