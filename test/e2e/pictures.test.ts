import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, describe } from "node:test";
import { enginePid, Lens } from "./rig/lens";
import { steps } from "./rig/step";
import { appears, until, Workbench } from "./rig/workbench";
import { Workspace } from "./rig/workspace";

describe("pictures of the explorer", { timeout: 240_000 }, () => {
  let workspace: Workspace;
  let workbench: Workbench;
  let lens: Lens;
  const it = steps(() => workbench);

  before(async () => {
    workspace = new Workspace();
    await workspace.draw("shapes", 8);
    workspace.write("shapes/circles/broken.jpg", "this is no picture");
    await workspace.draw("many", 2);
    for (let copy = 0; copy < 1_000; copy++) {
      for (const kind of ["circles", "squares", "stripes"]) {
        const picture = fs.readFileSync(workspace.file(`many/${kind}/${kind}-0.png`));
        // What follows the picture makes it another file: equal ones would be embedded once.
        const other = Buffer.concat([picture, Buffer.from(String(copy))]);
        fs.writeFileSync(workspace.file(`many/${kind}/copy-${copy}.png`), other);
      }
    }
    workbench = await Workbench.open({ folder: workspace.folder });
    lens = new Lens(workbench);
  });
  after(async () => {
    await workbench.close();
    workspace.remove();
  });

  const visualize = async (folder: string): Promise<void> => {
    await workbench.explorerRow(folder).click({ button: "right" });
    await workbench.menu("Embedding Lens", "Visualize Images");
  };

  it("become a map with a legend of their folders, and a broken one is named", async () => {
    await visualize("shapes");
    await lens.drawn("24 of 25 pictures");
    const legend = await lens.locator("#legend .legend-row .name").allTextContents();
    assert.deepEqual([...legend].sort(), ["circles", "squares", "stripes"]);
    await lens.locator("#status-skipped").click();
    await lens.locator("#status-list").filter({ hasText: "broken.jpg" }).waitFor();
    await lens.locator("#status-skipped").click();
    await lens.settled();
    await workbench.screenshot("pictures-dark");
  });

  it("are offered a sharper model once", async () => {
    await lens.locator("#offer").filter({ hasText: "MobileNetV2" }).waitFor();
    await lens.locator("#offer button").last().click();
    await lens.locator("#offer").waitFor({ state: "hidden" });
  });

  it("show a thumbnail, label and path on hover, and a click opens the picture beside the panel", async () => {
    const [point] = await lens.settled();
    assert.ok(point);
    const words = await lens.hover(point);
    assert.match(words, /(circles|squares|stripes).*shapes\/\1\/\1-\d\.png/);
    const image = lens.tooltip.locator("img");
    await image.waitFor();
    await until(
      "the thumbnail is loaded",
      () => image.evaluate((img) => (img as unknown as { naturalWidth: number }).naturalWidth),
      (width) => width > 0,
    );
    const name = /(\w+-\d\.png)/.exec(words)?.[1] ?? "";
    const before = (await workbench.tabs()).find(({ label }) => label === "Map of shapes");
    await workbench.page.mouse.click(point.x, point.y);
    const tabs = await until(
      "the picture is open",
      () => workbench.tabs(),
      (all) => all.some(({ label }) => label === name),
    );
    const picture = tabs.find(({ label }) => label === name);
    const panel = tabs.find(({ label }) => label === "Map of shapes");
    assert.ok(panel?.active && panel.column === before?.column);
    assert.notEqual(picture?.column, panel.column);
    await lens.locator("#details .neighbor img").nth(4).waitFor();
    await workbench.screenshot("pictures-details-dark");
  });

  it("stop when cancelled, and the editor goes on", async () => {
    await workbench.palette("View: Close All Editors");
    await visualize("many");
    await lens
      .locator("#progress-words")
      .filter({ hasText: /\d+ of/ })
      .waitFor({ timeout: 30_000 });
    await workbench.screenshot("progress-dark");
    const started = Date.now();
    await lens.locator("#cancel").click();
    await lens.banner.filter({ hasText: "Stopped" }).waitFor();
    assert.ok(Date.now() - started < 5_000);
    assert.ok(!(await appears(lens.canvas, 200)));
  });

  it("survive the death of the engine in mid-run: the panel says so, and Retry runs again", async () => {
    const host = await workbench.probe<number>("pid");
    await lens.banner.locator("vscode-button").click();
    await lens
      .locator("#progress-words")
      .filter({ hasText: /\d+ of/ })
      .waitFor({ timeout: 30_000 });
    const engine = await enginePid(workbench);
    assert.ok(engine);
    process.kill(engine, "SIGKILL");
    await lens.banner.filter({ hasText: "engine stopped" }).waitFor();
    await workbench.screenshot("engine-killed-dark");
    assert.equal(await workbench.page.locator(".notification-list-item").count(), 0);
    assert.equal(await workbench.probe<number>("pid"), host);
    await lens.banner.locator("vscode-button").filter({ hasText: "Retry" }).click();
    await lens
      .locator("#progress-words")
      .filter({ hasText: /\d+ of/ })
      .waitFor({ timeout: 30_000 });
    assert.notEqual(await enginePid(workbench), engine);
    await lens.locator("#cancel").click();
    await lens.banner.filter({ hasText: "Stopped" }).waitFor();
  });

  it("can be chosen one by one, and a single one gives a picture too", async () => {
    await workbench.explorerRow("shapes").click();
    await workbench.explorerRow("circles").click();
    await workbench.explorerRow("circles-0.png").click();
    await workbench.explorerRow("circles-2.png").click({ modifiers: ["Shift"] });
    await workbench.explorerRow("circles-1.png").click({ button: "right" });
    await workbench.menu("Visualize Images");
    await lens.drawn("3 pictures");
  });
});
