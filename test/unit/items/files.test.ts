import assert from "node:assert/strict";
import { chmodSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folderOf, load } from "../../support/sources";

const files = (...paths: string[]) => ({ kind: "files" as const, paths });

test("each text file of a folder is an item, in natural order, labelled by the folder that holds it", async (t) => {
  const base = folderOf(t, {
    "texts/news/item10.txt": "ten",
    "texts/news/item2.txt": " two\n",
    "texts/sport/a.MD": "goal",
    "texts/sport/deep/b.markdown": "run",
    "texts/picture.png": "no text",
  });
  const { items, total } = await load(base, files("texts"));
  assert.deepEqual(items, [
    { label: "news", path: "texts/news/item2.txt", text: "two" },
    { label: "news", path: "texts/news/item10.txt", text: "ten" },
    { label: "sport", path: "texts/sport/a.MD", text: "goal" },
    { label: "deep", path: "texts/sport/deep/b.markdown", text: "run" },
  ]);
  assert.equal(total, 4);
});

test("texts of one folder have no label", async (t) => {
  const { items } = await load(folderOf(t, { "a.txt": "1", "b.txt": "2" }), files("."));
  assert.deepEqual(items, [
    { label: null, path: "a.txt", text: "1" },
    { label: null, path: "b.txt", text: "2" },
  ]);
});

test("hidden folders, hidden files and node_modules are passed over and counted", async (t) => {
  const base = folderOf(t, { ".git/a.txt": "1", "node_modules/x/b.txt": "2", ".c.txt": "3", "d.txt": "4" });
  const { items, notes } = await load(base, files("."));
  assert.deepEqual(
    items.map(({ path }) => path),
    ["d.txt"],
  );
  assert.deepEqual(notes, ["2 folders and 1 hidden file left out: hidden ones and node_modules are not searched."]);
});

test("symbolic links that lead in a circle end, and each file comes once", async (t) => {
  const base = folderOf(t, { "a/one.txt": "1", "b/two.txt": "2" });
  symlinkSync(join(base, "a"), join(base, "b/again"));
  symlinkSync(base, join(base, "a/up"));
  symlinkSync(join(base, "self"), join(base, "self"));
  const { items } = await load(base, files(".", "a/one.txt", "a"));
  assert.deepEqual(items.map(({ text }) => text).sort(), ["1", "2"]);
});

test("an empty, a binary and an unreadable file are left out by name", async (t) => {
  const base = folderOf(t, { "good.txt": "text", "empty.txt": " \n", "binary.txt": Buffer.alloc(64) });
  symlinkSync(join(base, "gone"), join(base, "link.txt"));
  const { items, skipped } = await load(base, files("."));
  assert.deepEqual(
    items.map(({ path }) => path),
    ["good.txt"],
  );
  assert.deepEqual(Object.fromEntries(skipped.map(({ path, reason }) => [path, reason])), {
    "binary.txt": "is not a text file. Choose a text file, or save it as UTF-8 text",
    "empty.txt": "it is empty",
    "link.txt": "there is no such file or folder",
  });
});

test("a file without permission is named", { skip: process.getuid?.() === 0 && "root may read all" }, async (t) => {
  const base = folderOf(t, { "a.txt": "1", "b.txt": "2" });
  chmodSync(join(base, "b.txt"), 0);
  const { skipped } = await load(base, files("."));
  assert.deepEqual(skipped, [{ path: "b.txt", reason: "it may not be read (no permission)" }]);
});

test("a very large file is read as far as the limit, with a word", async (t) => {
  const base = folderOf(t, {});
  writeFileSync(join(base, "a.txt"), "word ".repeat(300_000));
  const { items, warnings } = await load(base, files("a.txt"));
  assert.ok(items[0]!.text!.length <= 1_000_000);
  assert.deepEqual(warnings, ["a.txt: only its first 1,000,000 characters were read."]);
});

test("a folder without text files, and ranges for whole files, are one sentence", async (t) => {
  const base = folderOf(t, { "x/a.png": "1" });
  await assert.rejects(load(base, files("x")), { reason: "source", message: "No .txt or .md files were found in x." });
  await assert.rejects(load(base, { ...files("x"), ranges: [[1, 2]] }), { reason: "recipe" });
});

test("a sample of files keeps their order and counts all", async (t) => {
  const names = Array.from({ length: 30 }, (_, i) => `${i}.txt`);
  const base = folderOf(t, Object.fromEntries(names.map((name) => [name, name])));
  const { items, total } = await load(base, { ...files("."), sample: 10 });
  assert.equal(total, 30);
  const numbers = items.map(({ text }) => Number.parseInt(text!));
  assert.equal(numbers.length, 10);
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => a - b),
  );
});
