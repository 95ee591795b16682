import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FIRST_TURN } from "../../src/charts/turn";
import { tiesOf } from "../../src/charts/ties";
import type { Recipe } from "../../src/protocol/recipe";
import { TEXTS, networkOf, recipeOf, type FixtureOptions } from "./fixtures";
import type { Panel, PanelOptions } from "./harness";
import { hover } from "./hover";
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

describe("the heatmap's order", () => {
  /** The row labels of the drawing that is saved. */
  async function saved(): Promise<string> {
    await panel.host("saved = null");
    await panel.get("#export").click();
    await panel.get("#export-svg").click();
    await panel.until("fakeHost.saved");
    return panel.host<string>("savedText");
  }

  test("by similarity is asked for once and moves rows, labels and the selection", async () => {
    await open({ fixture: lines, change: { view: "similarity" } });
    const given = await saved();
    assert.ok(given.indexOf(TEXTS[0]!.slice(0, 12)) < given.indexOf(TEXTS[19]!.slice(0, 12)), "as given at first");
    await panel.choose("order", "similarity");
    await panel.heard("order");
    await panel.drawn();
    const ordered = await saved();
    assert.ok(ordered.indexOf(TEXTS[19]!.slice(0, 12)) < ordered.indexOf(TEXTS[0]!.slice(0, 12)), "the labels follow");
    await panel.choose("order", "given");
    await panel.choose("order", "similarity");
    assert.equal((await panel.said("order")).length, 1);
    assert.equal((await panel.said("matrix")).length, 1);
    assert.equal((await panel.host<Record<string, unknown>>("state"))["order"], "similarity");
  });

  test("by cluster asks for clusters; by label needs labels", async () => {
    await open({ fixture: lines, change: { view: "similarity" } });
    assert.ok((await panel.get('#order vscode-option[value="label"]').getAttribute("disabled")) !== null);
    await panel.choose("order", "cluster");
    const expected = changed(lines, ({ cluster }) => ({ cluster: { ...cluster, method: "kmeans" } }));
    assert.deepEqual(await panel.heard("setRecipe"), [{ recipe: expected }]);
  });
});

describe("the findings", () => {
  test("are folded and not looked for before somebody opens them", async () => {
    await open({ fixture: pictures });
    assert.ok(await panel.get("#findings-body").isHidden());
    assert.equal((await panel.said("anomalies")).length, 0);
    await panel.get("#findings-toggle").click();
    await panel.get("#findings-duplicates").waitFor();
    assert.deepEqual(await panel.said("anomalies"), [{ threshold: 0.95 }]);
    assert.match(
      await panel.get("#findings-outliers").innerText(),
      /8\.3\s+2\.4 times as far from its nearest as usual/,
    );
    assert.match(
      await panel.get("#findings-doubtful").innerText(),
      /100 %\s+bird, but 10 of its 10 nearest are not: 9 are dog/,
    );
    await panel.get("#findings-doubtful").getByText("Show 4 more").click();
    assert.equal(await panel.get("#findings-doubtful .finding").count(), 12);
  });

  test("of vectors without texts and ids say where their items are, before what may be cut off", async () => {
    await open({ fixture: { kind: "lines", count: 60, dataset: { columns: { text: "gone" } }, ready: true } });
    await panel.get("#findings-toggle").click();
    const name = panel.get("#findings-outliers .finding .name").first();
    await name.getByText(/^line \d+$/).waitFor();
  });

  test("of pictures show them, of duplicates the first two", async () => {
    await open({ fixture: pictures });
    await panel.get("#findings-toggle").click();
    await panel.get("#findings-outliers img").nth(2).waitFor();
    // Each picture comes by itself: a third would come with the second of a group, or not at all.
    const group = panel.get("#findings-duplicates .finding").nth(1).locator("img");
    await group.nth(1).waitFor();
    assert.equal(await group.count(), 2);
    const doubtful = panel.get("#findings-doubtful .finding").first().locator("img");
    await doubtful.first().waitFor();
    assert.equal(await doubtful.count(), 1);
  });

  test("lead to their items: one is shown, two duplicates are compared, of more all are chosen", async () => {
    await open({ fixture: lines });
    await panel.get("#findings-toggle").click();
    await panel.get("#findings-outliers .finding").nth(1).click();
    assert.deepEqual(await panel.heard("reveal"), [{ index: 11 }]);
    await panel.get("#findings-duplicates .finding").nth(0).click();
    assert.deepEqual(await panel.heard("similarity"), [{ a: 2, b: 3 }]);
    await panel.get("#findings-duplicates .finding").nth(1).click();
    await panel.get("#selected-count").getByText("3 items selected").waitFor();
    assert.equal(await panel.get("#findings-doubtful").count(), 0, "lines have no labels");
  });

  test("follow the threshold, and say when they need a run", async () => {
    await open({ fixture: lines });
    await panel.get("#findings-toggle").click();
    await panel.get("#findings-threshold").fill("0.99");
    await panel.page.keyboard.press("Enter");
    assert.deepEqual((await panel.heard("anomalies", 2))[1], { threshold: 0.99 });
    await panel.until("document.querySelectorAll('#findings-duplicates .finding').length === 1");
    await panel.close();
    await open({ fixture: lines, restored: true, change: { state: { kind: "restored", stale: false } } });
    await panel.get("#findings-toggle").click();
    await panel.get("#findings-body").getByText("Run again to look for").waitFor();
  });
});

