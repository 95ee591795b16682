import assert from "node:assert/strict";
import { openSync, writeSync, closeSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { mergeRanges } from "../../../src/engine/items/ranges";
import { LineSplitter } from "../../../src/engine/items/split-lines";
import { folderOf, load, quiet, textsOf } from "../../support/sources";

const lines = (path: string) => ({ kind: "lines" as const, paths: [path] });

test("each line with text is an item with its line number; empty lines are counted once", async (t) => {
  const base = folderOf(t, { "a.txt": "one\n\n  two  \n \t\nthree\n\n" });
  const set = await load(base, lines("a.txt"));
  assert.deepEqual(set.items, [
    { label: null, path: "a.txt", line: 1, text: "one" },
    { label: null, path: "a.txt", line: 3, text: "two" },
    { label: null, path: "a.txt", line: 5, text: "three" },
  ]);
  assert.deepEqual([set.warnings, set.notes], [[], ["3 empty lines left out."]]);
  assert.equal(set.total, 3);
  assert.equal(set.kind, "text");
});

for (const [name, end] of Object.entries({ LF: "\n", CRLF: "\r\n", CR: "\r" })) {
  test(`${name} ends a line`, async (t) => {
    const base = folderOf(t, { "a.txt": ["one", "two", "", "four"].join(end) + end });
    const { items } = await load(base, lines("a.txt"));
    assert.deepEqual(
      items.map(({ line, text }) => [line, text]),
      [
        [1, "one"],
        [2, "two"],
        [4, "four"],
      ],
    );
  });
}

const encoded: Record<string, Buffer> = {
  "UTF-8 with a mark": Buffer.from("\uFEFFgrün\nzwei"),
  "UTF-16 LE with a mark": Buffer.from("\uFEFFgrün\nzwei", "utf16le"),
  "UTF-16 BE with a mark": Buffer.from("\uFEFFgrün\nzwei", "utf16le").swap16(),
  "UTF-16 LE without a mark": Buffer.from("grün\nzwei", "utf16le"),
};
for (const [name, bytes] of Object.entries(encoded)) {
  test(`${name} is read`, async (t) => {
    assert.deepEqual(await textsOf(folderOf(t, { "a.txt": bytes }), "lines", "a.txt"), ["grün", "zwei"]);
  });
}

test("characters and line ends that lie across the pieces of a large file are read right", async (t) => {
  // Three bytes a sign and a line end of two bytes: every alignment meets the border of a piece.
  const lineAt = (i: number): string => `${"日本語".repeat((i % 3) + 1)}${i}`;
  const expected = Array.from({ length: 40_000 }, (_, i) => lineAt(i + 1));
  const { items } = await load(folderOf(t, { "a.txt": expected.join("\r\n") }), lines("a.txt"));
  assert.equal(items.length, expected.length);
  assert.equal(
    items.find(({ text, line }) => text !== lineAt(line!)),
    undefined,
  );
});

test("bytes that are not UTF-8 are named by their lines", async (t) => {
  const base = folderOf(t, { "a.txt": Buffer.from("fine\ncaf\xe9\nfine", "latin1") });
  const { warnings, items } = await load(base, lines("a.txt"));
  assert.equal(items[1]?.text, "caf\uFFFD");
  assert.match(warnings.join(), /a\.txt, line 2: bytes that are not in the file's encoding.*UTF-8/);
});

test("a binary file is refused in one sentence", async (t) => {
  const base = folderOf(t, { "a.txt": Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72]) });
  await assert.rejects(load(base, lines("a.txt")), { reason: "source", message: /^a\.txt is not a text file\./ });
});

test("a very long line is cut with a word, and what follows it is read", async (t) => {
  const base = folderOf(t, { "long.txt": "word ".repeat(1_000_000) + "\nlast" });
  const { items, warnings } = await load(base, lines("long.txt"));
  assert.equal(items.length, 2);
  assert.ok(items[0]!.text!.length <= 100_000);
  assert.deepEqual([items[1]?.line, items[1]?.text], [2, "last"]);
  assert.deepEqual(warnings, ["long.txt, line 1: cut after 100,000 characters."]);
});

test("lines are the same wherever the text is cut into pieces", () => {
  const text = "a\r\n\rb\n\r\nc\r";
  for (let i = 0; i <= text.length; i++) {
    for (let j = i; j <= text.length; j++) {
      const splitter = new LineSplitter();
      const pieces = [text.slice(0, i), text.slice(i, j), text.slice(j)];
      const found = [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
      assert.deepEqual(
        found.map((line) => line.text),
        ["a", "", "b", "", "c"],
        `cut at ${i} and ${j}`,
      );
    }
  }
});

test("overlapping and touching ranges become one", () => {
  const ranges = [
    [8, 9],
    [1, 3],
    [2, 2],
    [4, 5],
    [7, 7],
  ] as const;
  assert.deepEqual(mergeRanges(ranges), [
    [1, 5],
    [7, 9],
  ]);
});

test("a line of 300 MB is not held in memory", () => {
  const splitter = new LineSplitter();
  const piece = "x".repeat(250_000);
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 1_200; i++) assert.deepEqual(splitter.push(piece), []);
  assert.ok(process.memoryUsage().heapUsed - before < 100e6);
  const [line] = splitter.push("\n");
  assert.deepEqual([line?.text.length, line?.cut], [100_000, true]);
});

