import assert from "node:assert/strict";
import { test } from "node:test";
import type { Source } from "../../../src/protocol/recipe";
import { NO_ROLES } from "../../../src/protocol/table";
import { folderOf, load, quiet, withoutOffset } from "../../support/sources";
import { previewTable } from "../../../src/engine/items/rows/preview";

const rows = (path: string, rest: Partial<Source> = {}): Source => ({ kind: "rows", paths: [path], ...rest });
const TABLE = "text,intent\nHow do I top up?,top_up\nWhere is my card?,card\n";

test("each row is an item with its text, label, row and line", async (t) => {
  const base = folderOf(t, { "a.csv": 'text,label\n"a first\ntext",x\n\nanother text,y\n' });
  const { items, warnings, skipped } = await load(base, rows("a.csv"));
  assert.deepEqual(items.map(withoutOffset), [
    { label: "x", path: "a.csv", line: 2, row: 1, text: "a first\ntext" },
    { label: "y", path: "a.csv", line: 5, row: 2, text: "another text" },
  ]);
  assert.deepEqual(warnings, []);
  assert.deepEqual(skipped, []);
});

for (const [name, delimiter] of Object.entries({ comma: ",", semicolon: ";", tab: "\t", bar: "|" })) {
  test(`a ${name} is found as the delimiter, also where texts hold commas`, async (t) => {
    const lines = ["id;text;label", '1;"One, two, and three";a', "2;No such, my friend;b", "3;Plain;a"];
    const base = folderOf(t, { "a.csv": lines.join("\n").replaceAll(";", delimiter).replace("No such,", "No such") });
    const { items } = await load(base, rows("a.csv"));
    assert.deepEqual(
      items.map(({ id, label, text }) => [id, label, text]),
      [
        ["1", "a", "One, two, and three"],
        ["2", "b", "No such my friend"],
        ["3", "a", "Plain"],
      ],
    );
  });
}

test("one column of sentences with commas stays one column", async (t) => {
  const base = folderOf(t, { "a.csv": "sentence\nYes, it is\nNo, it is not\nWell, yes, no\nPerhaps\n" });
  const { items } = await load(base, rows("a.csv"));
  assert.equal(items[2]?.text, "Well, yes, no");
});

test("a table with a byte order mark, UTF-16 or CRLF is read", async (t) => {
  const base = folderOf(t, {
    "bom.csv": "\uFEFF" + TABLE.replaceAll("\n", "\r\n"),
    "wide.tsv": Buffer.from("\uFEFF" + TABLE.replaceAll(",", "\t"), "utf16le"),
  });
  for (const path of ["bom.csv", "wide.tsv"]) {
    const { items } = await load(base, rows(path));
    assert.deepEqual(
      items.map(({ text, label, line }) => [text, label, line]),
      [
        ["How do I top up?", "top_up", 2],
        ["Where is my card?", "card", 3],
      ],
    );
  }
});

test("columns are chosen by name, by case, or by number from 1", async (t) => {
  const base = folderOf(t, { "a.csv": "Title,Body,Kind,key\na b,c d e f,g,k1\n" });
  const choose = async (columns: NonNullable<Source["columns"]>): Promise<unknown[]> => {
    const [item] = (await load(base, rows("a.csv", { columns }))).items;
    return [item?.text, item?.label, item?.id];
  };
  assert.deepEqual(await choose({ text: "Title", label: "Kind", id: "key" }), ["a b", "g", "k1"]);
  assert.deepEqual(await choose({ text: "title", label: 2, id: 3 }), ["a b", "c d e f", "g"]);
});

test("a column that is not there is an error that names those there are", async (t) => {
  const base = folderOf(t, { "a.csv": TABLE });
  for (const [column, called] of [
    ["txt", "column “txt”"],
    [3, "column 3"],
  ] as const) {
    await assert.rejects(load(base, rows("a.csv", { columns: { text: column } })), {
      reason: "recipe",
      message: `a.csv has no ${called}. Its columns are “text”, “intent”.`,
    });
  }
});

test("without a header the first row is data and columns have numbers", async (t) => {
  const base = folderOf(t, {
    "a.csv": "I love this film,1\nI hate this film,0\nIt was fine I guess,1\n",
    "b.csv": TABLE,
  });
  const { items } = await load(base, rows("a.csv", { columns: { text: 1, label: 2 } }));
  assert.deepEqual([items[0]?.text, items[0]?.label, items[0]?.row, items[0]?.line], ["I love this film", "1", 1, 1]);
  const told = await load(base, rows("b.csv", { header: false }));
  assert.deepEqual([told.items[0]?.text, told.items.length], ["text", 3]);
});

