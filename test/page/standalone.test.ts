import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { LIGHT_THEME } from "../../src/charts/theme";
import { FIRST_TURN } from "../../src/charts/turn";
import { heatmapChart, mapChart, pagePayload, type Chart } from "../../src/export/chart";
import { exportHtml } from "../../src/export/html";
import { launchBrowser } from "../e2e/rig/browser";
import { triangleOf } from "../support/triangle";
import { hover } from "./hover";
import { TEXTS, recipeOf, resultOf, similarityOf } from "./fixtures";

const HOSTILE = '<img src=x onerror="window.hacked=1">';
const result = resultOf({ kind: "lines", count: 20, labels: [HOSTILE, "b"] });
const texts = [HOSTILE, ...TEXTS.slice(1)];

let browser: Browser;
let script: string;

before(async () => {
  const chart = path.resolve(__dirname, "../../dist/chart.js");
  [script, browser] = await Promise.all([readFile(chart, "utf8"), launchBrowser()]);
});
after(() => browser.close());

interface Opened {
  page: Page;
  problems: string[];
}

/** Opens the export as a file that can reach nothing. */
async function open(chart: Chart, colorScheme: "light" | "dark" = "light"): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width: 1_000, height: 900 }, colorScheme });
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  const body = exportHtml(pagePayload(chart), {
    title: "Map",
    caption: "20 lines",
    recipe: recipeOf({ kind: "lines", count: 20 }),
    chartScript: script,
  });
  await page.route("**/*", (route) =>
    route.request().url() === "http://export.test/"
      ? route.fulfill({ body, contentType: "text/html" })
      : (problems.push(`asked for ${route.request().url()}`), route.abort()),
  );
  await page.goto("http://export.test/");
  await page.waitForSelector("#chart canvas");
  return { page, problems };
}

const picture = (page: Page): Promise<string> =>
  page.evaluate<string>("document.querySelector('#chart canvas').toDataURL()");

test("an exported map is interactive on its own: tooltip, zoom, no request, no error", async () => {
  const { page, problems } = await open(mapChart(result, texts, { title: "Map of sentences" }));
  await hover(page, "#chart canvas");
  const said = await page.locator("#lens-tooltip").innerText();
  assert.ok(
    texts.some((text) => said.startsWith(text)),
    said,
  );
  const before = await picture(page);
  await page.mouse.wheel(0, -600);
  for (let frame = 0; frame < 100 && (await picture(page)) === before; frame++) {
    await page.evaluate("new Promise((done) => requestAnimationFrame(done))");
  }
  assert.ok((await picture(page)) !== before, "the picture is another");
  assert.equal(await page.evaluate("window.hacked"), undefined);
  assert.deepEqual(problems, []);
  await page.close();
});

test("a click on the legend of an exported map lets a category stand out", async () => {
  const { page, problems } = await open(mapChart(result, texts, { title: "Map of sentences" }));
  const before = await picture(page);
  const box = (await page.locator("#chart canvas").first().boundingBox())!;
  // The first row of the legend: below its title at the right of the plot.
  await page.mouse.click(box.x + box.width - 180, box.y + 58);
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  assert.ok((await picture(page)) !== before, "the picture is another");
  assert.deepEqual(problems, []);
  await page.close();
});

const n = 20;
const triangle = triangleOf(n, similarityOf);
const matrix = { index: Int32Array.from({ length: n }, (_, i) => i), triangle, total: n, metric: "cosine" as const };

test("an exported map of three dimensions turns with the hand and lies again as before after a double click", async () => {
  const deep = { ...result, z: Float32Array.from(result.x, (_, i) => (i * 7) % 11) };
  const { page, problems } = await open(mapChart(deep, texts, { title: "Map of sentences" }));
  const points = "[...document.querySelectorAll('#chart canvas')].at(-2).toDataURL()";
  const frames = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))";
  const first = await page.evaluate<string>(points);
  const box = (await page.locator("#chart canvas").first().boundingBox())!;
  await page.mouse.move(box.x + 300, box.y + 300);
  await page.mouse.down();
  await page.mouse.move(box.x + 420, box.y + 330, { steps: 4 });
  await page.mouse.up();
  await page.evaluate(frames);
  assert.ok((await page.evaluate<string>(points)) !== first, "the picture is another");
  await hover(page, "#chart canvas");
  const said = await page.locator("#lens-tooltip").innerText();
  assert.ok(
    texts.some((text) => said.startsWith(text)),
    said,
  );
  await page.mouse.dblclick(box.x + 40, box.y + box.height - 60);
  await page.evaluate(frames);
  assert.ok((await page.evaluate<string>(points)) === first, "the picture is the first again");
  assert.deepEqual(problems, []);
  await page.close();
  const turn = { yaw: FIRST_TURN.yaw + 1, pitch: FIRST_TURN.pitch };
  const other = await open(mapChart(deep, texts, { title: "Map of sentences", turn }));
  assert.ok((await other.page.evaluate<string>(points)) !== first, "a page may begin as it was turned");
  await other.page.close();
});

test("an exported heatmap tells both lines with their labels and their similarity, in dark colours for a dark page", async () => {
  const { page, problems } = await open(heatmapChart(result, matrix, texts, { title: "Similarity" }), "dark");
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  const canvas = (await page.locator("#chart canvas").boundingBox())!;
  await page.mouse.move(canvas.x + canvas.width * 0.6, canvas.y + canvas.height * 0.2);
  const said = await page.locator("#lens-tooltip").innerText();
  const [words, ...lines] = said.split("\n\n");
  const value = /^Similarity (\u2212?\d\.\d{3})$/.exec(words!)?.[1]?.replace("\u2212", "-");
  const [a, b] = lines.map((line) => texts.indexOf(line.split("\n")[0]!)) as [number, number];
  assert.ok(a >= 0 && b >= 0 && a !== b, said);
  assert.deepEqual(
    lines.map((line) => line.split("\n")[1]),
    [a, b].map((item) => result.items.labels[result.items.label[item]!]),
  );
  assert.ok(Math.abs(Number(value) - similarityOf(Math.min(a, b), Math.max(a, b))) < 0.001, said);
  assert.deepEqual(problems, []);
  await page.close();
});

test("a band of an exported heatmap in the order of its labels says the label", async () => {
  const chart = heatmapChart(result, matrix, texts, { title: "", order: "label" });
  const { page, problems } = await open(chart);
  const { padding, width } = chart.spec(LIGHT_THEME, "browser") as {
    padding: { left: number; top: number };
    width: number;
  };
  const canvas = (await page.locator("#chart canvas").boundingBox())!;
  for (const [share, name] of [
    [0.2, HOSTILE],
    [0.8, "b"],
  ] as const) {
    await page.mouse.move(canvas.x + padding.left + width * share, canvas.y + padding.top - 5);
    assert.equal(await page.locator("#lens-tooltip").innerText(), name);
  }
  assert.equal(await page.evaluate("window.hacked"), undefined);
  assert.deepEqual(problems, []);
  await page.close();
});
