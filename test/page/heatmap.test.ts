import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FixtureOptions } from "./fixtures";
import type { Panel, PanelOptions } from "./harness";
import { onePanel } from "./one-panel";

const labelled: FixtureOptions = { kind: "lines", count: 24, labels: ["card", "parcel", "account"] };
const look = (order: string) => ({ colorBy: null, selected: [], folded: null, order });

const start = onePanel();
let panel: Panel;

/** Opens the heatmap and finds where its cells lie: where a tooltip tells a similarity. */
async function open(order: string, options: Partial<PanelOptions> = {}): Promise<Square> {
  panel = await start({ fixture: labelled, change: { view: "similarity" }, state: look(order), ...options });
  const box = (await panel.get("#chart").boundingBox())!;
  const [cx, cy] = [box.x + box.width * 0.55, box.y + box.height * 0.45];
  const end = async (dx: number, dy: number): Promise<number> => {
    let [inside, outside] = [0, dx === 0 ? cy - box.y : dx < 0 ? cx - box.x : box.x + box.width - cx];
    while (outside - inside > 0.5) {
      const middle = (inside + outside) / 2;
      await panel.page.mouse.move(cx + dx * middle, cy + dy * middle);
      const on = (await panel.get("#lens-tooltip:not([hidden]) .card-pair").count()) > 0;
      if (on) inside = middle;
      else outside = middle;
    }
    return inside;
  };
  const left = cx - (await end(-1, 0));
  const top = cy - (await end(0, -1));
  return { left, top, side: cx + (await end(1, 0)) - left };
}

interface Square {
  left: number;
  top: number;
  side: number;
}

const selected = async (): Promise<number[]> => (await panel.host<{ selected: number[] }>("state")).selected;
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe("the heatmap", () => {
  test("in the order of labels says which group a band is, and a click on it selects the group", async () => {
    const { left, top, side } = await open("label");
    await panel.page.mouse.move(left - 7, top + side / 2);
    await panel.get("#lens-tooltip").getByText("parcel").waitFor();
    assert.match(await panel.get("#lens-tooltip").innerText(), /^parcel\s+8 items$/);
    await panel.page.mouse.click(left - 7, top + side / 2);
    assert.deepEqual(await selected(), range(8, 16));
    await panel.page.keyboard.down("Control");
    await panel.page.mouse.click(left + side * 0.9, top - 7);
    await panel.page.keyboard.up("Control");
    assert.deepEqual(await selected(), range(8, 24));
    await panel.get("#export").click();
    await panel.get("#export-svg").click();
    await panel.until("fakeHost.saved");
    assert.ok(await panel.host<boolean>("savedText.includes('groupRows')"), "a file has the bands too");
  });

  test("has its groups in the legend: a click on a name chooses its items, one on its mark takes its rows off", async () => {
    await open("label");
    assert.equal(await panel.get("#legend h2").innerText(), "LABEL");
    assert.deepEqual(await panel.get(".legend-row .name").allInnerTexts(), ["card", "parcel", "account"]);
    await panel.get("#legend-name-1").click();
    assert.deepEqual(await selected(), range(8, 16));
    await panel.get("#legend-name-2").click({ modifiers: ["Control"] });
    assert.deepEqual(await selected(), range(8, 24));
    await panel.get("#legend-mark-0").click();
    await panel.get("#status").getByText("16 of 24 lines").waitFor();
    assert.ok(!(await panel.get("#status").innerText()).includes("faint"), "nothing on a heatmap is faint");
    await panel.get("#export").click();
    await panel.get("#export-html").click();
    await panel.until("fakeHost.saved");
    assert.equal(await panel.host<number>("saved.kept.reduce((sum, one) => sum + one)"), 16, "the file has these rows");
    for (const at of [1, 2]) await panel.get(`#legend-mark-${at}`).click();
    await panel.get("#message").getByText("The filter leaves no item.").waitFor();
    await panel.get("#message").getByText("Clear the filter").click();
    await panel.get("#message").waitFor({ state: "hidden" });
    assert.doesNotMatch(await panel.get("#status").innerText(), /filter| of /);
  });

  test("as given has no bands: beside its cells are its labels", async () => {
    const { left, top, side } = await open("given");
    await panel.page.mouse.move(left - 7, top + side / 2);
    await panel.get("#lens-tooltip .card").waitFor();
  });

  test("selects the rows and columns of a rectangle that a hand draws with Shift, more with Ctrl", async () => {
    const { left, top, side } = await open("given");
    const cell = side / 24;
    const drag = async (row: number, col: number, toRow: number, toCol: number): Promise<void> => {
      const { mouse, keyboard } = panel.page;
      await keyboard.down("Shift");
      await mouse.move(left + cell * (col + 0.5), top + cell * (row + 0.5));
      await mouse.down();
      await mouse.move(left + cell * (toCol + 0.2), top + cell * (row + 0.5), { steps: 3 });
      await mouse.move(left + cell * (toCol + 0.5), top + cell * (toRow + 0.5), { steps: 3 });
      assert.ok(await panel.get(".layer:not([hidden]) .lasso").isVisible());
      await mouse.up();
      await keyboard.up("Shift");
      assert.ok(!(await panel.get(".layer:not([hidden]) .lasso").isVisible()));
    };
    await drag(2, 10, 4, 13);
    assert.deepEqual(await selected(), [2, 3, 4, 10, 11, 12, 13]);
    await panel.get("#selected-count").getByText("7 items selected").waitFor();
    await drag(8, 7, 6, 6);
    assert.deepEqual(await selected(), [6, 7, 8], "in any direction");
    await panel.page.keyboard.down("Control");
    await drag(20, 20, 21, 21);
    await panel.page.keyboard.up("Control");
    assert.deepEqual(await selected(), [6, 7, 8, 20, 21]);
    assert.equal((await panel.said("reveal")).length, 0);
  });

  for (const width of [1_000, 350]) {
    test(`of a panel of ${width} pixels says both items, their groups and their similarity, and hides no cell beside the pointer`, async () => {
      const fixture: FixtureOptions = { kind: "lines", count: 24, clusters: 3 };
      const { left, top, side } = await open("cluster", { fixture, width, height: 700 });
      const cell = side / 24;
      for (const [row, col] of [
        [2, 5],
        [3, 22],
        [21, 2],
        [22, 21],
      ] as const) {
        const [x, y] = [left + cell * (col + 0.5), top + cell * (row + 0.5)];
        await panel.page.mouse.move(x, y);
        await panel.until(
          "[...document.querySelectorAll('#lens-tooltip .card-text')].filter((text) => text.textContent).length === 2",
        );
        assert.match(
          await panel.get("#lens-tooltip").innerText(),
          /^Similarity\s+\u2212?\d\.\d{3}\n(.+\n(waves, ocean, \d|\(noise\))\nsentences.txt, line \d+\s*){2}$/,
        );
        await panel.frame();
        const tip = (await panel.get("#lens-tooltip").boundingBox())!;
        const free = 1.5 * cell;
        const beside = tip.x >= x + free || tip.x + tip.width <= x - free;
        assert.ok(beside || tip.y >= y + free || tip.y + tip.height <= y - free, `${row} ${col}`);
      }
    });
  }
});