test("rows with a missing or an extra cell are read where they have a text, and told", async (t) => {
  const base = folderOf(t, { "a.csv": "label,text\nx,one two\ny\nz,three four,extra\n,five six\nw,\n" });
  const { items, skipped, warnings } = await load(base, rows("a.csv"));
  assert.deepEqual(
    items.map(({ row, label, text }) => [row, label, text]),
    [
      [1, "x", "one two"],
      [3, "z", "three four"],
      [4, null, "five six"],
    ],
  );
  assert.deepEqual(skipped, [
    {
      path: "a.csv",
      place: 2,
      reason: "it has no text, and fewer cells than the 2 columns (the missing ones are empty)",
    },
    { path: "a.csv", place: 5, reason: "it has no text" },
  ]);
  assert.deepEqual(warnings, ["a.csv, row 3: more cells than the 2 columns (those beyond are left out)."]);
});

test("a quote that is never closed costs no row", async (t) => {
  const base = folderOf(t, { "a.csv": 'text,label\n"open words,a\nother words,b\n' });
  const { items } = await load(base, rows("a.csv"));
  assert.deepEqual(
    items.map(({ text }) => text),
    ['"open words', "other words"],
  );
});

test("an empty table, one with only a header, one without texts, and a folder are one sentence each", async (t) => {
  const base = folderOf(t, {
    "empty.csv": "",
    "header.csv": "text,label\n",
    "numbers.csv": "a,b\n1,2\n3,4\n",
    "hollow.csv": "text,number\n,1\n,2\n",
    "folder/a.csv": TABLE,
    "binary.csv": Buffer.alloc(100),
  });
  const message = async (path: string): Promise<string> =>
    load(base, rows(path)).then(
      () => "no error",
      (error: unknown) => (error as Error).message,
    );
  assert.equal(await message("empty.csv"), "empty.csv is empty.");
  assert.equal(await message("header.csv"), "header.csv has a header and no rows.");
  assert.equal(
    await message("numbers.csv"),
    "No column of numbers.csv looks like text or vectors. Name one: “a”, “b”.",
  );
  assert.equal(
    await message("hollow.csv"),
    "No column of hollow.csv looks like text or vectors. Name one: “text”, “number”.",
  );
  assert.equal(await message("folder"), "folder is a folder: choose the table in it.");
  assert.match(await message("binary.csv"), /^binary\.csv is not a text file/);
});

test("rows without any text are one sentence that names the first", async (t) => {
  const base = folderOf(t, { "a.csv": "text,label\n,a b\n,c d\n" });
  await assert.rejects(load(base, rows("a.csv", { columns: { text: "text" } })), {
    reason: "source",
    message: "No row with a text was found in a.csv. The first, a.csv row 1: it has no text (and 1 more).",
  });
});

test("one row is enough", async (t) => {
  const base = folderOf(t, { "a.csv": "text,label\nonly one,x\n" });
  assert.equal((await load(base, rows("a.csv"))).items.length, 1);
});

test("ten thousand columns are read", async (t) => {
  const names = Array.from({ length: 10_000 }, (_, i) => `c${i}`);
  const cells = names.map((_, i) => (i === 5_000 ? "the only text of it" : String(i)));
  const base = folderOf(t, { "a.csv": `${names.join(",")}\n${cells.join(",")}\n` });
  assert.equal((await load(base, rows("a.csv"))).items[0]?.text, "the only text of it");
});

test("several tables are read by their own headers; a broken one is left out by name", async (t) => {
  const base = folderOf(t, { "a.csv": TABLE, "b.jsonl": '{"sentence":"from b it is","label":"z"}', "c.csv": "" });
  const { items, skipped } = await load(base, { kind: "rows", paths: ["a.csv", "b.jsonl", "c.csv"] });
  assert.deepEqual(
    items.map(({ path, row, label }) => [path, row, label]),
    [
      ["a.csv", 1, "top_up"],
      ["a.csv", 2, "card"],
      ["b.jsonl", 1, "z"],
    ],
  );
  assert.deepEqual(skipped, [{ path: "c.csv", reason: "is empty" }]);
});

