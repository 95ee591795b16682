import assert from "node:assert/strict";
import { test } from "node:test";
import { recipeOf, type FixtureOptions } from "./fixtures";
import { onePanel } from "./one-panel";

const lines: FixtureOptions = { kind: "lines", count: 20 };
const CUT = "3 of 20 texts are longer than the window of 256 tokens of MiniLM: only their beginning was embedded.";

const start = onePanel();

const split = () => {
  const recipe = recipeOf(lines);
  return { recipe: { ...recipe, source: { ...recipe.source, long: "split" } } };
};

test("the warning of texts that were cut offers their passages", async () => {
  const panel = await start({ fixture: lines });
  await panel.host(`sendResult(${JSON.stringify(lines)}, ${JSON.stringify({ warnings: [CUT], truncated: 3 })})`);
  await panel.get("#long-offer").waitFor();
  assert.match(await panel.get("#status-list").innerText(), /only their beginning was embedded/);
  await panel.get("#long-offer button").first().click();
  assert.deepEqual(await panel.heard("setRecipe"), [split()]);
});

test("the settings have the same choice, for texts alone", async () => {
  const panel = await start({ fixture: lines });
  assert.equal(await panel.get("#long-offer").count(), 0);
  await panel.get("#settings").click();
  await panel.choose("long-texts", "split");
  assert.deepEqual(await panel.heard("setRecipe"), [split()]);
  await panel.choose("long-texts", "cut");
  assert.deepEqual((await panel.heard("setRecipe", 2))[1], { recipe: recipeOf(lines) });
});

test("pictures have no passages", async () => {
  const panel = await start({ fixture: { kind: "pictures", count: 30 } });
  await panel.get("#settings").click();
  await panel.get("#seed").waitFor();
  assert.equal(await panel.get("#long-texts").isVisible(), false);
});
