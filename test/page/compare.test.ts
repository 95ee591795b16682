import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { comparisonOf, recipeOf, resultOf, type FixtureOptions } from "./fixtures";
import type { Panel, PanelOptions } from "./harness";
import { hover } from "./hover";
import { onePanel } from "./one-panel";

const lines: FixtureOptions = { kind: "lines", count: 60 };
const labelled: FixtureOptions = { ...lines, labels: ["card", "delivery"] };
const SECOND = "all-minilm-l6-v2";

const start = onePanel();
let panel: Panel;

async function open(options: Partial<PanelOptions> = {}): Promise<void> {
  const change = { view: "compare" as const, ...options.change };
  panel = await start({ fixture: lines, ...options, change });
}

async function compare(): Promise<void> {
  await panel.choose("compare-with", SECOND);
  await panel.get("#compare-second .canvas canvas").waitFor();
  await panel.frame();
}

/** What is saved as SVG: the drawing of each map. */
async function saved(): Promise<string[]> {
  await panel.host("saved = null");
  await panel.get("#export").click();
  await panel.get("#export-svg").click();
  await panel.until("fakeHost.saved");
  const text = await panel.host<string>("savedText");
  return text.split(/<svg x="/).slice(1);
}

/** The places and colours of the points in a drawing. */
const pointsOf = (svg: string): { at: string; fill: string }[] => {
  const marks = /<g class="mark-symbol role-mark pointMarks"[^>]*>(.*?)<\/g>/s.exec(svg)?.[1] ?? "";
  return Array.from(marks.matchAll(/transform="translate\(([^)]*)\)"[^>]*?fill="([^"]*)"/g), ([, at, fill]) => ({
    at: at!,
    fill: fill!,
  }));
};
const ringsOf = (svg: string): number =>
  (/<g class="mark-symbol role-mark selectedMarks"[^>]*>(.*?)<\/g>/s.exec(svg)?.[1] ?? "").split("<path").length - 1;

