import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FixtureOptions } from "./fixtures";
import type { Panel, PanelOptions } from "./harness";
import { hover } from "./hover";
import { onePanel } from "./one-panel";

const table: FixtureOptions = { kind: "lines", count: 1_200, labels: ["card", "parcel", "account"], meta: true };
const FEW: FixtureOptions = { ...table, count: 60 };

const start = onePanel({
  also: async (panel) => {
    const runs = [...(await panel.said("setRecipe")), ...(await panel.said("rerun"))];
    assert.deepEqual(runs, [], "nothing of this runs the engine");
  },
});
let panel: Panel;

const open = async (options: PanelOptions): Promise<Panel> => (panel = await start(options));

const status = async () => (await panel.get("#status").innerText()).replace(/\s+/g, " ");
const shown = async () => /([\d,]+) of ([\d,]+) shown/.exec(await status())?.slice(1, 3);

describe("the other columns of a table", () => {
  test("colour the map: names, order, a scale with its counts and dates", async () => {
    await open({ fixture: table });
    await panel.choose("color-by", "meta:urgency");
    assert.deepEqual(await panel.get(".legend-row .name").allInnerTexts(), ["low", "medium", "high", "(empty)"]);
    await panel.choose("color-by", "meta:price");
    assert.equal(await panel.get(".legend .scale-count").count(), 41);
    assert.deepEqual(await panel.get(".legend .scale-ends span").count(), 3);
    await panel.choose("color-by", "meta:created");
    assert.match(await panel.get(".legend .scale-ends span").first().innerText(), /^2024-0\d$/);
    assert.match(await panel.get(".legend h2").innerText(), /created/i);
  });

  test("have dates that stay on a line and a minus before what is below 0 in the legend", async () => {
    for (const [days, pattern] of [
      [60, /^2024-\d\d-\d\d$/],
      [2, /^2024-\d\d-\d\d \d\d:\d\d$/],
    ] as const) {
      await open({ fixture: { ...FEW, days }, state: { colorBy: "meta:created" }, width: 760 });
      const ends = panel.get(".legend .scale-ends span");
      assert.equal(await ends.count(), 2);
      const legend = (await panel.get(".legend").boundingBox())!;
      for (const end of await ends.all()) {
        assert.match(await end.innerText(), pattern);
        const { x, width, height } = (await end.boundingBox())!;
        assert.ok(height < 24 && x + width <= legend.x + legend.width, `${x} ${width} ${height}`);
      }
      await panel.close();
    }
    await open({ fixture: FEW, state: { colorBy: "meta:delta" } });
    assert.match(await panel.get(".legend .scale-ends span").first().innerText(), /^\u2212\d/);
  });

  test("appear in the tooltip as plain text, the one in use first", async () => {
    await open({ fixture: FEW, state: { colorBy: "meta:price" } });
    await hover(panel.page);
    const names = await panel.get("#lens-tooltip dt").allInnerTexts();
    assert.ok(names.includes("owner <b>of it</b>"), names.join());
    assert.equal(names[0], "price");
  });

  test("filter: a mark of the legend takes its items off, the counts follow, and all come back", async () => {
    await open({ fixture: table, state: { colorBy: "meta:urgency" } });
    await panel.get("#legend-mark-0").click();
    assert.deepEqual(await shown(), ["810", "1,200"]);
    assert.equal(await panel.get("#legend-mark-0").getAttribute("aria-checked"), "false");
    assert.equal(await panel.get(".legend-row .count").first().innerText(), "0");
    await panel.get("#legend-all").click();
    assert.equal(await shown(), undefined);
  });

  test("filter: boxes, ranges and letters count together, stay over a reload and are cleared at once", async () => {
    await open({ fixture: table });
    await panel.get("#filter").click();
    await panel.choose("filter-field", "meta:price");
    await panel.get("#filter-from").fill("100");
    await panel.get("#filter-from").press("Enter");
    await panel.get("#filter").getByText("Filter (1)").waitFor();
    const ranged = Number((await shown())![0]!.replace(",", ""));
    assert.ok(ranged > 300 && ranged < 900, `${ranged}`);
    await panel.get("#filter-search").fill("ANNA");
    await panel.get("#filter").getByText("Filter (2)").waitFor();
    const both = Number((await shown())![0]!.replace(",", ""));
    assert.ok(both > 80 && both < ranged / 2, `${both}`);
    const state = await panel.host<object>("state");
    await panel.close();
    await open({ fixture: table, state });
    assert.equal(Number((await shown())![0]!.replace(",", "")), both);
    await panel.get("#filter").click();
    await panel.get("#filter-clear").click();
    assert.equal(await shown(), undefined);
  });

  test("filter: what is left out is not met by the pointer, the arrows or the hand that outlines", async () => {
    await open({ fixture: FEW, state: { filters: { list: [{ field: "label", hide: ["parcel", "account"] }] } } });
    const box = (await panel.get("#chart").boundingBox())!;
    const { mouse, keyboard } = panel.page;
    await keyboard.down("Shift");
    await keyboard.down("Alt");
    await mouse.move(box.x + 35, box.y + 45);
    await mouse.down();
    await mouse.move(box.x + box.width - 20, box.y + box.height - 40, { steps: 4 });
    await mouse.up();
    await keyboard.up("Alt");
    await keyboard.up("Shift");
    await panel.get("#selected-count").getByText("20 items selected").waitFor();
    await panel.get("#chart").focus();
    for (const key of ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowUp"]) {
      await keyboard.press(key);
      const { selected } = await panel.host<{ selected: number[] }>("state");
      assert.ok(selected[0]! < 20, `${selected[0]} is of another label`);
    }
  });

  test("give points their sizes", async () => {
    await open({ fixture: FEW });
    await panel.choose("size-by", "meta:price");
    await panel.get("#export").click();
    await panel.get("#export-svg").click();
    await panel.until("fakeHost.saved");
    const radii = await panel.host<string[]>(
      'savedText.match(/<path [^>]*aria-roledescription="symbol mark"|M[0-9.]+,0A[0-9.]+/g)',
    );
    const sizes = new Set(radii.filter((one) => one.startsWith("M")));
    assert.ok(sizes.size > 20, `${sizes.size} sizes`);
  });
});
