import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Recipe } from "../../src/protocol/recipe";
import { TEXTS, recipeOf, type FixtureOptions } from "./fixtures";
import { hover } from "./hover";
import type { Panel, PanelOptions } from "./harness";
import { onePanel } from "./one-panel";

const lines: FixtureOptions = { kind: "lines", count: 20 };
const pictures: FixtureOptions = { kind: "pictures", count: 133, labels: ["bird", "cat", "dog"] };

const start = onePanel();
let panel: Panel;

const open = async (options: PanelOptions): Promise<Panel> => (panel = await start(options));

const changed = (fixture: FixtureOptions, change: (recipe: Recipe) => Partial<Recipe>): Recipe => {
  const recipe = recipeOf(fixture);
  return { ...recipe, ...change(recipe) };
};

describe("the panel draws", () => {
  test("a map with its legend and status line from the snapshot alone", async () => {
    await open({ fixture: pictures });
    assert.equal((await panel.said("ready")).length, 1);
    assert.deepEqual(await panel.get(".legend-row .name").allTextContents(), ["bird", "cat", "dog"]);
    const status = await panel.get("#status").innerText();
    assert.match(status.replace(/\s+/g, " "), /133 pictures.*Lens Tiny, 256-d.*UMAP, trust 0\.96.*1\.2 s/);
    assert.equal((await panel.said("matrix")).length, 0, "no matrix before the heatmap is looked at");
  });

  test("the heatmap when its tab is chosen, fetched once", async () => {
    await open({ fixture: lines });
    await panel.get("#tab-similarity").click();
    await panel.drawn();
    await panel.get("#tab-map").click();
    await panel.get("#tab-similarity").click();
    await panel.drawn();
    assert.equal((await panel.said("matrix")).length, 1);
    assert.deepEqual(
      (await panel.said("setView")).map(({ view }) => view),
      ["similarity", "map", "similarity"],
    );
  });

  test("a sentence in place of a heatmap that cannot be had without a run", async () => {
    panel = await start({ fixture: lines, restored: true, change: { view: "similarity" } }, false);
    await panel.get("#message").getByText("not kept between windows").waitFor();
    await panel.get("#message vscode-button").click();
    await panel.heard("rerun");
  });

  test("a sample of a large map, and says so", async () => {
    await open({ fixture: { kind: "lines", count: 200_500 } });
    assert.match(await panel.get("#status").innerText(), /200,000 of 200,500 lines/);
  });

  test("a crowd of points on a layer of its own, that can be hovered, chosen and saved like any other", async () => {
    await open({ fixture: { kind: "lines", count: 3_000, clusters: 4 } });
    assert.ok(await panel.get(".layer:not([hidden]) .points").isVisible());
    const { x, y } = await hover(panel.page);
    await panel.page.mouse.click(x, y);
    await panel.heard("reveal");
    await panel.get("#export").click();
    await panel.get("#export-svg").click();
    await panel.until("fakeHost.saved");
    const paths = await panel.host<number>("savedText.split('<path ').length");
    assert.ok(paths > 3_000, "the drawing has every point");
  });

  test("again in the colours of a theme that has changed", async () => {
    await open({ fixture: lines });
    const background = () =>
      panel.page.evaluate(
        "[...document.querySelector('.layer:not([hidden]) .canvas canvas').getContext('2d').getImageData(1, 1, 1, 1).data].slice(0, 3)",
      );
    assert.deepEqual(await background(), [31, 31, 31]);
    await panel.setTheme("light");
    await panel.until(
      "document.querySelector('.layer:not([hidden]) .canvas canvas').getContext('2d').getImageData(1, 1, 1, 1).data[0] === 255",
    );
  });
});