test("ranges choose lines of the first path, each once, in the file's order", async (t) => {
  const base = folderOf(t, { "a.txt": "1\n2\n3\n4\n5\n6\n7\n8", "b.txt": "x" });
  const ranges: [number, number][] = [
    [6, 7],
    [2, 3],
    [3, 4],
    [2, 2],
  ];
  const { items } = await load(base, { kind: "lines", paths: ["a.txt", "b.txt"], ranges });
  assert.deepEqual(
    items.map(({ text }) => text),
    ["2", "3", "4", "6", "7", "x"],
  );
});

test("ranges without text give one sentence", async (t) => {
  const base = folderOf(t, { "a.txt": "1\n\n\n" });
  const source = { ...lines("a.txt"), ranges: [[2, 9]] as [number, number][] };
  await assert.rejects(load(base, source), {
    reason: "source",
    message: "No text was found in the chosen lines of a.txt.",
  });
});

test("the text of an unsaved document wins over the file, and an untitled one needs no file", async (t) => {
  const base = folderOf(t, { "a.txt": "on disk" });
  const documents = { "a.txt": "unsaved", "untitled:Untitled-1": "new\ntext" };
  const { items } = await load(base, { kind: "lines", paths: ["a.txt", "untitled:Untitled-1"] }, { documents });
  assert.deepEqual(
    items.map(({ path, text }) => [path, text]),
    [
      ["a.txt", "unsaved"],
      ["untitled:Untitled-1", "new"],
      ["untitled:Untitled-1", "text"],
    ],
  );
});

test("with several files the label is the file's name; a missing and a binary one are left out by name", async (t) => {
  const base = folderOf(t, { "a.txt": "one", "sub/b.txt": "two", "c.txt": Buffer.alloc(100) });
  const set = await load(base, { kind: "lines", paths: ["a.txt", "sub/b.txt", "gone.txt", "c.txt"] });
  assert.deepEqual(
    set.items.map(({ label }) => label),
    ["a.txt", "b.txt"],
  );
  assert.deepEqual(
    set.skipped.map(({ path }) => path),
    ["gone.txt", "c.txt"],
  );
  assert.match(set.skipped[1]!.reason, /not a text file/);
});

test("a missing file, an empty file and a folder without texts are one sentence each", async (t) => {
  const base = folderOf(t, { "empty.txt": "", "blank.txt": " \n\n", "sub/picture.png": "x" });
  const message = async (path: string): Promise<string> =>
    load(base, lines(path)).then(
      () => "no error",
      (error: unknown) => (error as Error).message,
    );
  assert.equal(await message("gone.txt"), "gone.txt: there is no such file or folder.");
  assert.equal(await message("empty.txt"), "No text was found in empty.txt.");
  assert.equal(await message("blank.txt"), "No text was found in blank.txt.");
  assert.equal(await message("sub"), "No text was found in sub.");
});

test("a path may be absolute or lead outside the recipe's folder, and stays as it is in the recipe", async (t) => {
  const base = folderOf(t, { "data/a.txt": "one", "recipes/r.json": "" });
  const absolute = join(base, "data/a.txt");
  for (const path of ["../data/a.txt", absolute]) {
    const { items } = await load(join(base, "recipes"), lines(path));
    assert.equal(items[0]?.path, path);
  }
});

test("a sample is drawn by the seed, in the order of the source, and the total is still counted", async (t) => {
  const base = folderOf(t, { "a.txt": Array.from({ length: 1000 }, (_, i) => `line ${i + 1}`).join("\n") });
  const draw = async (seed: number): Promise<number[]> => {
    const set = await load(base, { ...lines("a.txt"), sample: 50 }, { seed });
    assert.equal(set.total, 1000);
    return set.items.map(({ line }) => line!);
  };
  const first = await draw(1);
  assert.equal(new Set(first).size, 50);
  assert.deepEqual(
    first,
    first.toSorted((a, b) => a - b),
  );
  assert.deepEqual(await draw(1), first);
  assert.notDeepEqual(await draw(2), first);
});

test("a cancelled load stops and is not an error of the source", async (t) => {
  const base = folderOf(t, { "a.txt": "one\n".repeat(1_000_000) });
  const controller = new AbortController();
  const ctx = { ...quiet(), signal: controller.signal, report: () => controller.abort() };
  await assert.rejects(load(base, lines("a.txt"), {}, ctx), { name: "AbortError" });
});

test("a file that changes while it is read is told", async (t) => {
  const base = folderOf(t, { "a.txt": "one\n".repeat(200_000) });
  let grown = false;
  const report = (): void => {
    if (grown) return;
    grown = true;
    const file = openSync(join(base, "a.txt"), "a");
    writeSync(file, "more\n");
    closeSync(file);
  };
  const { warnings } = await load(base, lines("a.txt"), {}, { ...quiet(), report });
  assert.deepEqual(warnings, ["A file changed while it was read."]);
});
