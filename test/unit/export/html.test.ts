import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { exportHtml, type PagePayload } from "../../../src/export/html";
import { LIGHT_THEME } from "../../../src/charts/theme";
import { heatmapChart, mapChart, pageCaption, pagePayload } from "../../../src/export/chart";
import { parseRecipe } from "../../../src/protocol/recipe";
import { HOSTILE, matrixOf, resultOf } from "./fixture";

const result = resultOf(HOSTILE);
const parts = {
  title: `Map of ${HOSTILE[0]}`,
  caption: HOSTILE[1],
  recipe: { ...result.recipe, model: HOSTILE[0] },
  chartScript: "globalThis.drawEmbeddingLens = () => '</script><!--<script>';\r\n",
};
const page = exportHtml(pagePayload(mapChart(result, HOSTILE, { title: parts.title })), parts);

const scriptsOf = (html: string): string[] =>
  [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map((match) => match[1]!);
const payloadOf = (html: string): PagePayload =>
  JSON.parse(/<script type="application\/json" id="payload">(.*?)<\/script>/s.exec(html)![1]!) as PagePayload;

test("the policy allows the page's own scripts and style by hash, data pictures, and nothing else", () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
  const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)![1]!;
  assert.deepEqual(policy.split("; "), [
    "default-src 'none'",
    `script-src ${scriptsOf(page).map(hash).join(" ")}`,
    `style-src ${hash(style)}`,
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});

test("hostile texts stand in the page as text only", () => {
  assert.equal(scriptsOf(page).length, 2);
  const markup = page.replace(/<script[\s\S]*?<\/script>/g, "");
  assert.doesNotMatch(markup, /<img|<script|onerror="/);
  assert.match(markup, /&#60;img src=x onerror=&#34;/);
  const { tooltips } = payloadOf(page);
  assert.ok(tooltips[0]!.startsWith(HOSTILE[0]));
});

test("what could end the chart's script is kept from doing so, and the script means the same", () => {
  const [chart] = scriptsOf(page);
  assert.doesNotMatch(chart!, /<\/script|<!--|\r/);
  const scope: { drawEmbeddingLens?: () => string } = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- our own text
  new Function("globalThis", chart!)(scope);
  assert.equal(scope.drawEmbeddingLens!(), "</script><!--<script>");
});

test("the page names no address on the network", () => {
  assert.doesNotMatch(
    page.replaceAll(/https:\/\/vega\.github\.io\/schema[^"\\]*/g, "").replaceAll("http://evil.example", ""),
    /https?:\/\//,
  );
});

test("the recipe in the page can be run again", () => {
  const shown = /<pre>([\s\S]*?)<\/pre>/.exec(page)![1]!;
  const text = shown.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  assert.deepEqual(parseRecipe(JSON.parse(text)), parts.recipe);
});

test("light and dark share their data, which stand in the page once", () => {
  const { spec, dark } = payloadOf(page) as {
    spec: { data: unknown; background: string };
    dark: { data?: unknown; background: string };
  };
  assert.ok(spec.data && !("data" in dark));
  assert.notEqual(spec.background, dark.background);
});

test("a heatmap of pictures is labelled by file name and carries its values and pictures", () => {
  const items = { ...result.items, kind: "image" as const, placeKind: "none" as const, paths: ["p/x/a b.jpg"] };
  const chart = heatmapChart({ ...result, items }, matrixOf(HOSTILE.length), null, { title: "t" });
  const payload = pagePayload(chart, ["data:image/webp;base64,AA=="]);
  assert.equal(chart.tooltips[0], "p/x/a b.jpg");
  assert.ok(JSON.stringify(payload.spec).includes('"left":"a b.jpg"'));
  assert.ok(payload.values && payload.pictures?.length === 1);
});

test("a page of a heatmap in the order of its labels has their bands in both themes, and says each item's label", () => {
  const n = HOSTILE.length;
  const items = { ...result.items, labels: [HOSTILE[0], "b"], label: Int32Array.from({ length: n }, (_, i) => i % 2) };
  const order = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => (a % 2) - (b % 2) || a - b);
  const matrix = { ...matrixOf(n), index: order };
  const chart = heatmapChart({ ...result, items }, matrix, HOSTILE, { title: "t", order: "label" });
  const { spec, dark } = pagePayload(chart) as { spec: object; dark?: object };
  const scale = (of: object): unknown =>
    (of as { scales: { name: string }[] }).scales.find(({ name }) => name === "group");
  assert.ok(scale(spec) && scale(dark!));
  assert.notDeepEqual(scale(spec), scale(dark!));
  assert.ok(chart.tooltips[0]!.endsWith(`\n${HOSTILE[0]}`), "the label is a line of its own");
  const given = heatmapChart({ ...result, items }, matrixOf(n), HOSTILE, { title: "t" });
  assert.equal(scale(given.spec(LIGHT_THEME, "browser")), undefined);
});

test("a crowd is a layer of the page and a picture of a drawing: neither has a mark for each point", () => {
  const texts = Array.from({ length: 6_000 }, (_, i) => `t${i}`);
  const chart = mapChart(resultOf(texts), texts, { title: "" });
  const page = pagePayload(chart);
  assert.equal(page.layer?.x.length, 6_000);
  assert.ok(JSON.stringify(page.spec).length < 20_000);
  const drawing = JSON.stringify(chart.spec(LIGHT_THEME, "svg"));
  assert.match(drawing, /data:image\/png;base64,/);
  assert.doesNotMatch(drawing, /"c":0/);
});

test("a map larger than a page carries is an even sample, in the order of the source", () => {
  const texts = Array.from({ length: 6_000 }, (_, i) => `t${i}`);
  const chart = mapChart(resultOf(texts), texts, { title: "", limit: 5_500 });
  assert.equal(chart.index.length, 5_500);
  assert.ok(chart.index.every((value, i) => i === 0 || value > chart.index[i - 1]!));
  assert.ok(chart.tooltips[7]!.startsWith(`t${chart.index[7]!}\n`));
});

test("a map of three dimensions lies as it is turned at first: a page has all three and says that it turns, a drawing its depth", () => {
  const flat = resultOf(["a", "b", "c", "d"]);
  const deep = { ...flat, z: Float32Array.of(3, 0, 1, 2) };
  const chart = mapChart(deep, null, { title: "" });
  const page = pagePayload(chart);
  assert.deepEqual(page.layer?.z, [3, 0, 1, 2]);
  assert.doesNotMatch(JSON.stringify(page.spec), /"c":0/);
  assert.match(pageCaption(deep, chart), /drag to turn the map$/);
  const sizes = Array.from(JSON.stringify(chart.spec(LIGHT_THEME, "svg")).matchAll(/"s":([\d.]+)/g), ([, s]) =>
    Number(s),
  );
  assert.equal(sizes.length, 4);
  assert.ok(Math.max(...sizes) > 1.2 * Math.min(...sizes));
  assert.doesNotMatch(pageCaption(flat, mapChart(flat, null, { title: "" })), /turn/);
});
