import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { after, before, describe } from "node:test";
import { Lens } from "./rig/lens";
import { steps } from "./rig/step";
import { appears, Workbench } from "./rig/workbench";
import { Workspace } from "./rig/workspace";

const shared = path.resolve(process.env.EMBEDDING_LENS_DATA ?? path.join(__dirname, "../../../shared"));
const model = path.join(shared, "models/mobilenetv2-12-int8/model.onnx");
const skip = fs.existsSync(model) ? false : "no models: set EMBEDDING_LENS_DATA to the folder that holds models/";

describe("a model that has to be downloaded", { timeout: 120_000, skip }, () => {
  let workspace: Workspace;
  let workbench: Workbench;
  let lens: Lens;
  let mirror: http.Server;
  const asked: string[] = [];
  const it = steps(() => workbench);

  before(async () => {
    mirror = http.createServer((request, response) => {
      asked.push(request.url ?? "");
      const { size } = fs.statSync(model);
      response.writeHead(200, { "content-length": size });
      fs.createReadStream(model).pipe(response);
    });
    await new Promise<void>((resolve) => mirror.listen(0, "127.0.0.1", resolve));
    const { port } = mirror.address() as AddressInfo;
    workspace = new Workspace();
    const settings = { "embeddingLens.modelMirror": `http://127.0.0.1:${port}/` };
    workbench = await Workbench.open({ folder: workspace.folder, settings });
    lens = new Lens(workbench);
  });
  after(async () => {
    await workbench.close();
    mirror.close();
    workspace.remove();
  });

  const dialog = () => workbench.page.locator(".monaco-dialog-box");
  const answer = (label: string): Promise<void> =>
    dialog().locator(".monaco-button").filter({ hasText: label }).first().click();

  it("is asked for with size, source and licence, and nothing is fetched after a no", async () => {
    await workbench.explorerRow("pictures").click({ button: "right" });
    await workbench.menu("Embedding Lens", "Visualize Images");
    await lens.drawn("24 pictures");
    await lens.locator("#offer button").filter({ hasText: "Use it" }).click();
    await dialog().waitFor();
    const words = (await dialog().textContent()) ?? "";
    assert.match(words, /3\.7 MB/);
    assert.match(words, /Licence: Apache-2\.0/);
    assert.match(words, /127\.0\.0\.1/);
    await workbench.screenshot("consent-dark");
    await answer("Cancel");
    await lens.banner.filter({ hasText: "Stopped" }).waitFor();
    assert.equal(asked.length, 0);
  });

  it("is fetched once after a yes, and the pictures are drawn with it", async () => {
    await lens.banner.locator("vscode-button").click();
    await dialog().waitFor();
    await answer("Download");
    await lens.drawn("MobileNetV2", 40_000);
    assert.equal(asked.length, 1);
    assert.ok(!(await appears(lens.locator("#offer"), 200)));
  });
});
