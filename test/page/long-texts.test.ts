import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { recipeOf, type FixtureOptions } from "./fixtures";
import { Panels, type Panel } from "./harness";

const lines: FixtureOptions = { kind: "lines", count: 20 };
const CUT = "3 of 20 texts are longer than the window of 256 tokens of MiniLM: only their beginning was embedded.";

let panels: Panels;
let panel: Panel;

before(async () => {
  panels = await Panels.start();
});
after(() => panels.close());
afterEach(async () => {
  const { errors } = panel;
  await panel.close();
  assert.deepEqual(errors, []);
});

const split = () => {
  const recipe = recipeOf(lines);
  return { recipe: { ...recipe, source: { ...recipe.source, long: "split" } } };
};

test("the warning of texts that were cut offers their passages", async () => {
  panel = await panels.open({ fixture: lines });
  await panel.drawn();
  await panel.host(`sendResult(${JSON.stringify(lines)}, ${JSON.stringify({ warnings: [CUT], truncated: 3 })})`);
  await panel.get("#status-warnings").click();
  assert.match(await panel.get("#status-list").innerText(), /only their beginning was embedded/);
  await panel.get("#long-offer button").first().click();
  assert.deepEqual(await panel.heard("setRecipe"), [split()]);
});

test("the settings have the same choice, for texts alone", async () => {
  panel = await panels.open({ fixture: lines });
  await panel.drawn();
  assert.equal(await panel.get("#long-offer").count(), 0);
  await panel.get("#settings").click();
  await panel.choose("long-texts", "split");
  assert.deepEqual(await panel.heard("setRecipe"), [split()]);
  await panel.choose("long-texts", "cut");
  assert.deepEqual((await panel.heard("setRecipe", 2))[1], { recipe: recipeOf(lines) });
});

test("pictures have no passages", async () => {
  panel = await panels.open({ fixture: { kind: "pictures", count: 30 } });
  await panel.drawn();
  await panel.get("#settings").click();
  await panel.get("#seed").waitFor();
  assert.equal(await panel.get("#long-texts").isVisible(), false);
});