describe("two models side by side", () => {
  test("start from a tab that asks for nothing, with the models that fit the items", async () => {
    await open({ change: { view: "map" } });
    assert.ok(await panel.get("#compare-with").isHidden());
    await panel.get("#tab-compare").click();
    assert.deepEqual(await panel.heard("setView"), [{ view: "compare" }]);
    await panel.get("#compare-second-message").getByText("Choose a second model").waitFor();
    const offered = await panel.get("#compare-with vscode-option").allTextContents();
    assert.deepEqual(offered, ["Choose…", "MiniLM L6 v2 (24 MB download)", "Manage Models…"]);
    assert.equal((await panel.said("compareWith")).length, 0);
    await compare();
    assert.deepEqual(await panel.said("compareWith"), [{ model: SECOND }]);
    assert.deepEqual(await panel.get(".pane-name").allTextContents(), ["GloVe 100d, 256-d", "MiniLM L6 v2, 384-d"]);
  });

  test("draw the same items, the second map as large as the first", async () => {
    await open({ without: 3 });
    await compare();
    const [first, second] = (await saved()).map(pointsOf);
    assert.deepEqual([first!.length, second!.length], [57, 57]);
    const spread = (points: { at: string }[]): number => {
      const x = points.map(({ at }) => Number(at.split(",")[0]));
      return Math.max(...x) - Math.min(...x);
    };
    const ratio = spread(second!) / spread(first!);
    assert.ok(ratio > 0.6 && ratio < 1.6, `${ratio}`);
    // Those that have not moved stand in one place.
    const moved = first!.filter(({ at }, i) => at !== second![i]!.at).length;
    assert.ok(moved > 0);
  });

  test("share what is chosen and what the pointer is on, from either map", async () => {
    await open();
    await compare();
    const at = await hover(panel.page, "#compare-second .layer");
    assert.match(await panel.get("#lens-tooltip").innerText(), /of 10 neighbours shared/);
    assert.equal(await panel.get("#compare-first .layer.on-point").count(), 1);
    await panel.page.mouse.click(at.x, at.y);
    const [chosen] = await panel.heard("reveal");
    assert.equal(typeof chosen?.["index"], "number");
    assert.deepEqual((await saved()).map(ringsOf), [1, 1]);
    await panel.page.mouse.move(5, 5);
    await panel.until("!document.querySelector('.layer.on-point')");
    const other = await hover(panel.page, "#compare-first .layer");
    assert.equal(await panel.get("#compare-second .layer.on-point").count(), 1);
    await panel.page.mouse.click(other.x, other.y);
    await panel.heard("reveal", 2);
    await panel.get("#tab-map").click();
    assert.equal(await panel.get("#selected-count").innerText(), "SELECTED");
  });

  test("are looked at together: zoom, move and the way back", async () => {
    await open();
    await compare();
    // Across alone: the line that tells of the saved file takes from the height.
    const places = async (): Promise<string[]> =>
      (await saved()).map((svg) =>
        pointsOf(svg)
          .map(({ at }) => at.split(",")[0]!)
          .join(" "),
      );
    const before = await places();
    const box = (await panel.get("#compare-first .layer").boundingBox())!;
    await panel.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await panel.page.mouse.wheel(0, -300);
    await panel.frame();
    const near = await places();
    assert.ok(near[0] !== before[0] && near[1] !== before[1]);
    const second = (await panel.get("#compare-second .layer").boundingBox())!;
    await panel.page.mouse.dblclick(second.x + 5 + second.width / 2, second.y + second.height - 40);
    await panel.frame();
    assert.deepEqual(await places(), before);
  });

  test("have the colours of the main map, and shared neighbours as one more", async () => {
    await open({ fixture: labelled });
    await compare();
    assert.equal(await panel.get("#legend h2").innerText(), "LABEL");
    const [first, second] = (await saved()).map(pointsOf);
    assert.deepEqual(
      first!.map(({ fill }) => fill),
      second!.map(({ fill }) => fill),
    );
    await panel.choose("color-by", "overlap");
    await panel.get("#legend").getByText("Shared neighbours").waitFor();
    await panel.get("#legend").getByText("100 %").waitFor();
    const shared = (await saved()).map(pointsOf);
    assert.ok(new Set(shared[1]!.map(({ fill }) => fill)).size > 4);
    assert.deepEqual(
      shared[0]!.map(({ fill }) => fill),
      shared[1]!.map(({ fill }) => fill),
    );
    await panel.get("#tab-map").click();
    await panel.drawn();
    assert.equal(await panel.get("#legend h2").innerText(), "SHARED NEIGHBOURS");
    assert.equal((await panel.said("compareWith")).length, 1);
  });

  test("are coloured by shared neighbours where there are no labels", async () => {
    await open();
    assert.ok(await panel.get("#legend").isHidden());
    await compare();
    assert.equal(await panel.get("#legend h2").innerText(), "SHARED NEIGHBOURS");
  });

  test("list what moved most, each leading to its item", async () => {
    await open();
    assert.ok(await panel.get("#moved").isHidden());
    await compare();
    const { moved, index } = comparisonOf(resultOf(lines), SECOND);
    const rows = panel.get("#moved-rows .finding");
    assert.equal(await rows.count(), 5);
    assert.match(await rows.first().innerText(), /0 of 10 neighbours shared/);
    await rows.nth(1).click();
    assert.deepEqual(await panel.heard("reveal"), [{ index: index[moved[1]!] }]);
    assert.equal(await rows.nth(1).getAttribute("aria-current"), "true");
    await panel.get(".full-text").waitFor();
    assert.deepEqual((await saved()).map(ringsOf), [1, 1]);
    await panel.get("#moved-more").click();
    assert.equal(await rows.count(), 45);
  });

  test("stay where they are while a notice comes and goes", async () => {
    await open({ width: 450, height: 640 });
    await compare();
    const places = async () =>
      Promise.all(["first", "second"].map((one) => panel.get(`#compare-${one}`).boundingBox()));
    const before = await places();
    await saved();
    await panel.get("#notice").waitFor();
    await panel.frame();
    assert.deepEqual(await places(), before);
  });

  test("say what is compared, what one of them left out, and what the figures mean", async () => {
    await open({ without: 3 });
    await compare();
    const status = await panel.get("#status").innerText();
    assert.match(status, /GloVe 100d, 256-d beside MiniLM L6 v2, 384-d/);
    assert.match(status, /compared on the 57 items that both have/);
    assert.match(status, /\d+ % of 10 nearest shared/);
    assert.match(status, /disparity 0\.41/);
    assert.match(
      (await panel.get("#status").getByText("nearest shared").getAttribute("title")) ?? "",
      /By chance alone/,
    );
    await panel.get("#status-skipped").click();
    assert.match(await panel.get("#status-list").innerText(), /line 1: no known word \(MiniLM L6 v2\)/);
  });

  test("stand side by side in a wide panel and one over the other in a narrow one", async () => {
    await open({ width: 1_000, height: 640 });
    await compare();
    const boxes = async () =>
      Promise.all(["first", "second"].map(async (one) => (await panel.get(`#compare-${one}`).boundingBox())!));
    const [left, right] = await boxes();
    assert.ok(right!.x >= left!.x + left!.width && right!.y === left!.y);
    await panel.page.setViewportSize({ width: 420, height: 760 });
    await panel.until("document.querySelector('#compare.stacked')");
    const [over, under] = await boxes();
    assert.ok(under!.y >= over!.y + over!.height && under!.x === over!.x);
    assert.ok(over!.width <= 420);
    await hover(panel.page, "#compare-second .layer");
  });

  test("are drawn by the layer of points when they are many", async () => {
    await open({ fixture: { ...lines, count: 8_000 } });
    await compare();
    assert.equal(await panel.get("#compare .points:not([hidden])").count(), 2);
    await hover(panel.page, "#compare-second .layer");
  });
});

