import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { exportRecipe } from "../../../src/export";
import { parseRecipe, type Recipe } from "../../../src/protocol/recipe";

const recipeOf = (...paths: string[]): Recipe =>
  parseRecipe({ version: 1, source: { kind: "lines", paths }, model: "glove-100d", seed: 3 });
const pathsIn = (text: string): string[] => parseRecipe(JSON.parse(text)).source.paths;

test("paths are relative to the recipe's file, with forward slashes", () => {
  const root = path.resolve("/data");
  const saved = exportRecipe(
    recipeOf("a b.txt", "sub/ü.txt", "."),
    path.join(root, "in"),
    path.join(root, "out", "r.lens.json"),
  );
  assert.deepEqual(pathsIn(saved), ["../in/a b.txt", "../in/sub/ü.txt", "../in"]);
});

test("a recipe beside its source names it plainly, and an absolute path becomes relative", () => {
  const root = path.resolve("/data");
  const absolute = path.join(root, "x.txt");
  assert.deepEqual(pathsIn(exportRecipe(recipeOf("x.txt", absolute), root, path.join(root, "r.lens.json"))), [
    "x.txt",
    "x.txt",
  ]);
});

test("everything but the paths stays, and the file ends with a line end", () => {
  const recipe = recipeOf("x.txt");
  const text = exportRecipe(recipe, path.resolve("/d"), path.resolve("/d/r.lens.json"));
  assert.deepEqual(parseRecipe(JSON.parse(text)), recipe);
  assert.ok(text.endsWith("}\n"));
});