describe("how far to trust a map", () => {
  test("is told in figures with what they mean: the map, the labels and each cluster", async () => {
    await open({ fixture: { ...pictures, clusters: 3 } });
    await panel.get("#trust-toggle").click();
    assert.deepEqual(await panel.get("#trust-map dd").allInnerTexts(), [
      "0.962",
      "0.948",
      "61.0 %",
      "0.534",
      "133 items",
    ]);
    assert.match((await panel.get("#trust-map dt").first().getAttribute("title")) ?? "", /near in the vectors/);
    assert.deepEqual(await panel.get("#trust-labels td").allInnerTexts(), ["91.3 %", "87.1 %", "90.2 %", "86.6 %"]);
    assert.deepEqual(await panel.get("#trust-clusters dd").allInnerTexts(), ["0.312", "87.4 %", "0.713", "0.766"]);
    assert.equal(await panel.get("#trust-silhouettes dt").first().innerText(), "waves, ocean, 2", "the worst first");
    await panel.get("#trust-silhouettes dt button").first().click();
    assert.equal((await panel.heard("reveal")).length, 1, "its exemplar");
  });
});

describe("the parameters of clusters", () => {
  test("who chooses a method of clusters sees them as colours", async () => {
    await open({ fixture: pictures });
    assert.equal(await panel.page.evaluate("document.querySelector('#color-by').value"), "label");
    await panel.get("#settings").click();
    assert.ok(await panel.get("#k-auto").isHidden(), "there is no K to choose yet");
    await panel.choose("cluster-method", "hdbscan");
    await panel.until("document.querySelector('#color-by').value === 'cluster'");
    const [sent] = await panel.heard("setRecipe");
    assert.equal((sent!["recipe"] as Recipe).cluster.method, "hdbscan");
  });

  test("belong to their method; an empty field leaves them to it", async () => {
    await open({ fixture: { kind: "lines", count: 60, clusters: 3 } });
    await panel.get("#settings").click();
    await panel.choose("cluster-method", "hdbscan");
    assert.ok(!(await panel.get("#cluster-eps").isVisible()));
    await panel.get("#cluster-min-size").fill("7");
    await panel.get("#cluster-min-size").press("Enter");
    const cluster = async (times: number) =>
      ((await panel.heard("setRecipe", times)).at(-1)!["recipe"] as Recipe).cluster;
    assert.equal((await cluster(2)).minClusterSize, 7);
    await panel.get("#cluster-min-size").fill("");
    await panel.get("#cluster-min-size").press("Enter");
    assert.ok(!("minClusterSize" in (await cluster(3))));
    await panel.choose("cluster-method", "agglomerative");
    await panel.choose("cluster-linkage", "average");
    await panel.get("#cluster-by-distance").click();
    const { linkage, distance } = await cluster(6);
    assert.deepEqual([linkage, distance], ["average", 1]);
  });
});

