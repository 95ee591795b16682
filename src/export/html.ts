import { createHash } from "node:crypto";
import type { StandalonePayload } from "../charts/payload";
import type { Recipe } from "../protocol/recipe";

/** What a page shows around its chart. */
export interface PageParts {
  title: string;
  /** One line below the chart: items, model, quality. */
  caption: string;
  recipe: Recipe;
  /** The text of dist/chart.js: it gives the page `drawEmbeddingLens(element, payload)`. */
  chartScript: string;
}

/** A chart for light and dark pages: `dark` is its spec in dark colours, whose data are those of the light one. */
export interface PagePayload extends StandalonePayload {
  dark?: object;
}

/**
 * One page that holds everything it needs and can reach nothing: its policy allows its own two scripts and its style by
 * their hashes, pictures from data URLs and no connection at all. All texts of the data stand in JSON, never in markup.
 */
export function exportHtml(payload: PagePayload, { title, caption, recipe, chartScript }: PageParts): string {
  const chart = safeScript(chartScript);
  const policy = [
    "default-src 'none'",
    `script-src ${hash(chart)} ${hash(BOOT)}`,
    `style-src ${hash(STYLE)}`,
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Embedding Lens">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main id="chart" aria-label="${escapeHtml(title)}"></main>
<p>${escapeHtml(caption)}</p>
<details><summary>Recipe</summary><pre>${escapeHtml(JSON.stringify(recipe, null, 2))}</pre></details>
<script type="application/json" id="payload">${safeJson(payload)}</script>
<script>${chart}</script>
<script>${BOOT}</script>
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; --background: #ffffff; --text: #222222; --muted: #5f5f5f; --line: #d4d4d4; }
@media (prefers-color-scheme: dark) {
  :root { --background: #1f1f1f; --text: #cccccc; --muted: #9d9d9d; --line: #3c3c3c; }
}
body { margin: 0 auto; padding: 16px; max-width: 1000px; background: var(--background); color: var(--text);
  font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Ubuntu, sans-serif; }
main { overflow-x: auto; }
p, summary { color: var(--muted); }
pre { overflow-x: auto; font-size: 12px; border: 1px solid var(--line); padding: 8px; }
`;

/** Draws the chart in the reader's colours, and again when these change. */
const BOOT = `
const payload = JSON.parse(document.getElementById("payload").textContent);
const dark = matchMedia("(prefers-color-scheme: dark)");
const draw = () => {
  const spec = dark.matches && payload.dark ? { ...payload.dark, data: payload.spec.data } : payload.spec;
  const chart = document.getElementById("chart");
  chart.replaceChildren();
  drawEmbeddingLens(chart, { ...payload, spec, theme: dark.matches && payload.dark ? "dark" : "light" });
};
dark.addEventListener("change", draw);
draw();
`;

const hash = (script: string): string => `'sha256-${createHash("sha256").update(script).digest("base64")}'`;

/** JSON that cannot end its script element, nor start a comment in it. */
const safeJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Our own script as an element's text: what could end it only stands in strings there, where a backslash changes nothing. */
const safeScript = (script: string): string =>
  script
    .replace(/\r\n?/g, "\n")
    .replace(/<(?=\/script|script)/gi, "\\x3c")
    .replace(/<!--/g, "\\x3c!--");

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