describe("a comparison", () => {
  test("shows how far it is and can be cancelled; the first map stays", async () => {
    await open({ hold: true });
    await panel.choose("compare-with", SECOND);
    await panel.get("#progress").waitFor();
    await panel.host(
      `sendComparing("${SECOND}", ${JSON.stringify({
        kind: "running",
        progress: { stage: "embed", done: 20, total: 60 },
      })})`,
    );
    await panel.get("#progress-words").getByText("Second model: Embedding 20 of 60").waitFor();
    await panel.get("#cancel").click();
    await panel.heard("cancel");
    await panel.host(`sendComparing("${SECOND}", { kind: "stopped" })`);
    await panel.get("#compare-second-message").getByText("The comparison was stopped.").waitFor();
    assert.ok(await panel.get("#progress").isHidden());
    assert.equal(await panel.get("#compare-first .canvas canvas").count(), 1);
    await panel.get("#compare-second-message vscode-button").click();
    await panel.heard("compareWith", 2);
  });

  test("that fails says why once, and is tried again by a button", async () => {
    const sentence = "The model MiniLM L6 v2 could not be downloaded: no answer.";
    await open({ failing: { compare: sentence } });
    await panel.choose("compare-with", SECOND);
    await panel.get("#compare-second-message").getByText(sentence).waitFor();
    assert.equal(await panel.page.getByText(sentence).count(), 1);
    await panel.get("#compare-second-message").getByText("Try again").click();
    assert.deepEqual(await panel.heard("compareWith", 2), [{ model: SECOND }, { model: SECOND }]);
  });

  test("keeps the second map, faint, while the next one is on its way", async () => {
    await open();
    await compare();
    await panel.host(`sendComparing("${SECOND}", { kind: "running", progress: null })`);
    await panel.host("sendCompared(null)");
    await panel.get("#compare-second.busy .canvas canvas").waitFor();
    assert.ok(await panel.get("#compare-second-message").isHidden());
    assert.ok(await panel.get("#moved").isHidden());
    await panel.host(`sendCompared("${SECOND}")`);
    await panel.get("#compare-second:not(.busy) .canvas canvas").waitFor();
  });

  test("of an earlier window is drawn, and nothing is asked for by itself", async () => {
    await open({
      restored: true,
      change: {
        state: { kind: "restored", stale: false },
        compare: { model: SECOND, run: { kind: "idle" } },
      },
    });
    await panel.get("#compare-second-message").getByText("Nothing has been compared with MiniLM L6 v2 yet.").waitFor();
    assert.deepEqual([await panel.said("compareWith"), await panel.said("rerun")], [[], []]);
    await panel.host(`sendCompared("${SECOND}")`);
    await panel.get("#compare-second .canvas canvas").waitFor();
    assert.deepEqual([await panel.said("compareWith"), await panel.said("rerun")], [[], []]);
  });

  test("is refused in one sentence where the items are one model's own", async () => {
    const recipe = recipeOf(lines);
    await open({
      change: {
        recipe: { ...recipe, source: { ...recipe.source, long: "split" } },
        compare: { model: SECOND, run: { kind: "idle" } },
      },
    });
    await panel.get("#compare-second-message").getByText("Passages depend on the model's window").waitFor();
    assert.equal(await panel.get("#compare-second-message vscode-button").count(), 0);
  });

  test("of texts with a model for pictures is refused, by its name", async () => {
    await open({ change: { compare: { model: "resnet18", run: { kind: "idle" } } } });
    await panel.get("#compare-second-message").getByText("ResNet-18 embeds pictures, but these are texts").waitFor();
  });
});
