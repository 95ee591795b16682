import assert from "node:assert/strict";
import { test } from "node:test";
import type { FixtureOptions } from "./fixtures";
import type { Panel, PanelOptions } from "./harness";
import { onePanel } from "./one-panel";

const pictures: FixtureOptions = { kind: "pictures", count: 133, labels: ["bird", "cat", "dog"] };

const start = onePanel();
let panel: Panel;

async function search(words: string, options: PanelOptions = { fixture: pictures }): Promise<void> {
  panel = await start(options);
  await panel.get("#search").fill(words);
  await panel.page.keyboard.press("Enter");
}

const selected = async (): Promise<unknown> => (await panel.host<Record<string, unknown>>("state"))["selected"];

test("words find items: a ranked list, chosen on the map, each leading to its source", async () => {
  await search("  a red bird ");
  await panel.get("#search-rows li").first().waitFor();
  assert.deepEqual(await panel.said("search"), [{ query: "a red bird", k: 20 }]);
  assert.equal(await panel.get("#search-rows li").count(), 20);
  assert.match(await panel.get("#search-answer h2").innerText(), /20 nearest items/i);
  assert.match(await panel.get("#search-rows li").first().innerText(), /0\.900$/);
  const found = Array.from({ length: 20 }, (_, i) => (7 + i * 3) % 133);
  assert.deepEqual(await selected(), [...found].reverse());
  await panel.get("#search-rows button").nth(1).click();
  assert.deepEqual(await panel.heard("reveal"), [{ index: 10 }]);
  assert.deepEqual(await selected(), [10]);
  await panel.get("#search-answer .link").click();
  assert.deepEqual(await selected(), [...found].reverse());
});

test("a model that reads no words says so, and nothing is chosen", async () => {
  const sentence = "Lens Tiny reads no words: choose CLIP.";
  await search("red", { fixture: pictures, failing: { search: sentence } });
  await panel.until(`document.querySelector("#search-answer").textContent === ${JSON.stringify(sentence)}`);
  assert.deepEqual(await selected(), []);
});

test("a restored panel asks for a run first; Escape empties the field and keeps the choice", async () => {
  await search("red", { fixture: pictures, restored: true, state: { selected: [4] } });
  await panel.until('document.querySelector("#search-answer").textContent === "Run again to search."');
  await panel.get("#search").press("Escape");
  assert.equal(await panel.get("#search").inputValue(), "");
  assert.equal(await panel.get("#search-answer").innerText(), "");
  assert.deepEqual(await selected(), [4]);
});

test("what was found before another run is not taken for its items", async () => {
  const lines: FixtureOptions = { kind: "lines", count: 60 };
  await search("red", { fixture: lines });
  await panel.get("#search-rows li").first().waitFor();
  await panel.host(`sendResult(${JSON.stringify({ ...lines, count: 20 })})`);
  await panel.until('document.querySelector("#search-answer").textContent.includes("search again")');
});
