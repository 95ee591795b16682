import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Recipe } from "../../src/protocol/recipe";
import { recipeOf, type FixtureOptions } from "./fixtures";
import type { Panel, PanelOptions } from "./harness";
import { onePanel } from "./one-panel";

const rows: FixtureOptions = { kind: "lines", count: 20, labels: ["card", "delivery"], dataset: {} };

const start = onePanel();
let panel: Panel;

const open = async (options: Partial<PanelOptions> = {}): Promise<Panel> =>
  (panel = await start({ fixture: rows, ...options }));
const roles = (): Promise<string[]> => panel.get("#columns-table th[data-role]").allInnerTexts();
/** The source that the page has asked to run, the last of `times`. */
async function source(times = 1): Promise<Recipe["source"]> {
  const said = await panel.heard("setRecipe", times);
  assert.equal(said.length, times);
  return (said.at(-1)!["recipe"] as Recipe).source;
}

describe("the columns of a dataset", () => {
  test("are named in the status line", async () => {
    await open();
    assert.match(await panel.get("#status").innerText(), /text: question\s.*label: category/s);
    const title = await panel.get("#status span").filter({ hasText: "text: question" }).getAttribute("title");
    assert.match(title ?? "", /guessed/);
    assert.equal((await panel.said("columns")).length, 0, "nothing is read before the columns are looked at");
  });

  test("are not offered for lines and pictures", async () => {
    await open({ fixture: { kind: "lines", count: 20 } });
    assert.ok(!(await panel.get("#columns").isVisible()));
    assert.doesNotMatch(await panel.get("#status").innerText(), /text:/);
  });

  test("show their first rows as plain text, with the guess marked", async () => {
    await open();
    await panel.get("#columns").click();
    await panel.get("#columns-table").waitFor();
    assert.deepEqual(
      (await roles()).map((text) => text.replace(/\s+/g, " ").trim()),
      ["question text", "category label"],
    );
    assert.equal(
      await panel.get("#columns-table tr:nth-child(2) td").nth(1).innerText(),
      "<img src=x onerror=alert(1)> My card does not work",
    );
    assert.equal(await panel.get("#columns-table img, #columns-table b").count(), 0);
    assert.match(await panel.get("#columns-words").innerText(), /Guessed.*text and label/);
    assert.ok(!(await panel.get("#columns-guess").isVisible()));
  });

  test("that were only looked at stay guessed and start no run when Escape closes them", async () => {
    await open();
    await panel.get("#columns").click();
    await panel.get("#columns-table").waitFor();
    await panel.until("document.activeElement.id === 'columns-text'");
    await panel.page.keyboard.press("Escape");
    await panel.get("#columns-table").waitFor({ state: "hidden" });
    assert.deepEqual(await panel.said("setRecipe"), []);
  });

  test("change the recipe when others are chosen, and the guess comes back when asked for", async () => {
    await open();
    await panel.get("#columns").click();
    await panel.get("#columns-table").waitFor();
    await panel.choose("columns-label", "3");
    assert.deepEqual((await source()).columns, { label: "owner <b>of it</b>" });
    await panel.get('#columns-table th[data-role="label"]').filter({ hasText: "owner <b>of it</b>" }).waitFor();
    await panel.choose("columns-text", "2");
    assert.deepEqual((await source(2)).columns, { label: "owner <b>of it</b>", text: "category" });
    await panel.get("#columns-words").getByText("Chosen by you").waitFor();
    await panel.get("#columns-guess").click();
    assert.deepEqual(await source(3), { kind: "rows", paths: ["mail.csv"] });
    await panel.get('#columns-table th[data-role="label"]').filter({ hasText: "category" }).waitFor();
    assert.ok(await panel.get(".popover.columns").isVisible());
  });

  test("may be vectors, an id and coordinates; one number alone is no map", async () => {
    await open();
    await panel.get("#columns").click();
    await panel.get("#columns-table").waitFor();
    await panel.choose("columns-vector", "4");
    assert.deepEqual((await source()).columns, { vector: "embedding" });
    await panel.choose("columns-id", "0");
    assert.deepEqual((await source(2)).columns, { vector: "embedding", id: "id" });
    await panel.choose("columns-x", "5");
    await panel.get("#columns-y").waitFor();
    await panel.choose("columns-y", "6");
    const { columns } = await source(3);
    assert.deepEqual(columns?.map, ["east", "north"]);
    await panel.get('#columns-table th[data-role="x"]').waitFor();
    assert.match(await panel.get("#columns-words").innerText(), /Guessed.*text and label/);
    await panel.choose("columns-x", "none");
    assert.equal((await source(4)).columns?.map, null);
  });

  test("are all listed with the details of an item, as plain text", async () => {
    await open();
    await panel.host("sendSelect(1)");
    await panel.get("#record dd").first().waitFor();
    assert.deepEqual((await panel.get("#record dt").allInnerTexts()).slice(1, 4), [
      "question",
      "category",
      "owner <b>of it</b>",
    ]);
    assert.match(await panel.get("#record dd").nth(1).innerText(), /^<img src=x/);
  });

  test("come in a sample of a size, with the shares of the labels when asked; the usual size is said by nothing", async () => {
    await open();
    await panel.get("#columns").click();
    await panel.get("#columns-table").waitFor();
    const field = panel.get("#columns-sample");
    assert.equal(await field.inputValue(), "20000");
    await field.fill("500");
    await field.press("Enter");
    assert.equal((await source()).sample, 500);
    await panel.get("#columns-shares").click();
    assert.deepEqual(await source(2), { kind: "rows", paths: ["mail.csv"], sample: 500, stratify: true });
    await field.fill("20000");
    await field.press("Enter");
    await panel.get("#columns-shares").click();
    assert.deepEqual(await source(4), { kind: "rows", paths: ["mail.csv"] });
  });

  test("of ready coordinates are drawn as given, and laid out anew when another method is chosen", async () => {
    await open({ fixture: { ...rows, method: "none", given: true } });
    assert.match(await panel.get("#status").innerText(), /as given/);
    await panel.until("document.querySelector('#method').currentValue === 'none'");
    assert.ok(!(await panel.get("#neighbors").isVisible()));
    await panel.choose("method", "umap");
    const [said] = await panel.heard("setRecipe");
    assert.equal((said!["recipe"] as Recipe).reduce.method, "umap");
  });

  test("may have no label", async () => {
    await open();
    await panel.get("#columns").click();
    await panel.get("#columns-table").waitFor();
    await panel.choose("columns-label", "none");
    assert.deepEqual((await source()).columns, { label: null });
    await panel.page.evaluate(
      `fakeHost.sendResult(${JSON.stringify({ ...rows, labels: [], dataset: { columns: { label: null } } })})`,
    );
    await panel.get("#status").getByText("label: none").waitFor();
  });

  test("stay the same columns when the first row is said to be data", async () => {
    await open({ fixture: { ...rows, dataset: { columns: { label: "category" } } } });
    await panel.get("#columns").click();
    await panel.get("#columns-table").waitFor();
    await panel.get("#columns-header").click();
    assert.deepEqual(await source(), { kind: "rows", paths: ["mail.csv"], header: false, columns: { label: 3 } });
    await panel.get("#columns-table th").filter({ hasText: "column 3" }).waitFor();
    await panel.choose("columns-text", "3");
    assert.deepEqual(
      (await source(2)).columns,
      { label: 3, text: 4 },
      "names that the file does not give are not kept",
    );
  });

  test("are chosen by keyboard alone", async () => {
    await open();
    await panel.get("#columns vscode-button, vscode-button#columns").first().focus();
    await panel.page.keyboard.press("Enter");
    await panel.get("#columns-table").waitFor();
    await panel.until("document.activeElement.id === 'columns-text'");
    await panel.page.keyboard.press("Tab");
    await panel.page.keyboard.press("Enter");
    await panel.page.keyboard.press("Escape");
    assert.ok(await panel.get(".popover.columns").isVisible(), "Escape closes the open list alone");
    await panel.page.keyboard.press("ArrowDown");
    assert.deepEqual((await source()).columns, { label: "owner <b>of it</b>" });
    await panel.page.keyboard.press("Tab");
    await panel.until("document.activeElement.id === 'columns-image'");
    await panel.page.keyboard.press("Escape");
    assert.ok(!(await panel.get(".popover.columns").isVisible()));
    await panel.until("document.activeElement.id === 'columns'");
  });

  test("that are not there any more can be repaired: the guess is shown with what is wrong", async () => {
    const state = {
      kind: "failed" as const,
      error: { reason: "recipe" as const, message: "mail.csv has no column “gone”." },
    };
    panel = await start(
      {
        fixture: rows,
        change: { result: null, state, recipe: recipeOf({ ...rows, dataset: { columns: { text: "gone" } } }) },
      },
      false,
    );
    await panel.get("#columns").click();
    await panel.get(".columns-problem").getByText("no column “gone”").waitFor();
    await panel.until("document.querySelector('#columns-text').currentValue === 'none'");
    await panel.get("#columns-guess").click();
    assert.deepEqual(await source(), { kind: "rows", paths: ["mail.csv"] });
    await panel.get(".columns-problem").waitFor({ state: "hidden" });
  });

  test("that cannot be read are one sentence, and are asked for again when looked at again", async () => {
    await open({ failing: { columns: "mail.csv: it does not exist." } });
    await panel.get("#columns").click();
    await panel.get(".columns-problem").getByText("mail.csv: it does not exist.").waitFor();
    await panel.get("#columns").click();
    await panel.get("#columns").click();
    await panel.heard("columns", 2);
  });

  test("keep their popover inside a narrow panel", async () => {
    await open({ width: 320, height: 480 });
    await panel.get("#columns").click();
    await panel.get("#columns-table").waitFor();
    const box = (await panel.get(".popover.columns").boundingBox())!;
    assert.ok(box.x >= 0 && box.x + box.width <= 320, JSON.stringify(box));
  });
});