describe("a person points and clicks", () => {
  test("hover shows the text of a point; a click selects it, shows its details and reveals its source", async () => {
    await open({ fixture: lines });
    const { x, y } = await hover(panel.page);
    const tooltip = panel.get("#lens-tooltip");
    await tooltip.getByText(/./).first().waitFor();
    const text = await panel.get("#lens-tooltip .card-text").innerText();
    assert.ok(TEXTS.includes(text), text);
    await panel.page.mouse.click(x, y);
    const [revealed] = await panel.heard("reveal");
    const index = revealed!["index"] as number;
    assert.equal(TEXTS[index], text);
    assert.equal(await panel.get(".full-text").innerText(), text);
    assert.equal(await panel.get("#reveal").innerText(), `sentences.txt, line ${index + 1}`);
    assert.equal(await panel.get(".neighbor").count(), 5);
  });

  test("a neighbour in the details is a way to go there", async () => {
    await open({ fixture: lines });
    await panel.host("sendSelect(4)");
    await panel.get(".neighbor").first().click();
    assert.deepEqual(
      (await panel.heard("reveal")).map(({ index }) => index),
      [5],
    );
    assert.equal(await panel.get(".full-text").innerText(), TEXTS[5]);
  });

  test("two chosen items show their similarity; Escape lets go of them", async () => {
    await open({ fixture: lines });
    await panel.host("sendSelect(4)");
    await panel.get(".full-text").waitFor();
    await panel.get("#chart").focus();
    await panel.page.keyboard.press("Shift+ArrowRight");
    if ((await panel.get("#pair-similarity").count()) === 0) await panel.page.keyboard.press("Shift+ArrowLeft");
    await panel
      .get("#pair-similarity")
      .getByText(/^-?\d\.\d{3}$/)
      .waitFor();
    assert.equal((await panel.said("similarity"))[0]!["a"], 4);
    await panel.page.keyboard.press("Escape");
    await panel.get(".details .hint").waitFor();
  });

  test("hover over a picture shows its thumbnail, label and path", async () => {
    await open({ fixture: pictures });
    await hover(panel.page);
    await panel.get("#lens-tooltip img").waitFor();
    assert.match(await panel.get("#lens-tooltip").innerText(), /^(bird|cat|dog)\nanimals\/\1\/\d{4}\.jpg$/);
  });

  test("a cell of the heatmap shows both lines and the value, and a click selects both", async () => {
    await open({ fixture: lines, change: { view: "similarity" } });
    const { x, y } = await hover(panel.page);
    await panel.page.mouse.move(x, y);
    const box = (await panel.get("#chart").boundingBox())!;
    await panel.page.mouse.move(box.x + box.width * 0.55, box.y + box.height * 0.25);
    await panel.get("#lens-tooltip .card-value").waitFor();
    await panel.until(
      "[...document.querySelectorAll('#lens-tooltip .card-text')].length === 2 && [...document.querySelectorAll('#lens-tooltip .card-text')].every((text) => text.textContent)",
    );
    const value = await panel.get("#lens-tooltip .card-value").innerText();
    await panel.page.mouse.click(box.x + box.width * 0.55, box.y + box.height * 0.25);
    await panel.get("#pair-similarity").getByText(value).waitFor();
  });

  test("a category of the legend stands out until it is clicked again", async () => {
    await open({ fixture: pictures });
    const row = panel.get(".legend-name").nth(1);
    await row.click();
    assert.equal(await row.getAttribute("aria-pressed"), "true");
    assert.equal(await panel.get(".legend-row.dim").count(), 2);
    await row.click();
    assert.equal(await panel.get(".legend-row.dim").count(), 0);
  });

  test("the wheel zooms at the pointer, a drag pans, a double click shows all again", async () => {
    await open({ fixture: lines });
    const picture = () =>
      panel.page.evaluate<string>("document.querySelector('.layer:not([hidden]) .canvas canvas').toDataURL()");
    const box = (await panel.get("#chart").boundingBox())!;
    const whole = await picture();
    await panel.page.mouse.move(box.x + 300, box.y + 200);
    await panel.page.mouse.wheel(0, -400);
    await panel.until(
      `document.querySelector('.layer:not([hidden]) .canvas canvas').toDataURL() !== ${JSON.stringify(whole)}`,
    );
    await panel.page.mouse.down();
    await panel.page.mouse.move(box.x + 360, box.y + 260, { steps: 4 });
    await panel.page.mouse.up();
    assert.equal((await panel.said("reveal")).length, 0, "a drag is no click");
    await panel.page.mouse.move(box.x + 1, box.y + box.height - 2);
    await panel.page.mouse.dblclick(box.x + 300, box.y + 300);
    await panel.page.mouse.move(box.x + 1, box.y + box.height - 2);
    await panel.get(".canvas").first().waitFor();
    await panel.page.keyboard.press("Escape");
    await panel.until(
      `document.querySelector('.layer:not([hidden]) .canvas canvas').toDataURL() === ${JSON.stringify(whole)}`,
    );
  });
});

