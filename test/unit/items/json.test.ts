import assert from "node:assert/strict";
import { test } from "node:test";
import { folderOf, load, withoutOffset } from "../../support/sources";

const rows = (path: string) => ({ kind: "rows" as const, paths: [path] });

test("JSON Lines: each line is a row; a broken one is left out by name, blank ones are counted", async (t) => {
  const lines = ['{"text":"one day","label":"a"}', "", '{"text":"cut in the mid', "[1,2]", '{"text":"two days"}', "7"];
  const base = folderOf(t, { "a.jsonl": lines.join("\n") });
  const { items, skipped, warnings } = await load(base, rows("a.jsonl"));
  assert.deepEqual(items.map(withoutOffset), [
    { label: "a", path: "a.jsonl", line: 1, row: 1, text: "one day" },
    { label: null, path: "a.jsonl", line: 5, row: 4, text: "two days" },
  ]);
  assert.deepEqual(skipped, [
    { path: "a.jsonl", place: 2, reason: "it is not valid JSON" },
    { path: "a.jsonl", place: 3, reason: "it is not a record ({ … })" },
    { path: "a.jsonl", place: 5, reason: "it is not a record ({ … })" },
  ]);
  assert.deepEqual(warnings, []);
});

test("a JSON array: each record knows its row and the line where it starts", async (t) => {
  const text =
    '\n[ {"text": "a } tricky \\" { one", "tags": [1, {"x": "]"}]},\n\n  {\n "text": "b\\\\",\n"n": 1},{"text":"c"}\n]\n';
  const { items } = await load(folderOf(t, { "a.json": text }), rows("a.json"));
  assert.deepEqual(
    items.map(({ row, line, text: read }) => [row, line, read]),
    [
      [1, 2, 'a } tricky " { one'],
      [2, 4, "b\\"],
      [3, 6, "c"],
    ],
  );
});

test("arrays of texts and of arrays are tables too", async (t) => {
  const base = folderOf(t, {
    "a.json": '["one text",\n"two texts"]',
    "b.json": '[["x","some text here"],["y","more of it"]]',
  });
  const texts = async (path: string): Promise<unknown[]> =>
    (await load(base, rows(path))).items.map(({ text }) => text);
  assert.deepEqual(await texts("a.json"), ["one text", "two texts"]);
  assert.deepEqual(await texts("b.json"), ["some text here", "more of it"]);
});

test("one record a line in a .json file is read as JSON Lines", async (t) => {
  const base = folderOf(t, { "a.json": '{"text":"one thing"}\n{"text":"two things"}\n' });
  const { items } = await load(base, rows("a.json"));
  assert.deepEqual(
    items.map(({ line }) => line),
    [1, 2],
  );
});

test("values that are not texts become a label as they are written", async (t) => {
  const records = [
    { text: "a b", label: 1 },
    { text: "c d", label: true },
    { text: "e f", label: null },
    { text: "g h", label: [1, 2] },
  ];
  const base = folderOf(t, { "a.json": JSON.stringify(records) });
  const { items } = await load(base, { ...rows("a.json"), columns: { label: "label" } });
  assert.deepEqual(
    items.map(({ label }) => label),
    ["1", "true", null, "1, 2"],
  );
});

test("what is not a table is one sentence that says why", async (t) => {
  const base = folderOf(t, {
    "broken.json": '[{"text": "a"},\n{"text": }\n]',
    "cut.json": '[{"text": "a"},\n{"text": "b',
    "object.json": '{"version": 1}',
    "empty.json": " ",
    "none.json": "[]",
    "bad.jsonl": "not json\nnor this\n",
  });
  const message = async (path: string): Promise<string> =>
    load(base, rows(path)).then(
      () => "no error",
      (error: unknown) => (error as Error).message,
    );
  assert.match(await message("object.json"), /^object\.json holds no table: its JSON is neither/);
  assert.equal(await message("empty.json"), "empty.json is empty.");
  assert.equal(await message("none.json"), "none.json has no rows.");
  assert.equal(await message("bad.jsonl"), "bad.jsonl has no record that can be read: it is not valid JSON.");
  const left = async (path: string): Promise<unknown> => (await load(base, rows(path))).skipped;
  assert.deepEqual(await left("broken.json"), [{ path: "broken.json", place: 2, reason: "it is not valid JSON" }]);
  assert.deepEqual(await left("cut.json"), [
    { path: "cut.json", place: 2, reason: "the file ends in the middle of it (line 2)" },
  ]);
});
