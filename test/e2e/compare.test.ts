import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe } from "node:test";
import { Lens } from "./rig/lens";
import { steps } from "./rig/step";
import { until, Workbench } from "./rig/workbench";
import { Workspace } from "./rig/workspace";

const project = path.resolve(__dirname, "../..");
const shared = path.resolve(process.env.EMBEDDING_LENS_DATA ?? path.join(project, "../shared"));
const model = path.join(shared, "models/model2vec-bge-64d");
const skip = fs.existsSync(model) ? false : "no models: set EMBEDDING_LENS_DATA to the folder that holds models/";

describe("two models on the same lines", { timeout: 240_000, skip }, () => {
  let workspace: Workspace;
  let workbench: Workbench;
  let lens: Lens;
  let home: string;
  let lines: string[];
  const it = steps(() => workbench);

  before(async () => {
    home = fs.mkdtempSync(path.join(os.tmpdir(), "embedding-lens-models-"));
    const env = { EMBEDDING_LENS_HOME: home };
    execFileSync(process.execPath, [path.join(project, "dist/cli.js"), "models", "import", model], {
      env: { ...process.env, ...env },
    });
    workspace = new Workspace();
    const sentences = fs.readFileSync(workspace.file("sentences.txt"), "utf8").trim().split("\n");
    // A line that the built-in model knows no word of, and the other one does.
    lines = ["zzqxv wqqzk", ...sentences];
    workspace.write("compare.txt", lines.join("\n"));
    workbench = await Workbench.open({ folder: workspace.folder, env });
    lens = new Lens(workbench);
  });
  after(async () => {
    await workbench.close();
    workspace.remove();
    fs.rmSync(home, { recursive: true, force: true });
  });

  it("stand side by side after a choice on the tab Compare, on the lines that both know", async () => {
    await workbench.openFile("compare.txt");
    await workbench.page.keyboard.press("Control+A");
    await workbench.palette("Embedding Lens: Map of Selection");
    await lens.drawn("1 left out");
    await lens.locator("#tab-compare").click();
    await lens.locator("#compare-second-message").filter({ hasText: "Choose a second model" }).waitFor();
    await lens.choose("compare-with", "model2vec-bge-64d");
    const status = lens.locator("#status").filter({ hasText: "nearest shared" });
    await status.waitFor({ timeout: 60_000 });
    const words = (await status.textContent()) ?? "";
    assert.match(words, /100-d beside .*64-d/);
    assert.match(words, /compared on the 20 items that both have/);
    assert.match(words, /disparity 0\.\d\d/);
    await lens.locator("#compare-second .canvas canvas").waitFor();
    await workbench.screenshot("compare-dark");
    const tabs = await workbench.tabs();
    assert.ok(tabs.some(({ label }) => label === "Comparison of compare.txt"));
  });

  it("list what moved most; a click goes to its line and marks it on both maps", async () => {
    const row = lens.locator("#moved-rows .finding").first();
    assert.match((await row.textContent()) ?? "", /\d of 10 neighbours shared/);
    await row.click();
    const editor = await until(
      "the line is selected",
      async () => (await workbench.editors()).find(({ column }) => column === 1),
      (one) => one?.text !== undefined && lines.includes(one.text),
    );
    await lens
      .locator("#details .full-text")
      .filter({ hasText: editor?.text ?? "" })
      .waitFor();
    assert.ok(((await row.textContent()) ?? "").startsWith(editor?.text ?? "none"));
  });

  it("come back after a reload as they were, without a run", async () => {
    await until("the tab is stored", () => workbench.tabStored("Comparison of compare.txt"), Boolean, 60_000);
    const runs = workbench.logLines(/\d+ items/).length;
    await workbench.reload();
    await lens.banner.filter({ hasText: "Drawn from the last run" }).waitFor({ timeout: 60_000 });
    await lens.locator("#compare-second .canvas canvas").waitFor({ timeout: 20_000 });
    const status = (await lens.locator("#status").textContent()) ?? "";
    assert.match(status, /compared on the 20 items that both have/);
    assert.ok(await lens.locator("#progress").isHidden());
    assert.equal(workbench.logLines(/\d+ items/).length, runs);
  });

  it("ask before a model is downloaded; after a no nothing runs, and the comparison is offered again", async () => {
    await lens.choose("compare-with", "MiniLM");
    const dialog = workbench.page.locator(".monaco-dialog-box");
    await dialog.waitFor();
    assert.match((await dialog.textContent()) ?? "", /Download the model .*MiniLM/);
    await dialog.locator(".monaco-button").filter({ hasText: "Cancel" }).first().click();
    await lens.locator("#compare-second-message").filter({ hasText: "The comparison was stopped." }).waitFor();
    await workbench.screenshot("compare-stopped-dark");
    await lens.choose("compare-with", "model2vec-bge-64d");
    await lens.locator("#status").filter({ hasText: "nearest shared" }).waitFor({ timeout: 60_000 });
  });
});
