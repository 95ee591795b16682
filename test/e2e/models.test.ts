import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { after, before, describe } from "node:test";
import type { Locator } from "playwright-core";
import { EmbeddingServer } from "../support/embedding-server";
import { Lens } from "./rig/lens";
import { steps } from "./rig/step";
import { until, Workbench } from "./rig/workbench";
import { Workspace } from "./rig/workspace";

const shared = path.resolve(process.env.EMBEDDING_LENS_DATA ?? path.join(__dirname, "../../../shared"));
const model = path.join(shared, "models/mobilenetv2-12-int8/model.onnx");
const hub = path.resolve(__dirname, "../fixtures/tiny-bert");
const skip = fs.existsSync(model) ? false : "no models: set EMBEDDING_LENS_DATA to the folder that holds models/";
/** Where the mirror has the files of a repository of the hub. */
const HUB_FILES = "/Someone/Tiny-Bert/resolve/main/";

describe("models and servers by hand", { timeout: 240_000, skip }, () => {
  let workspace: Workspace;
  let workbench: Workbench;
  let lens: Lens;
  let mirror: http.Server;
  let server: EmbeddingServer;
  const it = steps(() => workbench);

  before(async () => {
    mirror = http.createServer(({ url = "" }, response) => {
      const file = url.startsWith(HUB_FILES) ? path.join(hub, url.slice(HUB_FILES.length)) : model;
      if (!fs.existsSync(file)) return void response.writeHead(404).end("Entry not found");
      response.writeHead(200, { "content-length": fs.statSync(file).size });
      fs.createReadStream(file).pipe(response);
    });
    await new Promise<void>((resolve) => mirror.listen(0, "127.0.0.1", resolve));
    server = await EmbeddingServer.open();
    workspace = new Workspace();
    const { port } = mirror.address() as AddressInfo;
    const settings = {
      "embeddingLens.modelMirror": `http://127.0.0.1:${port}/`,
      "embeddingLens.openaiBaseUrl": server.openai,
      "embeddingLens.remoteModels": ["openai:test?batch=4"],
    };
    workbench = await Workbench.open({ folder: workspace.folder, settings });
    lens = new Lens(workbench);
  });
  after(async () => {
    await workbench.close();
    mirror.close();
    await server.close();
    workspace.remove();
  });

  const row = (words: string): Locator =>
    workbench.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: words }).first();
  const dialog = (): Locator => workbench.page.locator(".monaco-dialog-box");
  const answer = (label: string): Promise<void> =>
    dialog().locator(".monaco-button").filter({ hasText: label }).first().click();
  const notification = (words: string | RegExp): Promise<void> =>
    workbench.page
      .locator(".notifications-toasts .notification-list-item-message, .notification-toast")
      .filter({ hasText: words })
      .first()
      .waitFor({ timeout: 20_000 });
  const folder = (): string => path.join(workbench.root, "home/models/models/mobilenetv2");

  it("lists all models with their facts, and downloads one", async () => {
    await workbench.palette("Embedding Lens: Manage Models…");
    await row("MobileNetV2").waitFor();
    const words = (await row("MobileNetV2").textContent()) ?? "";
    assert.match(words, /3\.7 MB download/);
    assert.match(words, /pictures · 1,280 dimensions · runs on this machine · licence: Apache-2\.0/);
    assert.match((await row("GloVe").textContent()) ?? "", /built in · default/);
    await workbench.screenshot("manage-models-dark");
    await row("MobileNetV2").click();
    await row("Download").click();
    await notification("is on this machine now");
    assert.equal(fs.statSync(path.join(folder(), "model.onnx")).size, fs.statSync(model).size);
  });

  it("deletes it after a question", async () => {
    await workbench.choose("Embedding Lens: Manage Models…", "installed, 3.7 MB");
    await row("Delete…").click();
    await dialog().waitFor();
    assert.match((await dialog().textContent()) ?? "", /Delete the model MobileNetV2/);
    await answer("Delete");
    await row("3.7 MB download").waitFor();
    await until(
      "the folder is gone",
      () => Promise.resolve(fs.existsSync(folder())),
      (there) => !there,
    );
    await workbench.page.keyboard.press("Escape");
  });

  it("keeps a key that is typed into a password box", async () => {
    await workbench.palette("Embedding Lens: Set API Key…");
    await row("127.0.0.1").last().waitFor();
    await row(new URL(server.openai).host).click();
    const box = workbench.page.locator(".quick-input-widget input.input");
    await until(
      "it is a password box",
      () => box.getAttribute("type"),
      (type) => type === "password",
    );
    await box.fill("secret-key-1");
    await workbench.page.keyboard.press("Enter");
    await notification(/The key for .* is kept/);
    assert.ok(!workbench.log().includes("secret-key-1"));
  });

  it("opens the manager from the panel's list, which offers a model that was added there; the map is made again with it", async () => {
    await workbench.openFile("sentences.txt");
    await workbench.page.keyboard.press("Control+A");
    await workbench.palette("Embedding Lens: Map of Selection");
    await lens.drawn(/20 lines.*GloVe/);
    const offered = lens.locator("vscode-dropdown#model vscode-option");
    const before = await offered.allTextContents();
    assert.equal(before.at(-1)?.trim(), "Manage Models…");
    assert.ok(!before.join().includes("Tiny-Bert"));
    await lens.choose("model", "Manage Models…");
    await row("GloVe").waitFor();
    const box = workbench.page.locator(".quick-input-widget input.input");
    await box.fill("of the Hub"); // the list draws only the rows that are in view
    await row("Add a Model of the Hub…").click();
    await workbench.answerBox("Add a model of the Hugging Face hub", "Someone/Tiny-Bert");
    await dialog().waitFor();
    assert.match((await dialog().textContent()) ?? "", /Download the model Someone\/Tiny-Bert \(0\.\d MB\)/);
    await answer("Download");
    await notification("Tiny-Bert can be chosen in every panel now");
    await offered.filter({ hasText: "Tiny-Bert" }).waitFor({ state: "attached" });
    await lens.drawn(/20 lines.*GloVe/); // adding a model changes no map
    await lens.choose("model", "Tiny-Bert");
    await lens.drawn(/20 lines.*Tiny-Bert.*32-d/);
    await workbench.screenshot("model-added-dark");
  });

  it("asks before it sends texts, names the server and the number, and sends nothing after a no", async () => {
    await lens.choose("model", "test");
    await dialog().waitFor();
    const words = (await dialog().textContent()) ?? "";
    assert.match(words, new RegExp(`Send 20 texts to ${new URL(server.openai).host}`));
    await workbench.screenshot("sending-dark");
    await answer("Cancel");
    await lens.banner.filter({ hasText: "Stopped" }).waitFor();
    assert.equal(server.calls.length, 0);
  });

  it("sends them with the key after a yes; when the server refuses it, the panel asks for another", async () => {
    server.answers = [{ kind: "status", status: 401 }];
    await lens.banner.locator("vscode-button").click();
    await dialog().waitFor();
    await answer("Send");
    await lens.banner.filter({ hasText: "not accepted (401)" }).waitFor();
    assert.deepEqual(new Set(server.calls.map(({ authorization }) => authorization)), new Set(["Bearer secret-key-1"]));
    await lens.banner.locator("vscode-button").filter({ hasText: "Set API Key…" }).waitFor();
    await workbench.screenshot("key-refused-dark");
  });

  it("goes on with the new key, after the question", async () => {
    server.answers = [{ kind: "good" }];
    server.calls.length = 0;
    await lens.banner.locator("vscode-button").filter({ hasText: "Set API Key…" }).click();
    await workbench.answerBox("API key for", "secret-key-2");
    await dialog().waitFor();
    await answer("Send");
    await lens.drawn(/test.*4-d/, 30_000);
    assert.deepEqual(new Set(server.calls.map(({ authorization }) => authorization)), new Set(["Bearer secret-key-2"]));
    assert.equal(server.calls.flatMap(({ texts }) => texts).length, 20);
    assert.ok(!workbench.log().includes("secret-key-2"));
  });

  it("clears the cache after a question and says what was freed", async () => {
    await workbench.palette("Embedding Lens: Clear Embedding Cache");
    await dialog().waitFor();
    await answer("Clear");
    await notification(/were freed/);
    await workbench.screenshot("cache-cleared-dark");
  });

  it("forgets the key", async () => {
    await workbench.choose("Embedding Lens: Remove API Key…", new URL(server.openai).host);
    await notification(/The key for .* is forgotten/);
  });

  it("makes a model the default, goes offline and back, and imports a folder, all from the manager's list", async () => {
    const box = workbench.page.locator(".quick-input-widget input.input");
    await workbench.palette("Embedding Lens: Manage Models…");
    await row("GloVe").waitFor();
    await box.fill("Tiny-Bert");
    await row("Someone/Tiny-Bert").click();
    await row("Use as Default").click();
    await notification("New maps of texts start with Someone/Tiny-Bert");
    await row("GloVe").waitFor();
    assert.doesNotMatch((await row("GloVe").textContent()) ?? "", /default/);
    await box.fill("Tiny-Bert");
    await row("default").waitFor();
    await box.fill("Offline");
    await row("Go Offline").click();
    await row("GloVe").waitFor();
    await box.fill("Offline");
    await row("Leave Offline Mode").click();
    await row("GloVe").waitFor();
    fs.cpSync(hub, workspace.file("my-own-model"), { recursive: true });
    await box.fill("Import");
    await row("Import a Model's Folder…").click();
    await row("my-own-model").click();
    await row("onnx").waitFor();
    await workbench.page.locator(".quick-input-widget .monaco-button").filter({ hasText: "Import" }).first().click();
    await notification("my-own-model can be chosen in every panel now");
    assert.ok(fs.existsSync(path.join(workbench.root, "home/models/models/my-own-model/onnx/model.onnx")));
  });
});
