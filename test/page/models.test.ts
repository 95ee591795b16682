import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Recipe } from "../../src/protocol/recipe";
import { recipeOf } from "./fixtures";
import { onePanel } from "./one-panel";

describe("the list of models", () => {
  const start = onePanel();

  test("is not offered for rows with ready vectors, which no model has made here", async () => {
    const panel = await start({ fixture: { kind: "lines", count: 20, dataset: {}, ready: true } });
    assert.ok(await panel.get("#method").isVisible());
    assert.ok(await panel.get("#model").isHidden());
  });

  test("has the models of pictures for a table of pictures of which nothing could be loaded yet", async () => {
    const fixture = { kind: "lines", count: 20, dataset: {} } as const;
    const change = {
      recipe: { ...recipeOf(fixture), model: "lens-tiny" },
      result: null,
      state: { kind: "failed", error: { reason: "source", message: "No picture could be loaded." } },
    } as const;
    const panel = await start({ fixture, change }, false);
    await panel.get("#banner").getByText("No picture").waitFor();
    assert.ok(await panel.get(".details .hint").isHidden(), "there is no point to click");
    const names = await panel.get("#model vscode-option").allTextContents();
    assert.deepEqual(names.slice(0, 2), ["Lens Tiny", "MobileNetV2 (3.7 MB download)"]);
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