describe("the network", () => {
  test("is laid out when its tab is chosen, with the selection and colours of the map", async () => {
    await open({ fixture: pictures });
    await panel.host("sendSelect(7)");
    await panel.get("#tab-network").click();
    await panel.drawn();
    assert.deepEqual(await panel.said("network"), [{ settings: { k: 4, threshold: 0 } }]);
    assert.deepEqual(await panel.get(".legend-row .name").allTextContents(), ["bird", "cat", "dog"]);
    assert.match(await panel.get("#status").innerText(), /133 pictures.*network of nearest neighbours/s);
    await panel.get("#export").click();
    await panel.get("#export-svg").click();
    await panel.until("fakeHost.saved");
    const lines = await panel.host<number>("savedText.split('<line ').length");
    assert.ok(lines > 300, `${lines} ties are in the file`);
    const { x, y } = await hover(panel.page);
    await panel.page.mouse.click(x, y);
    await panel.heard("reveal");
  });

  test("lets the ties of what the pointer is on stand out, and says how many and how strong they are", async () => {
    await open({ fixture: lines, change: { view: "network" } });
    const tied = panel.get(".layer:not([hidden]) .tied");
    assert.doesNotMatch((await tied.getAttribute("class"))!, /shown/);
    await hover(panel.page);
    await panel.frame();
    assert.match((await tied.getAttribute("class"))!, /shown/);
    const [card, ties] = await panel.get("#lens-tooltip .card").all();
    const line = Number(/line (\d+)/.exec(await card!.innerText())![1]) - 1;
    const network = networkOf(20, { k: 4, threshold: 0 });
    const own = tiesOf(network, line);
    assert.match(await ties!.innerText(), new RegExp(`^${own.length} ties?`));
    const shown = await ties!.locator(".value").allTextContents();
    assert.deepEqual(
      shown,
      own.slice(0, 3).map(({ weight }) => weight.toFixed(3)),
    );
    await panel.page.mouse.move(3, 3);
    await panel.frame();
    assert.doesNotMatch((await tied.getAttribute("class"))!, /shown/);
  });

  test("shows ties of negative similarity on demand, where there are any", async () => {
    await open({ fixture: lines, change: { view: "network" } });
    await panel.until("document.querySelector('#ties-from-slider').min === '-1'");
    await panel.get("#ties-from").fill("-0.5");
    await panel.page.keyboard.press("Enter");
    assert.deepEqual((await panel.heard("network", 2))[1], { settings: { k: 4, threshold: -0.5 } });
  });

  test("follows its number of ties without a run", async () => {
    await open({ fixture: lines, change: { view: "network" } });
    await panel.get("#ties").fill("2");
    await panel.page.keyboard.press("Enter");
    assert.deepEqual((await panel.heard("network", 2))[1], { settings: { k: 2, threshold: 0 } });
    assert.equal((await panel.said("setRecipe")).length, 0);
  });

  test("says that it needs a run in a restored panel", async () => {
    panel = await start({ fixture: lines, restored: true, change: { view: "network" } }, false);
    await panel.get("#message").getByText("not kept between windows").waitFor();
  });
});

describe("the map, the heatmap and the network", () => {
  /** How many items the drawing of a view marks as selected. */
  async function marked(view: "map" | "similarity" | "network"): Promise<number> {
    await panel.get(`#tab-${view}`).click();
    await panel.drawn();
    await panel.host("saved = null");
    await panel.get("#export").click();
    await panel.get("#export-svg").click();
    await panel.until("fakeHost.saved");
    const svg = await panel.host<string>("savedText");
    const name = view === "similarity" ? "rows" : "selectedMarks";
    const group = new RegExp(`<g class="mark-\\w+ role-mark ${name}"[^>]*>(.*?)</g>`, "s").exec(svg)?.[1] ?? "";
    return group.split("<path").length - 1;
  }

  test("share one selection, wherever it is made", async () => {
    await open({ fixture: lines });
    await panel.host("sendSelect(3)");
    assert.deepEqual([await marked("similarity"), await marked("network"), await marked("map")], [1, 1, 1]);
    const selected = async () => (await panel.host<{ selected: number[] }>("state")).selected;
    assert.deepEqual(await selected(), [3]);
    await panel.get("#tab-similarity").click();
    await panel.drawn();
    const box = (await panel.get("#chart").boundingBox())!;
    await panel.page.mouse.click(box.x + box.width * 0.4, box.y + box.height * 0.7);
    await panel.get("#pair-similarity").waitFor();
    const pair = await selected();
    assert.equal(pair.length, 2);
    assert.deepEqual([await marked("network"), await marked("map"), await marked("similarity")], [2, 2, 2]);
    assert.deepEqual(await selected(), pair);
  });
});

