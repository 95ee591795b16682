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
