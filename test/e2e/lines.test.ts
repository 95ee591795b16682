import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, describe } from "node:test";
import { Lens } from "./rig/lens";
import { steps } from "./rig/step";
import { appears, until, Workbench } from "./rig/workbench";
import { Workspace } from "./rig/workspace";

describe("lines of an editor", { timeout: 240_000 }, () => {
  let workspace: Workspace;
  let workbench: Workbench;
  let lens: Lens;
  let sentences: string[];
  const it = steps(() => workbench);

  before(async () => {
    workspace = new Workspace();
    workspace.write("notes.md", "# Notes\n");
    sentences = fs.readFileSync(workspace.file("sentences.txt"), "utf8").trim().split("\n");
    workbench = await Workbench.open({ folder: workspace.folder });
    lens = new Lens(workbench);
  });
  after(async () => {
    await workbench.close();
    workspace.remove();
  });

  const rightClickSelection = (): Promise<void> =>
    workbench.page
      .locator(".editor-group-container.active .monaco-editor .view-line")
      .nth(3)
      .click({ button: "right", position: { x: 30, y: 8 } });
  const inFirstColumn = async () => (await workbench.editors()).find(({ column }) => column === 1);

  it("become a map beside the editor by a right-click", async () => {
    await workbench.openFile("sentences.txt");
    await workbench.page.keyboard.press("Control+A");
    await rightClickSelection();
    await workbench.menu("Embedding Lens", "Map of Selection");
    await lens.drawn("20 lines");
    assert.equal((await lens.settled()).length, 20);
    const tabs = await workbench.tabs();
    assert.deepEqual(
      tabs.map(({ label, column }) => [label, column]),
      [
        ["sentences.txt", 1],
        ["Map of sentences.txt", 2],
      ],
    );
    await workbench.screenshot("map-dark");
  });

  it("say what they are on hover, and a click selects the line in the editor", async () => {
    const [point] = await lens.settled();
    assert.ok(point);
    const words = await lens.hover(point, (said) => sentences.some((sentence) => said.includes(sentence)));
    const line = sentences.findIndex((sentence) => words.includes(sentence)) + 1;
    await workbench.page.mouse.click(point.x, point.y);
    const editor = await until("the line is selected", inFirstColumn, (one) => one?.from === line && one.to === line);
    assert.equal(editor?.text, sentences[line - 1]);
    await lens
      .locator("#details .full-text")
      .filter({ hasText: sentences[line - 1] ?? "" })
      .waitFor();
    assert.equal(await lens.locator("#details .neighbor").count(), 5);
    assert.deepEqual((await workbench.tabs()).filter(({ active }) => active).length, 2);
    await workbench.screenshot("map-details-dark");
  });

  it("are compared by two chosen points", async () => {
    const points = await lens.settled();
    const [first, second] = [points[0]!, points.at(-1)!];
    await workbench.page.mouse.click(first.x, first.y);
    await workbench.page.keyboard.down("Control");
    await workbench.page.mouse.click(second.x, second.y);
    await workbench.page.keyboard.up("Control");
    await lens
      .locator("#pair-similarity")
      .filter({ hasText: /^[−-]?0\.\d+$/ })
      .waitFor();
  });

  it("move when a parameter changes", async () => {
    const before = await lens.settled();
    await lens.choose("method", "PCA");
    await lens.drawn("PCA");
    const after = await lens.settled();
    assert.ok(after.length > 10, "PCA lays points over each other, but not most of them");
    assert.notDeepEqual(after, before);
    await lens.choose("method", "UMAP");
    await lens.drawn("UMAP");
    await lens.locator("#neighbors").fill("3");
    await workbench.page.keyboard.press("Enter");
    await until(
      "the map has moved",
      // While it forms there may be no chart to look at.
      () => lens.settled().catch(() => before),
      (points) => JSON.stringify(points) !== JSON.stringify(before),
    );
  });

  it("are still there when the panel was hidden, and when it has moved to another column", async () => {
    const before = await lens.settled();
    await workbench.tab("Map of sentences.txt").click();
    await workbench.openFile("notes.md");
    assert.ok(!(await lens.canvas.isVisible()));
    await workbench.tab("Map of sentences.txt").click();
    await lens.drawn("20 lines");
    assert.equal((await lens.settled()).length, before.length);
    await workbench.palette("View: Move Editor into First Group");
    await until(
      "the panel is in the first column",
      () => workbench.tabs(),
      (tabs) => tabs.some(({ label, column }) => label.startsWith("Map of") && column === 1),
    );
    await lens.drawn("20 lines");
    assert.equal((await lens.settled()).length, before.length);
    await workbench.palette("View: Move Editor into Right Group");
    await lens.drawn("20 lines");
  });

  it("follow the theme", async () => {
    const dark = await lens.locator("body").getAttribute("class");
    workbench.setSettings({ "workbench.colorTheme": "Default Light Modern" });
    await lens.locator("body.vscode-light").waitFor();
    assert.match(dark ?? "", /vscode-dark/);
    await lens.settled();
    await workbench.screenshot("map-light");
    workbench.setSettings({ "workbench.colorTheme": "Default High Contrast" });
    await lens.locator("body.vscode-high-contrast").waitFor();
    await lens.settled();
    await workbench.screenshot("map-high-contrast");
    workbench.setSettings({ "workbench.colorTheme": "Default Dark Modern" });
    await lens.locator("body.vscode-dark").waitFor();
  });

  it("are drawn again after a reload without running, and run when asked", async () => {
    const before = (await lens.settled()).length;
    const runs = workbench.logLines(/\d+ items/).length;
    assert.ok(runs > 0);
    await workbench.reload();
    await lens.drawn("20 lines");
    await lens.banner.filter({ hasText: "Drawn from the last run" }).waitFor();
    assert.equal((await lens.settled()).length, before);
    assert.equal(workbench.logLines(/\d+ items/).length, runs);
    await lens.banner.locator("vscode-button").click();
    await lens.banner.waitFor({ state: "hidden" });
    await until(
      "it has run",
      () => Promise.resolve(workbench.logLines(/\d+ items/).length),
      (count) => count === runs + 1,
    );
  });

  it("say after a reload that the source has changed", async () => {
    fs.appendFileSync(workspace.file("sentences.txt"), "One more line\n");
    await workbench.reload();
    await lens.banner.filter({ hasText: "has changed since" }).waitFor();
    fs.writeFileSync(workspace.file("sentences.txt"), `${sentences.join("\n")}\n`);
  });

  it("become a heatmap: both lines and their similarity on hover", async () => {
    await workbench.palette("View: Close All Editors");
    await workbench.openFile("sentences.txt");
    await workbench.page.keyboard.press("Control+A");
    await rightClickSelection();
    await workbench.menu("Embedding Lens", "Similarity Heatmap of Selection");
    await lens.drawn("20 lines");
    const box = await lens.canvas.boundingBox();
    assert.ok(box);
    const words = await lens.hover(
      { x: box.x + box.width * 0.75, y: box.y + box.height * 0.3 },
      (said) => sentences.filter((sentence) => said.includes(sentence)).length === 2,
    );
    assert.match(words, /0\.\d+/);
    await workbench.screenshot("heatmap-dark");
    await lens.locator("#tab-map").click();
    await lens.drawn("UMAP");
  });

  it("of a document that was never saved work too, and several cursors count", async () => {
    await workbench.palette("View: Close All Editors");
    await workbench.palette("Create: New File...");
    await workbench.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "Text File" }).first().click();
    await workbench.page
      .locator(
        ".editor-group-container.active .monaco-editor textarea, .editor-group-container.active .native-edit-context",
      )
      .first()
      .focus();
    await workbench.page.keyboard.insertText("red apples\ngreen apples\n\nfast cars\nslow cars\nblue sky");
    await workbench.palette("Embedding Lens: Map of Selection");
    await lens.drawn("5 lines");
    await workbench.page.locator(".tabs-container .tab").filter({ hasText: "Untitled-1" }).first().click();
    await workbench.page.keyboard.press("Control+Home");
    for (let i = 0; i < 3; i++) await workbench.page.keyboard.press("Shift+Alt+ArrowDown");
    await workbench.palette("Embedding Lens: Map of Selection");
    await lens.drawn("3 lines");
  });

  it("that are not there are one sentence", async () => {
    workspace.write("empty.txt", "\n\n");
    await workbench.openFile("empty.txt");
    await workbench.palette("Embedding Lens: Map of Selection");
    const notification = workbench.page
      .locator(".notification-list-item")
      .filter({ hasText: "This document is empty" });
    assert.ok(await appears(notification, 5_000));
    assert.ok(!(await workbench.tabs()).some(({ label }) => label === "Map of empty.txt"));
  });

  it("leave no text in the log", () => {
    const log = workbench.log();
    assert.match(log, /items/);
    for (const sentence of [...sentences, "red apples"]) assert.ok(!log.includes(sentence), sentence);
  });
});