describe("a control changes only its part of the recipe", () => {
  test("the method", async () => {
    await open({ fixture: pictures });
    await panel.choose("method", "tsne");
    const expected = changed(pictures, ({ reduce }) => ({ reduce: { ...reduce, method: "tsne" } }));
    assert.deepEqual(await panel.heard("setRecipe"), [{ recipe: expected }]);
    assert.ok(await panel.get("#perplexity").isVisible());
  });

  test("the model", async () => {
    await open({ fixture: pictures });
    await panel.choose("model", "mobilenetv2");
    assert.deepEqual(await panel.heard("setRecipe"), [{ recipe: changed(pictures, () => ({ model: "mobilenetv2" })) }]);
  });

  test("colours by cluster ask for clusters", async () => {
    await open({ fixture: pictures });
    await panel.choose("color-by", "cluster");
    const expected = changed(pictures, ({ cluster }) => ({ cluster: { ...cluster, method: "kmeans" } }));
    assert.deepEqual(await panel.heard("setRecipe"), [{ recipe: expected }]);
  });

  test("the method of the clusters and K by silhouette, behind the gear", async () => {
    await open({ fixture: { ...pictures, clusters: 5 } });
    await panel.choose("color-by", "cluster");
    assert.ok(await panel.get("#k").isVisible());
    await panel.get("#settings").click();
    await panel.get("#k-auto").click();
    await panel.choose("cluster-method", "hdbscan");
    const [auto, hdbscan] = (await panel.heard("setRecipe", 2)).map(({ recipe }) => (recipe as Recipe).cluster);
    assert.deepEqual(auto, { method: "kmeans", k: "auto", on: "vectors" });
    assert.deepEqual(hdbscan, { method: "hdbscan", k: "auto", on: "vectors" });
    assert.ok(await panel.get("#k").isHidden(), "density methods find the number");
    assert.ok((await panel.get(".legend-row .name").allTextContents()).includes("(noise)"));
  });

  test("colours by trust are a scale that needs no run", async () => {
    await open({ fixture: pictures });
    await panel.choose("color-by", "trust");
    await panel.get(".legend .scale-bar").waitFor();
    assert.match(await panel.get("#legend").innerText(), /neighbours kept\s+0 %\s+50 %\s+100 %/i);
    assert.equal((await panel.said("setRecipe")).length, 0);
    await panel.get("#export").click();
    await panel.get("#export-svg").click();
    await panel.until("fakeHost.saved");
    assert.ok(await panel.host<boolean>("savedText.includes('Neighbours kept')"), "the legend is in the file");
    const colors = await panel.page.evaluate<number>("new Set(fakeHost.savedText.match(/fill=.#[0-9a-f]{6}/g)).size");
    assert.ok(colors >= 10, `${colors} colours`);
    for (const [figure, title, low] of [
      ["trustworthiness", "Trustworthiness", "0.8"],
      ["continuity", "Continuity", "0.7"],
      ["correlation", "Rank correlation", "\u22120."],
    ] as const) {
      await panel.choose("color-by", figure);
      await panel.get("#legend").getByText(title).waitFor();
      const words = await panel.get("#legend").innerText();
      assert.ok(words.includes(low), `a scale of the values that there are: ${words}`);
    }
    assert.equal((await panel.said("setRecipe")).length, 0);
  });

  test("a slider asks once, when the hand rests", async () => {
    await open({ fixture: pictures });
    await panel.get("#neighbors-slider").focus();
    for (let i = 0; i < 5; i++) await panel.page.keyboard.press("ArrowRight");
    const expected = changed(pictures, ({ reduce }) => ({ reduce: { ...reduce, neighbors: 20 } }));
    assert.deepEqual(await panel.heard("setRecipe"), [{ recipe: expected }]);
  });

  test("the seed, behind the gear", async () => {
    await open({ fixture: pictures });
    await panel.get("#settings").click();
    await panel.get("#seed").fill("7");
    await panel.page.keyboard.press("Enter");
    assert.deepEqual(await panel.heard("setRecipe"), [{ recipe: changed(pictures, () => ({ seed: 7 })) }]);
  });
});

