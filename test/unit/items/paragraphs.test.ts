import assert from "node:assert/strict";
import { test } from "node:test";
import { folderOf, load } from "../../support/sources";

async function paragraphs(
  t: Parameters<typeof folderOf>[0],
  name: string,
  lines: string[],
): Promise<[number, string][]> {
  const { items } = await load(folderOf(t, { [name]: lines.join("\n") }), { kind: "paragraphs", paths: [name] });
  return items.map(({ line, text }) => [line!, text!]);
}

test("blank lines divide a text into paragraphs that start at their first line", async (t) => {
  const found = await paragraphs(t, "a.txt", ["", "one", "still one", "", " ", "two", "", ""]);
  assert.deepEqual(found, [
    [2, "one\nstill one"],
    [6, "two"],
  ]);
});

test("in Markdown a fenced code block stays whole, in a text file it doesn't", async (t) => {
  const lines = ["before", "", "```js", "a()", "", "b()", "```", "", "after", "~~~~", "~~~", "", "~~~~"];
  assert.deepEqual(await paragraphs(t, "a.md", lines), [
    [1, "before"],
    [3, "```js\na()\n\nb()\n```"],
    [9, "after\n~~~~\n~~~\n\n~~~~"],
  ]);
  assert.equal((await paragraphs(t, "a.txt", lines)).length, 5);
});

test("the front matter of Markdown is left out with a word; a rule later on isn't front matter", async (t) => {
  const base = folderOf(t, { "a.md": "---\ntitle: x\n\ntags: y\n---\n# Head\n\n---\n\nbody" });
  const { items, notes } = await load(base, { kind: "paragraphs", paths: ["a.md"] });
  assert.deepEqual(
    items.map(({ line, text }) => [line, text]),
    [
      [6, "# Head"],
      [8, "---"],
      [10, "body"],
    ],
  );
  assert.deepEqual(notes, ["a.md: the front matter (5 lines) was left out."]);
});

test("chosen ranges divide paragraphs where lines between them are missing", async (t) => {
  const base = folderOf(t, { "a.txt": "1\n2\n3\n4\n5" });
  const ranges: [number, number][] = [
    [1, 2],
    [4, 5],
  ];
  const { items } = await load(base, { kind: "paragraphs", paths: ["a.txt"], ranges });
  assert.deepEqual(
    items.map(({ line, text }) => [line, text]),
    [
      [1, "1\n2"],
      [4, "4\n5"],
    ],
  );
});

test("a paragraph that is too long is cut with a word", async (t) => {
  const base = folderOf(t, { "a.txt": "word word word word\n".repeat(10_000) + "\nnext" });
  const { items, warnings } = await load(base, { kind: "paragraphs", paths: ["a.txt"] });
  assert.equal(items[0]?.text?.length, 100_000);
  assert.deepEqual([items[1]?.line, items[1]?.text], [10_002, "next"]);
  assert.deepEqual(warnings, ["a.txt, line 1: the paragraph was cut after 100,000 characters."]);
});