test("a sample of rows counts all, keeps their order and is the seed's", async (t) => {
  const base = folderOf(t, {
    "a.csv": "text,label\n" + Array.from({ length: 5_000 }, (_, i) => `some text ${i},l${i % 3}\n`).join(""),
  });
  const draw = async (seed: number): Promise<number[]> => {
    const { items, total } = await load(base, rows("a.csv", { sample: 100 }), { seed });
    assert.equal(total, 5_000);
    return items.map(({ row }) => row!);
  };
  const first = await draw(1);
  assert.equal(new Set(first).size, 100);
  assert.deepEqual(
    first,
    first.toSorted((a, b) => a - b),
  );
  assert.deepEqual(await draw(1), first);
  assert.notDeepEqual(await draw(2), first);
});

test("ranges choose rows by the line they start at", async (t) => {
  const base = folderOf(t, { "a.csv": 'text,label\none a,x\n"two\nb",y\nthree c,z\n' });
  const { items } = await load(base, rows("a.csv", { ranges: [[3, 4]] }));
  assert.deepEqual(
    items.map(({ row, line, label }) => [row, line, label]),
    [[2, 3, "y"]],
  );
});

test("an unsaved table wins over its file", async (t) => {
  const base = folderOf(t, { "a.csv": TABLE });
  const { items } = await load(base, rows("a.csv"), { documents: { "a.csv": "text,label\nunsaved text,q\n" } });
  assert.deepEqual(
    items.map(({ text, label }) => [text, label]),
    [["unsaved text", "q"]],
  );
});

test("names like __proto__ are ordinary columns", async (t) => {
  const base = folderOf(t, {
    "a.csv": "__proto__,constructor\nsome text here,x\n",
    "b.jsonl": '{"__proto__":"some text here"}',
  });
  for (const path of ["a.csv", "b.jsonl"]) {
    const { items } = await load(base, rows(path, { columns: { text: "__proto__" } }));
    assert.equal(items[0]?.text, "some text here");
  }
});

test("a label of null means no label, although a column looks like one", async (t) => {
  const base = folderOf(t, { "a.csv": TABLE });
  const guessed = await load(base, rows("a.csv"));
  assert.deepEqual([guessed.items[0]?.label, guessed.columns], ["top_up", { text: "text", label: "intent" }]);
  const none = await load(base, rows("a.csv", { columns: { label: null } }));
  assert.deepEqual([none.items[0]?.label, none.columns], [null, { text: "text", label: null }]);
});

test("a preview tells the columns, those in use and the first rows, with long cells cut", async (t) => {
  const base = folderOf(t, {
    "a.csv": TABLE,
    "b.csv": `note,score\n${"long ".repeat(100)},7\n`,
    "c.jsonl": '{"text":"a b"}',
  });
  const preview = (path: string, rest: Partial<Source> = {}) =>
    previewTable(rows(path, rest), { base, rows: 1 }, quiet().signal);
  assert.deepEqual(await preview("a.csv"), {
    path: "a.csv",
    columns: [
      { name: "text", kind: "text" },
      { name: "intent", kind: "text" },
    ],
    header: true,
    headerOpen: true,
    used: { ...NO_ROLES, text: 0, label: 1 },
    items: "text",
    problem: null,
    rows: [["How do I top up?", "top_up"]],
  });
  const long = await preview("b.csv");
  assert.deepEqual([long.columns[1], long.rows[0]?.[0]?.length], [{ name: "score", kind: "number" }, 200]);
  assert.equal((await preview("c.jsonl")).headerOpen, false);
  await assert.rejects(previewTable(rows("gone.csv"), { base }, quiet().signal), { reason: "source" });
});

test("a preview follows the recipe, and says what is wrong with it beside the guess", async (t) => {
  const base = folderOf(t, { "a.csv": TABLE });
  const preview = (rest: Partial<Source>) => previewTable(rows("a.csv", rest), { base }, quiet().signal);
  assert.deepEqual((await preview({ columns: { text: 2, label: null } })).used, { ...NO_ROLES, text: 1 });
  const gone = await preview({ columns: { label: "topic" } });
  assert.deepEqual(gone.used, { ...NO_ROLES, text: 0, label: 1 });
  assert.match(gone.problem ?? "", /no column “topic”/);
  const unnamed = await preview({ header: false });
  assert.deepEqual([unnamed.columns[0]?.name, unnamed.rows[0]], ["column_1", ["text", "intent"]]);
});
