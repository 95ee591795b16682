import assert from "node:assert/strict";
import { test } from "node:test";
import type { FixtureOptions } from "./fixtures";
import { onePanel } from "./one-panel";

const lines: FixtureOptions = { kind: "lines", count: 20 };
const start = onePanel();

test("what was left out and notes, by name when asked; new warnings without being asked", async () => {
  const panel = await start({ fixture: lines });
  const skipped = [{ path: "sentences.txt", place: 3, reason: "no known word" }];
  const send = (change: object): Promise<unknown> =>
    panel.page.evaluate(`fakeHost.sendResult(${JSON.stringify(lines)}, ${JSON.stringify({ skipped, ...change })})`);
  const listed = (): Promise<string> => panel.get("#status-list").innerText();
  await send({ warnings: ["Perplexity was lowered to 6."], notes: ["3 empty lines left out."] });
  await panel.get("#status-list li").first().waitFor();
  assert.equal(await listed(), "Perplexity was lowered to 6.");
  await panel.get("#status-skipped").click();
  assert.equal(await listed(), "sentences.txt, line 3: no known word");
  await panel.get("#status-notes").click();
  assert.equal(await listed(), "3 empty lines left out.");
  await panel.get("#status-notes").click();
  await send({ warnings: ["Perplexity was lowered to 6."], notes: [] });
  await panel.get("#status-notes").waitFor({ state: "detached" });
  assert.equal(await panel.get("#status-list").isVisible(), false, "a list that was closed stays closed");
  await send({ warnings: [], skipped: Array.from({ length: 12 }, (_, i) => ({ ...skipped[0]!, place: i + 1 })) });
  await panel.get("#status-list li").first().waitFor();
  assert.match(await listed(), /^12 of \d+ items are left out: no known word\.$/);
});

test("warnings that nobody asked for leave a narrow panel its room; who opens them sees all", async () => {
  const panel = await start({ fixture: lines, width: 340, height: 640 });
  const warnings = Array.from(
    { length: 4 },
    (_, i) => `Warning ${i} tells at some length what the picture may not show.`,
  );
  await panel.page.evaluate(`fakeHost.sendResult(${JSON.stringify(lines)}, ${JSON.stringify({ warnings })})`);
  const list = panel.get("#status-list");
  await list.locator("li").first().waitFor();
  assert.ok((await list.boundingBox())!.height < 56);
  await panel.get("#status-warnings").click();
  await panel.get("#status-warnings").click();
  assert.ok((await list.boundingBox())!.height > 100);
  await panel.page.setViewportSize({ width: 900, height: 640 });
  assert.ok((await list.boundingBox())!.height > 70, "where there is room all are seen");
});

test("a part that needs more than one line loses none of its letters", async () => {
  const panel = await start({ fixture: lines, width: 300 });
  const model = { id: "long", name: "paraphrase-multilingual-MiniLM-L12-v2-of-many-names", dims: 384, tensor: "" };
  await panel.page.evaluate(`fakeHost.sendResult(${JSON.stringify(lines)}, ${JSON.stringify({ model })})`);
  const part = panel.get("#status span").filter({ hasText: "multilingual" });
  await part.waitFor();
  const { tops, first, edge } = await panel.page.evaluate<{ tops: number; first: number; edge: number }>(`((part) => {
    const range = document.createRange();
    range.selectNodeContents(part);
    const rects = [...range.getClientRects()];
    const line = part.parentElement;
    const edge = line.getBoundingClientRect().left + parseFloat(getComputedStyle(line).getPropertyValue("--dot"));
    return { tops: new Set(rects.map(({ top }) => top)).size, first: Math.min(...rects.map(({ left }) => left)), edge };
  })(document.querySelector("#status span:nth-child(2)"))`);
  assert.ok(tops > 1, "it takes more than one line");
  assert.ok(first >= edge, `a line begins at ${first}, and all before ${edge} is cut off`);
});