describe("a map of three dimensions", () => {
  test("is asked for behind the gear", async () => {
    await open({ fixture: pictures });
    await panel.get("#settings").click();
    await panel.choose("dims", "3");
    const expected = changed(pictures, ({ reduce }) => ({ reduce: { ...reduce, dims: 3 } }));
    assert.deepEqual(await panel.heard("setRecipe"), [{ recipe: expected }]);
  });

  test("turns with the hand, can be pointed at, and lies again as before after a double click", async () => {
    await open({ fixture: { ...pictures, deep: true } });
    const points = "document.querySelector('.layer:not([hidden]) .points canvas').toDataURL()";
    const box = (await panel.get("#chart").boundingBox())!;
    await panel.page.mouse.move(box.x + 3, box.y + 3);
    await panel.frame();
    const first = JSON.stringify(await panel.page.evaluate<string>(points));
    await panel.page.mouse.move(box.x + 300, box.y + 200);
    await panel.page.mouse.down();
    await panel.page.mouse.move(box.x + 420, box.y + 230, { steps: 4 });
    await panel.page.mouse.up();
    await panel.until(`${points} !== ${first}`);
    assert.equal((await panel.said("reveal")).length, 0, "a drag is no click");
    await panel.page.mouse.dblclick(box.x + 40, box.y + box.height - 60);
    await panel.page.mouse.move(box.x + 3, box.y + 3);
    await panel.until(`${points} === ${first}`);
    const { x, y } = await hover(panel.page);
    await panel.page.mouse.click(x, y);
    await panel.heard("reveal");
  });

  test("of two dimensions too zooms with the key for plus while the chart has the focus", async () => {
    await open({ fixture: pictures });
    const picture = "document.querySelector('.layer:not([hidden]) .canvas canvas').toDataURL()";
    await panel.get("#chart").focus();
    const first = JSON.stringify(await panel.page.evaluate<string>(picture));
    await panel.page.keyboard.press("+");
    await panel.until(`${picture} !== ${first}`);
  });

  test("turns with the keys W, A, S and D, and lies again as before with 0", async () => {
    await open({ fixture: { ...pictures, deep: true } });
    const points = "document.querySelector('.layer:not([hidden]) .points canvas').toDataURL()";
    await panel.get("#chart").focus();
    const seen = [await panel.page.evaluate<string>(points)];
    for (const key of ["d", "w", "a", "s"]) {
      await panel.page.keyboard.press(key);
      if (key !== "s") await panel.until(`${points} !== ${JSON.stringify(seen.at(-1))}`);
      seen.push(await panel.page.evaluate<string>(points));
    }
    await panel.until(`${points} === ${JSON.stringify(seen[0])}`);
    await panel.page.keyboard.press("w");
    await panel.until(`${points} !== ${JSON.stringify(seen[0])}`);
    await panel.page.keyboard.press("0");
    await panel.until(`${points} === ${JSON.stringify(seen[0])}`);
  });

  test("says that a drag turns it, which other views do not", async () => {
    await open({ fixture: { ...pictures, deep: true } });
    const hint = panel.get(".details .hint");
    assert.match(await hint.innerText(), /^Drag the map to turn it/);
    await panel.get("#tab-similarity").click();
    await panel.drawn();
    assert.match(await hint.innerText(), /^Click a point/);
  });

  test("is saved as it is turned on the screen", async () => {
    await open({ fixture: { ...pictures, deep: true } });
    async function saved(): Promise<string> {
      await panel.host("saved = null");
      await panel.get("#export").click();
      await panel.get("#export-svg").click();
      await panel.until("fakeHost.saved");
      const svg = await panel.host<string>("savedText");
      return /role-mark pointMarks[^]*?<\/g>/.exec(svg)![0];
    }
    const first = await saved();
    const radii = Array.from(first.matchAll(/d="M([\d.]+),0A/g), ([, radius]) => Number(radius));
    assert.equal(radii.length, 133);
    assert.ok(radii.at(-1)! > 1.2 * radii[0]!, "the last are the nearest and the largest");
    const box = (await panel.get("#chart").boundingBox())!;
    await panel.page.mouse.move(box.x + 300, box.y + 200);
    await panel.page.mouse.down();
    await panel.page.mouse.move(box.x + 420, box.y + 230, { steps: 4 });
    await panel.page.mouse.up();
    await panel.frame();
    assert.notEqual(await saved(), first);
    await panel.get("#export").click();
    await panel.get("#export-html").click();
    const { turn } = (await panel.heard("save", 3)).at(-1) as { turn: { yaw: number; pitch: number } };
    assert.ok(turn.yaw > FIRST_TURN.yaw && turn.pitch !== FIRST_TURN.pitch, "a page begins as the panel was turned");
  });
});

describe("texts of the data stay texts", () => {
  const bad = [
    '<img src=x onerror="window.hacked=1">',
    "${window.hacked=1} {{datum}} data('points')",
    "'; alert(1); //",
  ];

  test("on the map, in the legend, in tooltips and details", async () => {
    await open({
      fixture: { kind: "lines", count: 20, labels: bad, title: bad[0]! },
      texts: Object.fromEntries(TEXTS.map((_, i) => [i, bad[i % 3]!])),
    });
    await hover(panel.page);
    await panel.host("sendSelect(0)");
    await panel.get(".full-text").waitFor();
    assert.equal(await panel.get(".full-text").innerText(), bad[0]);
    assert.deepEqual(await panel.get(".legend-row .name").allTextContents(), bad);
    assert.equal(await panel.get("img").count(), 0);
    await panel.get("#tab-similarity").click();
    await panel.drawn();
    await panel.get("#export").click();
    await panel.get("#export-svg").click();
    await panel.until("fakeHost.saved");
    assert.equal(await panel.page.evaluate("window.hacked"), undefined);
    assert.equal(await panel.host<boolean>("savedText.includes('<img')"), false);
  });
});
