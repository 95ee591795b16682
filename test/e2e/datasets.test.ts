import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, describe } from "node:test";
import { npyPieces } from "../../src/export";
import { parquetFile } from "../../src/export/tables/parquet";
import { PictureServer } from "../support/picture-server";
import { Lens } from "./rig/lens";
import { steps } from "./rig/step";
import { until, Workbench } from "./rig/workbench";
import { Workspace } from "./rig/workspace";

const KINDS = ["sea", "land", "sky"];
const ROWS = 30;
const DIMS = 8;
const names = Array.from({ length: ROWS }, (_, i) => `Postcard number ${i} of the ${KINDS[i % 3]!}`);
const kinds = names.map((_, i) => KINDS[i % 3]!);
/** A vector for each row, near those of its kind. */
const vectors = Float32Array.from({ length: ROWS * DIMS }, (_, at) => {
  const row = Math.floor(at / DIMS);
  return (at % DIMS === row % 3 ? 4 : 0) + Math.sin(at * 12.9898);
});
/** Every record takes two lines: a click has to find the first of them. */
const LETTERS = names.map((name, i) => `"${name}\nwith a second line",${kinds[i]!}`);

describe("datasets of the explorer", { timeout: 240_000 }, () => {
  let workspace: Workspace;
  let workbench: Workbench;
  let lens: Lens;
  let web: PictureServer;
  const it = steps(() => workbench);

  before(async () => {
    workspace = new Workspace();
    workspace.write("letters.csv", `body,kind\n${LETTERS.join("\n")}\n`);
    fs.writeFileSync(
      workspace.file("cards.parquet"),
      parquetFile({
        rows: ROWS,
        columns: [
          { name: "text", type: "text", values: names },
          { name: "kind", type: "text", values: kinds },
          { name: "embedding", type: "vector", dims: DIMS, values: vectors },
        ],
      }),
    );
    fs.writeFileSync(
      workspace.file("numbers.npy"),
      Buffer.concat(npyPieces({ rows: ROWS, cols: DIMS, data: vectors })),
    );
    web = await PictureServer.open();
    const pictures = Array.from(
      { length: 6 },
      (_, i) => `${web.url}/${i % 2 ? "red" : "blue"}/${i}.png,${i % 2 ? "red" : "blue"}`,
    );
    workspace.write("web.csv", `picture,colour\n${pictures.join("\n")}\n`);
    workbench = await Workbench.open({ folder: workspace.folder });
    lens = new Lens(workbench);
  });
  after(async () => {
    await workbench.close();
    await web.close();
    workspace.remove();
  });

  const visualize = async (name: string): Promise<void> => {
    await workbench.palette("View: Close All Editors");
    await workbench.explorerRow(name).click({ button: "right" });
    await workbench.menu("Visualize Dataset");
  };
  const click = async (file: string) => {
    const [point] = await lens.settled();
    assert.ok(point);
    await workbench.page.mouse.click(point.x, point.y);
    const [editor] = await until(
      `${file} is shown`,
      () => workbench.editors(),
      (editors) => editors.some((one) => one.file === file),
    );
    return editor!;
  };
  const legend = async () => (await lens.locator("#legend .legend-row .name").allTextContents()).sort();

  it("that are CSV are a coloured map, and a click goes to the line where the row starts", async () => {
    await visualize("letters.csv");
    await lens.drawn("30 rows");
    assert.deepEqual(await legend(), [...KINDS].sort());
    const editor = await click("letters.csv");
    assert.match(editor.text, /^"Postcard number \d+ of the/);
  });

  it("that are Parquet with vectors are a map without embedding, and a click shows the record beside it", async () => {
    await visualize("cards.parquet");
    const status = await lens.drawn("30 vectors");
    assert.match(status, /8-d.*label: kind/s);
    assert.deepEqual(await legend(), [...KINDS].sort());
    await click("Record");
    const text = await workbench.probe<string>("text");
    assert.match(text, /^cards\.parquet, row \d+\n/);
    assert.match(text, /\ntext +Postcard number \d+/);
    assert.match(text, /\nkind +(sea|land|sky)\n/);
    const tabs = await workbench.tabs();
    assert.deepEqual(
      tabs.map(({ label, column }) => `${column} ${label}`),
      ["1 Map of cards.parquet", "2 Record"],
    );
    await workbench.screenshot("record-dark");
  });

  it("are saved as Parquet with their vectors", async () => {
    await lens.locator("#export").click();
    await lens.locator("#export-parquet").click();
    const box = workbench.page.locator(".quick-input-widget input.input");
    await until(
      "the name is suggested",
      () => box.inputValue(),
      (value) => value.includes("cards-map.parquet"),
    );
    await box.fill(workspace.file("saved.parquet"));
    await workbench.page.keyboard.press("Enter");
    await until("the file is written", () => Promise.resolve(fs.existsSync(workspace.file("saved.parquet"))), Boolean);
    await visualize("saved.parquet");
    await lens.drawn(/30 vectors.*8-d.*label: /s);
  });

  it("that are binary open in a read-only editor, also after a reload", async () => {
    await workbench.palette("View: Close All Editors");
    await workbench.explorerRow("numbers.npy").click({ button: "right" });
    await workbench.menu("Open With...");
    await workbench.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "Embedding Map" }).click();
    await lens.drawn("30 vectors");
    await until("VS Code has stored the tab", () => workbench.tabStored("numbers.npy"), Boolean, 60_000);
    await workbench.reload();
    await lens.drawn("30 vectors");
    assert.deepEqual(
      (await workbench.tabs()).map(({ label }) => label),
      ["numbers.npy"],
    );
    await workbench.screenshot("npy-editor-dark");
  });

  it("that name pictures on the web ask once for their host", async () => {
    await visualize("web.csv");
    const dialog = workbench.page.locator(".monaco-dialog-box");
    await dialog.filter({ hasText: "Load 6 pictures from 127.0.0.1" }).waitFor();
    assert.equal(web.asked, 0);
    await dialog.getByRole("button", { name: "Allow" }).click();
    await lens.drawn("6 rows");
    assert.deepEqual(await legend(), ["blue", "red"]);
    await visualize("web.csv");
    await lens.drawn("6 rows");
  });

  it("open in the panel when they are dropped on it with Shift", async () => {
    const { mouse, keyboard } = workbench.page;
    const from = (await workbench.explorerRow("letters.csv").boundingBox())!;
    const to = (await lens.canvas.boundingBox())!;
    await mouse.move(from.x + 30, from.y + 8);
    await mouse.down();
    await mouse.move(from.x + 60, from.y + 20, { steps: 4 });
    await keyboard.down("Shift");
    await mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 8 });
    await mouse.up();
    await keyboard.up("Shift");
    await workbench.tab("Map of letters.csv").waitFor({ timeout: 10_000 });
    await lens.drawn("30 rows");
  });
});
