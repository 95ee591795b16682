import assert from "node:assert/strict";
import { test } from "node:test";
import { openDataset } from "../../../src/engine/tables/dataset";

const table = (header: string[], make: (i: number) => string[], count = 40): [string[], string[][]] => [
  header,
  Array.from({ length: count }, (_, i) => make(i)),
];
const sentence = (i: number): string => `this is sentence number ${i} about some thing`;

/** The roles of a CSV with this header and rows that are not metadata. */
async function guessColumns(header: readonly string[], rows: readonly (readonly string[])[]) {
  const line = (cells: readonly string[]): string => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",");
  const text = [header, ...rows].map(line).join("\n");
  const { table, roles } = await openDataset("t.csv", { text, header: true });
  await table.close();
  const { metadata: _, ...found } = roles;
  return Object.fromEntries(Object.entries(found).filter(([, name]) => name !== null));
}

test("the text column is the one with the longest natural text, whatever it is called", async () => {
  const [header, rows] = table(["a", "b", "c"], (i) => [String(i), ["red", "green", "blue"][i % 3]!, sentence(i)]);
  assert.deepEqual(await guessColumns(header, rows), { text: "c", label: "b" });
});

test("a usual name helps: a question is the text where the answer is short, a category the label", async () => {
  const [header, rows] = table(["Category", "Question", "Answer"], (i) => [`C${i}`, sentence(i), `thing ${i}`], 10);
  assert.deepEqual(await guessColumns(header, rows), { text: "Question", label: "Category" });
});

test("a label column that is constant at the start of a sorted file is still the label", async () => {
  const [header, rows] = table(["text", "category"], (i) => [sentence(i), "card_arrival"]);
  assert.deepEqual(await guessColumns(header, rows), { text: "text", label: "category" });
});

test("classes written as small numbers are a label, measurements are not", async () => {
  const [header, rows] = table(["review", "label", "price"], (i) => [sentence(i), String(i % 2), `${i}.99`]);
  assert.deepEqual(await guessColumns(header, rows), { text: "review", label: "label" });
});

test("texts that are all the same are found by the plain name of their column, where there is nothing better", async () => {
  const [header, rows] = table(["id", "text", "kind"], (i) => [String(i), "the same words", i % 2 ? "a" : "b"]);
  assert.deepEqual(await guessColumns(header, rows), { text: "text", label: "kind", id: "id" });
  const [other, better] = table(["text", "remark"], (i) => ["long", sentence(i)]);
  assert.equal((await guessColumns(other, better)).text, "remark");
  const [names, none] = table(["text type"], () => ["the same words"]);
  assert.equal((await guessColumns(names, none)).text, undefined);
});

test("sentences of which more than half repeat are the text where there is nothing better; a column that is named as a label is not", async () => {
  const often = (i: number): string => sentence(i % 16);
  const [header, rows] = table(["remark", "points", "rubrik"], (i) => [often(i), `${i}.5`, i % 2 ? "sea" : "town"]);
  assert.deepEqual(await guessColumns(header, rows), { text: "remark", label: "rubrik" });
  const [better, whole] = table(["remark", "note"], (i) => [often(i), sentence(i)]);
  assert.equal((await guessColumns(better, whole)).text, "note");
  const [labels, none] = table(["topic", "points"], (i) => [often(i), `${i}.5`]);
  assert.deepEqual(await guessColumns(labels, none), { label: "topic" });
  const [few, classes] = table(["remark", "points"], (i) => [sentence(i % 4), `${i}.5`]);
  assert.deepEqual(await guessColumns(few, classes), { label: "remark" });
});

test("ids, addresses, dates, vectors and hashes are no text", async () => {
  const [header, rows] = table(["text_id", "url", "when", "vector", "sha", "remark"], (i) => [
    `t-${i}`,
    `https://example.org/${i}`,
    `2024-01-${i}`,
    "[0.1, -0.2]",
    "0123456789abcdef0123",
    `well ${i}`,
  ]);
  assert.deepEqual(await guessColumns(header, rows), { text: "remark", id: "text_id", coordinates: ["vector"] });
});

test("a table of numbers has no text, x and y are coordinates", async () => {
  const [header, rows] = table(["x", "y"], (i) => [String(i), `-${i}.5e3`]);
  assert.deepEqual(await guessColumns(header, rows), { coordinates: ["x", "y"] });
});

test("names that are not unique are made so", async () => {
  const [header, rows] = table(["x", "x"], (i) => [String(i), sentence(i)]);
  assert.deepEqual(await guessColumns(header, rows), { text: "x_2" });
});
