import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, describe } from "node:test";
import { Lens } from "./rig/lens";
import { steps } from "./rig/step";
import { until, Workbench } from "./rig/workbench";
import { Workspace } from "./rig/workspace";

const NOTES =
  "# Weather\n\nRain falls on the hills\nand in the valley.\n\nThe sun dries the road.\n\nSnow covers the roofs.\n";
const MAIL = [
  "subject,kind,owner",
  '"Lost card, please help",card,anna',
  "My card does not work,card,bert",
  "Where is my parcel,delivery,anna",
  "The parcel is late,delivery,bert",
  "Change my address,account,anna",
  "Close my account,account,bert",
];

describe("files of the explorer", { timeout: 240_000 }, () => {
  let workspace: Workspace;
  let workbench: Workbench;
  let lens: Lens;
  const it = steps(() => workbench);

  before(async () => {
    workspace = new Workspace();
    workspace.write("notes.md", NOTES);
    workspace.write("mail.csv", `${MAIL.join("\n")}\n`);
    workspace.write("poems/rose.txt", "Roses are red and violets are blue");
    workspace.write("poems/river.txt", "The river runs to the sea");
    workspace.write("poems/night.txt", "The night is dark and the stars are bright");
    workspace.write(
      "sentences.lens.json",
      JSON.stringify({
        version: 1,
        source: { kind: "lines", paths: ["sentences.txt"], ranges: [[1, 8]] },
        model: "glove-100d",
        reduce: { method: "pca" },
      }),
    );
    workspace.write(
      "wrong.lens.json",
      JSON.stringify({ version: 1, source: { kind: "lines", paths: ["a"] }, model: "glove-100d", colour: 1 }),
    );
    workbench = await Workbench.open({ folder: workspace.folder });
    lens = new Lens(workbench);
  });
  after(async () => {
    await workbench.close();
    workspace.remove();
  });

  const rightClick = (name: string): Promise<void> => workbench.explorerRow(name).click({ button: "right" });
  const clickFirst = async () => {
    const [point] = await lens.settled();
    assert.ok(point);
    await workbench.page.mouse.click(point.x, point.y);
    return until(
      "the source is shown",
      () => workbench.editors(),
      (editors) => editors.length > 0,
    );
  };

  it("that are Markdown become a map of paragraphs, and a click selects the paragraph", async () => {
    await rightClick("notes.md");
    await workbench.menu("Visualize Text");
    await lens.drawn("paragraphs");
    const [editor] = await clickFirst();
    assert.equal(editor?.file, "notes.md");
    await until(
      "a paragraph is selected",
      () => workbench.editors(),
      ([one]) => NOTES.split("\n\n").some((paragraph) => paragraph.trim() === one?.text.trim()),
    );
  });

  it("in a folder of texts are one item each, and a click opens the file", async () => {
    await workbench.palette("View: Close All Editors");
    await rightClick("poems");
    await workbench.menu("Embedding Lens", "Visualize Text");
    await lens.drawn("3 files");
    const [editor] = await clickFirst();
    assert.match(editor?.file ?? "", /^(rose|river|night)\.txt$/);
  });

  it("that are datasets become a map coloured by a guessed label, and a click goes to the row", async () => {
    await workbench.palette("View: Close All Editors");
    await rightClick("mail.csv");
    await workbench.menu("Visualize Dataset");
    await lens.drawn("6 rows");
    assert.deepEqual((await lens.locator("#legend .legend-row .name").allTextContents()).sort(), [
      "account",
      "card",
      "delivery",
    ]);
    const [editor] = await clickFirst();
    assert.equal(editor?.file, "mail.csv");
    assert.ok(MAIL.slice(1).includes(editor.text), editor.text);
    await workbench.screenshot("dataset-dark");
  });

  it("that are datasets take another label column, also the next time they are opened", async () => {
    await workbench.palette("View: Close All Editors");
    await rightClick("mail.csv");
    await workbench.menu("Visualize Dataset");
    const status = await lens.drawn("6 rows");
    assert.match(status, /text: subject.*label: kind/s);
    await lens.locator("#columns").click();
    await lens.locator("#columns-table").waitFor();
    await workbench.screenshot("columns-dark");
    await lens.choose("columns-label", "owner");
    await lens.drawn("label: owner");
    const legend = async () => (await lens.locator("#legend .legend-row .name").allTextContents()).sort();
    assert.deepEqual(await legend(), ["anna", "bert"]);
    await workbench.palette("View: Close All Editors");
    await rightClick("mail.csv");
    await workbench.menu("Visualize Dataset");
    await lens.drawn("label: owner");
    await lens.locator("#columns").click();
    await lens.locator("#columns-guess").click();
    await lens.drawn("label: kind");
    assert.deepEqual(await legend(), ["account", "card", "delivery"]);
  });

  it("that are recipes are run as they say, and a wrong one is one sentence", async () => {
    await workbench.palette("View: Close All Editors");
    await rightClick("sentences.lens.json");
    await workbench.menu("Open Recipe");
    await lens.drawn("8 lines");
    await lens.drawn("PCA");
    await rightClick("wrong.lens.json");
    await workbench.menu("Open Recipe");
    await workbench.page.locator(".notification-list-item").filter({ hasText: "“colour” is not a field" }).waitFor();
  });

  it("are written where the person says: data, page and recipe", async () => {
    for (const [format, name] of [
      ["csv", "out.csv"],
      ["html", "out.html"],
      ["png", "out.png"],
      ["recipe", "out.lens.json"],
    ] as const) {
      await lens.locator("#export").click();
      await lens.locator(`#export-${format}`).click();
      const box = workbench.page.locator(".quick-input-widget input.input");
      await until(
        "the name is suggested",
        () => box.inputValue(),
        (value) => value.includes("sentences"),
      );
      await box.fill(workspace.file(name));
      await workbench.page.keyboard.press("Enter");
      await until("the file is written", () => Promise.resolve(fs.existsSync(workspace.file(name))), Boolean);
    }
    assert.match(
      fs.readFileSync(workspace.file("out.csv"), "utf8"),
      /^id,label,path,line,text,x,y,cluster,trustworthiness,/,
    );
    assert.match(fs.readFileSync(workspace.file("out.html"), "utf8"), /Content-Security-Policy/);
    assert.equal(fs.readFileSync(workspace.file("out.png")).subarray(1, 4).toString(), "PNG");
    const recipe = JSON.parse(fs.readFileSync(workspace.file("out.lens.json"), "utf8")) as {
      source: { paths: string[] };
    };
    assert.deepEqual(recipe.source.paths, ["sentences.txt"]);
  });

  it("of the samples open with one command", async () => {
    await workbench.palette("View: Close All Editors");
    await workbench.palette("Embedding Lens: Open Sample");
    await lens.drawn("20 lines");
    const tabs = await workbench.tabs();
    assert.deepEqual(
      tabs.map(({ label, column }) => `${column} ${label}`),
      ["1 sentences.txt", "2 Map of pictures", "2 Map of sentences.txt"],
    );
    await workbench.tab("Map of pictures").click();
    await lens.drawn("pictures");
    await workbench.screenshot("sample-pictures-dark");
  });
});
