import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { ResultStore } from "../../../src/extension/result-store";
import { record, result } from "./fixtures";

describe("ResultStore", () => {
  const { recipe, base } = record();
  let folder: string;
  let store: ResultStore;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "results-"));
    store = new ResultStore(path.join(folder, "deep", "results"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const names = () => readdirSync(path.join(folder, "deep", "results"));

  it("gives back the result of a recipe with its typed arrays, and nothing for another recipe or folder", async () => {
    const kept = result();
    await store.saveResult(recipe, base, kept);
    assert.deepEqual(await store.loadResult(recipe, base), kept);
    assert.equal(await store.loadResult({ ...recipe, seed: 7 }, base), null);
    assert.equal(await store.loadResult(recipe, "/other"), null);
  });

  it("keeps the matrix of a recipe apart from its result", async () => {
    const matrix = { index: Int32Array.of(0), triangle: Float32Array.of(1), total: 1, metric: "cosine" as const };
    await store.saveMatrix(recipe, base, matrix);
    assert.deepEqual(await store.loadMatrix(recipe, base), matrix);
    assert.equal(await store.loadResult(recipe, base), null);
  });

  it("takes a file that is cut or of another form for absent", async () => {
    await store.saveResult(recipe, base, result());
    const [name = ""] = names();
    writeFileSync(path.join(folder, "deep", "results", name), Buffer.from([1, 2, 3]));
    assert.equal(await store.loadResult(recipe, base), null);
  });

  it("drops what was not used for longest and leaves no partial file", async () => {
    await store.saveResult(recipe, base, result());
    const [first = ""] = names();
    utimesSync(path.join(folder, "deep", "results", first), 1, 1);
    for (let seed = 0; seed < 62; seed++) await store.saveResult({ ...recipe, seed }, base, result());
    assert.equal(names().length, 60);
    assert.ok(!names().some((name) => name.includes("partial")));
    assert.ok(await store.loadResult({ ...recipe, seed: 61 }, base));
  });
});
