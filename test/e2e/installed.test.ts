import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe } from "node:test";
import { enginePid, Lens } from "./rig/lens";
import { steps } from "./rig/step";
import { until, Workbench } from "./rig/workbench";
import { Workspace } from "./rig/workspace";

const vsix = path.resolve(__dirname, "../../out/embedding-lens-linux-x64.vsix");
const skip =
  process.platform !== "linux" || process.arch !== "x64"
    ? "the VSIX that is tested is for linux-x64"
    : !fs.existsSync(vsix) && "no VSIX: run npm run package";

describe("the installed VSIX", { timeout: 120_000, skip }, () => {
  let workspace: Workspace;
  let workbench: Workbench;
  let lens: Lens;
  const it = steps(() => workbench);

  before(async () => {
    workspace = new Workspace();
    await workspace.draw("shapes", 4);
    workbench = await Workbench.open({ folder: workspace.folder, vsix });
    lens = new Lens(workbench);
  });
  after(async () => {
    await workbench.close();
    workspace.remove();
  });

  it("draws lines", async () => {
    await workbench.openFile("sentences.txt");
    await workbench.palette("Embedding Lens: Map of Selection");
    await lens.drawn("20 lines");
    assert.ok((await lens.settled()).length > 10);
  });

  it("draws pictures with sharp as WebAssembly, and loads no native libvips", async () => {
    await workbench.explorerRow("shapes").click({ button: "right" });
    await workbench.menu("Embedding Lens", "Visualize Images");
    await lens.drawn("12 pictures", 40_000);
    await lens.settled();
    const engine = await enginePid(workbench);
    const loaded = fs.readFileSync(`/proc/${engine}/maps`, "utf8");
    assert.match(loaded, /onnxruntime_binding\.node/);
    assert.doesNotMatch(loaded, /libvips|sharp-linux/);
    await workbench.screenshot("installed-pictures-dark");
  });

  it("brings the licences of the code that it carries", async () => {
    const command = fs.readFileSync(`/proc/${await enginePid(workbench)}/cmdline`, "utf8").split("\0");
    const engine = command.find((word) => /engine\.js$/.test(word));
    assert.ok(engine, command.join(" "));
    const notices = fs.readFileSync(path.join(path.dirname(engine), "..", "ThirdPartyNotices.txt"), "utf8");
    // Of a bundle, of the page, and of what lies beside them.
    for (const name of ["yauzl", "vega", "onnxruntime-node"]) assert.match(notices, new RegExp(`^${name} \\d`, "m"));
    assert.match(notices, /Permission is hereby granted/);
  });

  it("saves an interactive page", async () => {
    await lens.locator("#export").click();
    await lens.locator("#export-html").click();
    const box = workbench.page.locator(".quick-input-widget input.input");
    await until(
      "a name is suggested",
      () => box.inputValue(),
      (value) => value.endsWith(".html"),
    );
    await box.fill(workspace.file("page.html"));
    await workbench.page.keyboard.press("Enter");
    await until("the page is written", () => Promise.resolve(fs.existsSync(workspace.file("page.html"))), Boolean);
    assert.ok(fs.statSync(workspace.file("page.html")).size > 100_000);
  });
});
