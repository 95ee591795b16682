import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FixtureOptions } from "./fixtures";
import type { Panel, PanelOptions } from "./harness";
import { onePanel } from "./one-panel";

const LONG = "balance_not_updated_after_cheque_or_cash_deposit";
const labelled: FixtureOptions = { kind: "lines", count: 60, labels: [LONG, "parcel", "account"] };

const start = onePanel();
let panel: Panel;
const open = async (options: Partial<PanelOptions> = {}): Promise<Panel> =>
  (panel = await start({ fixture: labelled, ...options }));
const findings = async (): Promise<void> => {
  await panel.get("#findings-toggle").click();
  await panel.get("#findings-doubtful .finding").first().waitFor();
};
/** Whether the top of an element lies in what is seen of the column. */
const inSight = (selector: string): Promise<boolean> =>
  panel.page.evaluate(`(() => {
    const column = document.querySelector("#side-content").getBoundingClientRect();
    const { top } = document.querySelector("${selector}").getBoundingClientRect();
    return top >= column.top - 1 && top < column.bottom - 10;
  })()`);

describe("the column beside the chart", () => {
  test("stays open when the source of what was chosen opens beside the panel and leaves it little room", async () => {
    await open();
    await panel.get("#chart").focus();
    await panel.page.keyboard.press("ArrowRight");
    await panel.page.setViewportSize({ width: 450, height: 640 });
    await panel.until("matchMedia('(max-width: 500px)').matches");
    await panel.frame();
    assert.ok(await panel.get("#details").isVisible());
    await panel.get("#side-toggle").click();
    assert.ok(await panel.get("#details").isHidden(), "who folds it away means it");
  });

  test("folds away in a panel that grows narrow while nothing is chosen", async () => {
    await open();
    await panel.page.setViewportSize({ width: 450, height: 640 });
    await panel.get("#details").waitFor({ state: "hidden" });
  });

  test("shows the legend before a hint in a narrow panel, and what is chosen before the legend", async () => {
    await open({ width: 450, height: 700 });
    await panel.get("#side-toggle").click();
    const legendFirst = "document.querySelector('#legend').offsetTop < document.querySelector('#details').offsetTop";
    assert.ok(await panel.page.evaluate(legendFirst));
    await panel.get("#chart").focus();
    await panel.page.keyboard.press("ArrowRight");
    await panel.until(`!(${legendFirst})`);
  });

  test("goes on showing the finding that was clicked when its source leaves the panel little room", async () => {
    await open({ height: 640 });
    await findings();
    await panel.get("#findings-doubtful .finding").nth(3).click();
    await panel.get(".neighbors > *").first().waitFor({ state: "attached" });
    await panel.page.setViewportSize({ width: 450, height: 640 });
    await panel.until("matchMedia('(max-width: 500px)').matches");
    await panel.frame();
    assert.ok(await inSight("#findings-doubtful li:nth-child(4)"));
  });

  test("scrolls to a list that is opened below what is seen", async () => {
    await open({ height: 420 });
    await findings();
    await panel.frame();
    assert.ok(await inSight("#findings-duplicates"));
  });

  test("scrolls to what is chosen on the chart, and keeps its place for who walks through a list", async () => {
    await open({ height: 420 });
    await findings();
    await panel.get("#findings-doubtful .finding").nth(3).click();
    await panel.get(".neighbors > *").first().waitFor({ state: "attached" });
    assert.ok(await inSight("#findings-doubtful li:nth-child(4)"));
    await panel.get("#chart").focus();
    await panel.page.keyboard.press("ArrowRight");
    await panel.frame();
    assert.ok(await inSight("#selected-count"));
  });

  test("cuts no reason of a finding, however long a label without a blank is", async () => {
    await open();
    await findings();
    const cut = await panel.page.evaluate(
      "[...document.querySelectorAll('.finding')].filter((row) => row.scrollWidth > row.clientWidth).length",
    );
    assert.equal(cut, 0);
    const row = panel.get("#findings-doubtful .finding").first();
    const [reason, score] = await Promise.all([
      row.locator("small").boundingBox(),
      row.locator(".value").boundingBox(),
    ]);
    assert.ok(score!.y < reason!.y, "the score stands beside the name and takes no room from the reason");
  });

  test("breaks long names after the signs that join their words", async () => {
    await open();
    const name = panel.get("#legend-name-0 .name");
    assert.equal(await name.textContent(), LONG);
    assert.equal(await name.locator("wbr").count(), LONG.split("_").length - 1);
  });
});