describe("the states of a run", () => {
  test("progress counts and Cancel, with the old picture still there", async () => {
    await open({ fixture: pictures });
    await panel.host('sendState({ kind: "running", progress: { stage: "embed", done: 64, total: 133 } })');
    await panel.get("#progress").waitFor();
    assert.equal(await panel.get("#progress-words").innerText(), "Embedding 64 of 133");
    assert.equal(await panel.get(".layer:not([hidden]) .canvas canvas").count(), 1);
    await panel.get("#cancel").click();
    await panel.heard("cancel");
    await panel.host('sendState({ kind: "stopped" })');
    await panel.get("#banner").getByText("Stopped.").waitFor();
    assert.ok(await panel.get("#progress").isHidden());
  });

  test("the list of models ends with the model manager, and keeps its choice", async () => {
    await open({ fixture: pictures });
    const before = await panel.get("#model").evaluate((list) => (list as unknown as { value: string }).value);
    await panel.choose("model", "manage models");
    await panel.heard("manageModels");
    assert.equal(await panel.get("#model").evaluate((list) => (list as unknown as { value: string }).value), before);
    assert.equal((await panel.said("setRecipe")).length, 0);
  });

  test("a failure is one sentence with Retry and Show Log", async () => {
    await open({ fixture: pictures });
    const message = "The engine stopped at “animals/cat/0003.jpg”. Try again.";
    await panel.host(`sendState({ kind: "failed", error: { reason: "engine", message: ${JSON.stringify(message)} } })`);
    await panel.get("#banner").getByText(message).waitFor();
    await panel.get("#banner").getByText("Show Log").click();
    await panel.heard("showLog");
    await panel.get("#banner vscode-button").click();
    await panel.heard("rerun");
  });

  test("a failure for want of a key offers to set it, and still to try again", async () => {
    const model = "cohere:embed-v4.0";
    await open({ fixture: lines, change: { recipe: changed(lines, () => ({ model })) } });
    const error = { reason: "key", message: "Cohere embed-v4.0 could not embed at api.cohere.com: …" };
    await panel.host(`sendState({ kind: "failed", error: ${JSON.stringify(error)} })`);
    await panel.get("#banner").getByText("Set API Key…").click();
    assert.deepEqual(await panel.heard("setApiKey"), [{ model }]);
    await panel.get("#banner").getByText("Retry").click();
    await panel.heard("rerun");
  });

  test("a restored picture says so, and whether its source has changed", async () => {
    await open({ fixture: lines, restored: true, change: { state: { kind: "restored", stale: false } } });
    await panel.get("#banner").getByText("Drawn from the last run.", { exact: true }).waitFor();
    await panel.host('sendState({ kind: "restored", stale: true })');
    await panel.get("#banner").getByText("The source has changed since.").waitFor();
    await panel.host("sendSelect(2)");
    await panel.get(".neighbors").getByText("Run again to see the nearest items.").waitFor();
    await panel.get("#banner vscode-button").click();
    await panel.heard("rerun");
  });

  test("the offer of a sharper model is taken or closed once", async () => {
    await open({ fixture: pictures });
    await panel.page.evaluate("fakeHost.sendOffer('mobilenetv2')");
    await panel.get("#offer").getByText("MobileNetV2 (3.7 MB)").waitFor();
    await panel.get("#offer").getByText("Use it").click();
    assert.deepEqual(await panel.heard("answerOffer"), [{ accepted: true }]);
    assert.ok(await panel.get("#offer").isHidden());
  });

  test("the offer of a sharper model is none for who has chosen another one", async () => {
    await open({ fixture: pictures });
    await panel.page.evaluate("fakeHost.sendOffer('mobilenetv2')");
    await panel.get("#offer").getByText("MobileNetV2 (3.7 MB)").waitFor();
    await panel.choose("model", "resnet18");
    await panel.heard("setRecipe");
    await panel.frame();
    assert.ok(await panel.get("#offer").isHidden());
  });
});

describe("the page keeps and gives away", () => {
  test("what was chosen and the panel's id, over a reload", async () => {
    await open({ fixture: lines });
    await panel.host("sendSelect(6)");
    await panel.get(".full-text").waitFor();
    const state = await panel.host<Record<string, unknown>>("state");
    assert.equal(state["panel"], "panel-1");
    await panel.close();
    await open({ fixture: lines, state });
    assert.equal(await panel.get(".full-text").innerText(), TEXTS[6]);
  });

  test("the bytes of a PNG and the text of an SVG; for other formats nothing", async () => {
    await open({ fixture: pictures });
    for (const [format, start] of [
      ["png", /^137 80 78 71/],
      ["svg", /^<svg /],
      ["csv", /^$/],
    ] as const) {
      await panel.get("#export").click();
      await panel.get(`#export-${format}`).click();
      await panel.until(`fakeHost.saved?.format === "${format}"`);
      assert.match(await panel.host<string>("saved.start"), start);
    }
    await panel.get("#notice").getByText("Saved to /home/me/chart.csv").waitFor();
  });

  test("a failed save is said once", async () => {
    await open({
      fixture: lines,
      failing: { save: "“/readonly/chart.csv” could not be written. Choose another folder." },
    });
    await panel.get("#export").click();
    await panel.get("#export-csv").click();
    await panel.get("#notice.error").getByText("could not be written").waitFor();
  });
});

describe("a narrow panel", () => {
  test("folds the details away and opens them when asked", async () => {
    await open({ fixture: pictures, width: 420, height: 700 });
    assert.ok(await panel.get("#details").isHidden());
    await panel.get("#side-toggle").click();
    assert.ok(await panel.get("#details").isVisible());
    const overflow = await panel.page.evaluate("document.documentElement.scrollWidth > innerWidth");
    assert.equal(overflow, false, "nothing is cut off at the side");
  });
});
