import assert from "node:assert/strict";
import { test } from "node:test";
import { previewTable } from "../../../src/engine/items/rows/preview";
import type { Source } from "../../../src/protocol/recipe";
import { NO_ROLES } from "../../../src/protocol/table";
import { folderOf } from "../../support/sources";

const preview = (base: string, path: string, rest: Partial<Source> = {}) =>
  previewTable({ kind: "rows", paths: [path], ...rest }, { base }, new AbortController().signal);
const ROWS = ['{"text":"a b","topic":"x","emb":[1,0,2,5,7]}', '{"text":"c d","topic":"y","emb":[0,1,2,5,7]}'];

test("a preview of a table with ready vectors has their column and the roles of a run", async (t) => {
  const base = folderOf(t, { "a.jsonl": `${ROWS.join("\n")}\n` });
  const seen = await preview(base, "a.jsonl", { columns: { label: "topic" } });
  assert.deepEqual(
    seen.columns.map(({ name, kind }) => [name, kind]),
    [
      ["text", "text"],
      ["topic", "text"],
      ["emb", "vector"],
    ],
  );
  assert.deepEqual(
    [seen.used, seen.items, seen.problem, seen.headerOpen],
    [{ ...NO_ROLES, text: 0, label: 1, vector: 2 }, "vector", null, false],
  );
  assert.deepEqual(seen.rows, [
    ["a b", "x", "[1, 0, 2, 5, …]"],
    ["c d", "y", "[0, 1, 2, 5, …]"],
  ]);
});

test("a preview of such a table says which column is not there", async (t) => {
  const base = folderOf(t, { "a.jsonl": `${ROWS.join("\n")}\n` });
  const { used, problem } = await preview(base, "a.jsonl", { columns: { label: "gone" } });
  assert.equal(used.text, 0);
  assert.match(problem ?? "", /no column “gone”/);
});
