import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, describe } from "node:test";
import { npyPieces } from "../../src/export";
import { parquetFile } from "../../src/export/tables/parquet";
import { hdf5 } from "../../src/engine/tables/hdf5/hdf5-wasm";
import { safetensors } from "../support/safetensors";
import { sqlite } from "../support/sqlite";
import { cells, xlsx } from "../support/xlsx";
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

/** Binary files and what the status line says of them. */
const BINARY: Record<string, RegExp> = {
  "plain.parquet": /30 vectors/,
  "plain.safetensors": /30 vectors/,
  "plain.h5": /30 vectors/,
  "plain.bytes": /30 vectors/,
  "plain.sqlite": /30 vectors.*label: kind/s,
  "plain.xlsx": /30 rows.*label: kind/s,
};

async function writeBinary(workspace: Workspace): Promise<void> {
  const bytes = new Uint8Array(vectors.buffer);
  const row = (i: number): Uint8Array => bytes.slice(i * DIMS * 4, (i + 1) * DIMS * 4);
  const write = (name: string, content: Uint8Array): void => fs.writeFileSync(workspace.file(name), content);
  write(
    "plain.parquet",
    parquetFile({ rows: ROWS, columns: [{ name: "embedding", type: "vector", dims: DIMS, values: vectors }] }),
  );
  write("plain.safetensors", safetensors({ embedding: ["F32", [ROWS, DIMS], vectors] }));
  write("plain.bytes", bytes);
  const tensor = { tensorPath: "plain.bytes", tensorShape: [ROWS, DIMS] };
  workspace.write("projector_config.json", JSON.stringify({ embeddings: [tensor] }));
  const { File, ready } = await hdf5();
  await ready;
  const file = new File(workspace.file("plain.h5"), "w");
  file.create_dataset({ name: "embedding", data: vectors, shape: [ROWS, DIMS] });
  file.close();
  const letters = "CREATE TABLE letters(body, kind, v)";
  const rows = names.map((name, i) => [name, kinds[i], row(i)]);
  write("plain.sqlite", await sqlite(letters, ["INSERT INTO letters VALUES (?, ?, ?)", rows]));
  const several = [
    "CREATE TABLE notes(text)",
    "INSERT INTO notes VALUES ('the first'), ('the second')",
    "CREATE TABLE letters(body, kind)",
  ];
  const texts = rows.map(([name, kind]) => [name, kind]);
  write("several.db", await sqlite(...several, ["INSERT INTO letters VALUES (?, ?)", texts]));
  const sheet = [cells(1, ["body", "kind"]), ...names.map((name, i) => cells(i + 2, [name, kinds[i]!]))].join("");
  write("plain.xlsx", xlsx({ sheets: [{ name: "Letters", rows: sheet }] }));
}

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
    await writeBinary(workspace);
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
  const openWith = async (name: string): Promise<void> => {
    await workbench.palette("View: Close All Editors");
    await workbench.explorerRow(name).click({ button: "right" });
    await workbench.menu("Open With...");
    await workbench.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "Embedding Map" }).click();
  };
  const box = () => workbench.page.locator(".quick-input-widget input.input");
  const saveAs = async (format: string, suggested: string, name: string): Promise<void> => {
    await lens.locator("#export").click();
    await lens.locator(`#export-${format}`).click();
    await until(
      "the name is suggested",
      () => box().inputValue(),
      (value) => value.includes(suggested),
    );
    await box().fill(workspace.file(name));
    await workbench.page.keyboard.press("Enter");
    await until("the file is written", () => Promise.resolve(fs.existsSync(workspace.file(name))), Boolean);
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

  it("are saved as Parquet and as Arrow with their vectors", async () => {
    await saveAs("parquet", "cards-map.parquet", "saved.parquet");
    await saveAs("arrow", "cards-map.arrow", "saved.arrow");
    for (const name of ["saved.parquet", "saved.arrow"]) {
      await visualize(name);
      await lens.drawn(/30 vectors.*8-d.*label: /s);
      assert.deepEqual(await legend(), [...KINDS].sort());
    }
  });

  it("that are binary open in a read-only editor, also after a reload", async () => {
    await openWith("numbers.npy");
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

  for (const [name, words] of Object.entries(BINARY)) {
    it(`that are ${name.slice(name.lastIndexOf("."))} open in that editor too`, async () => {
      await openWith(name);
      await lens.drawn(words);
      // What is ready needs no model; texts may have another.
      assert.equal(await lens.locator("#model").isVisible(), name === "plain.xlsx");
      assert.deepEqual(
        (await workbench.tabs()).map(({ label }) => label),
        [name],
      );
    });
  }

  it("with several tables ask which one, and Columns changes it", async () => {
    await visualize("several.db");
    const row = workbench.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "letters" });
    await row.waitFor();
    // The question goes where its panel goes: out of the way of the next one.
    await workbench.explorerRow("letters.csv").click({ button: "right" });
    await workbench.menu("Visualize Dataset");
    await row.waitFor({ state: "hidden" });
    await lens.drawn("30 rows");
    await visualize("several.db");
    await row.click();
    await lens.drawn("30 rows");
    assert.deepEqual(await legend(), [...KINDS].sort());
    await lens.locator("#columns").click();
    await lens.locator("#columns-table").waitFor();
    await workbench.screenshot("sqlite-dark");
    await lens.choose("columns-part", "notes");
    await lens.drawn("2 rows");
  });

  it("of vectors without texts are drawn first, and then asked about", async () => {
    await visualize("numbers.npy");
    await lens.drawn("30 vectors");
    const message = workbench.page
      .locator(".notification-toast")
      .filter({ hasText: "No texts were found beside numbers.npy" });
    await message.getByRole("button", { name: "Choose a File…" }).click();
    await until(
      "the folder of the vectors is shown",
      () => box().inputValue(),
      (value) => value.includes(workspace.folder),
    );
    await box().fill(workspace.file("letters.csv"));
    await workbench.page.keyboard.press("Enter");
    await lens.drawn(/30 vectors.*label: kind/s);
    assert.deepEqual(await legend(), [...KINDS].sort());
    await workbench.screenshot("texts-dark");
    // The answer is kept for this file.
    await visualize("numbers.npy");
    await lens.drawn(/30 vectors.*label: kind/s);
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
