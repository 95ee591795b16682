import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Recipe } from "../../src/protocol/recipe";
import { onePanel } from "./one-panel";

describe("the list of models", () => {
  const start = onePanel();

  test("is not offered for rows with ready vectors, which no model has made here", async () => {
    const panel = await start({ fixture: { kind: "lines", count: 20, dataset: {}, ready: true } });
    assert.ok(await panel.get("#method").isVisible());
    assert.ok(await panel.get("#model").isHidden());
  });

  test("keeps its choice when a model is put before it, which can be chosen then", async () => {
    const panel = await start({ fixture: { kind: "pictures", count: 133 } });
    const value = (): Promise<string> =>
      panel.get("#model").evaluate((list) => (list as unknown as { value: string }).value);
    const before = await value();
    await panel.host('sendModelBefore("resnet18")');
    await panel.get("#model vscode-option").filter({ hasText: "New" }).waitFor({ state: "attached" });
    assert.equal(await value(), before);
    await panel.choose("model", "new");
    const [params] = await panel.heard("setRecipe");
    assert.equal((params!["recipe"] as Recipe).model, "new");
  });
});
