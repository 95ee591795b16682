import assert from "node:assert/strict";
import { test } from "node:test";
import { guessColumns, guessHeader } from "../../../src/engine/items/guess";

const table = (header: string[], make: (i: number) => string[], count = 40): [string[], string[][]] => [
  header,
  Array.from({ length: count }, (_, i) => make(i)),
];
const sentence = (i: number): string => `this is sentence number ${i} about some thing`;

test("the text column is the one with the longest natural text, whatever it is called", () => {
  const [header, rows] = table(["a", "b", "c"], (i) => [String(i), ["red", "green", "blue"][i % 3]!, sentence(i)]);
  assert.deepEqual(guessColumns(header, rows), { text: "c", label: "b" });
});

test("a usual name helps: a question is the text where the answer is short, a category the label", () => {
  const [header, rows] = table(["Category", "Question", "Answer"], (i) => [`C${i}`, sentence(i), `thing ${i}`], 10);
  assert.deepEqual(guessColumns(header, rows), { text: "Question", label: "Category" });
});

test("a label column that is constant at the start of a sorted file is still the label", () => {
  const [header, rows] = table(["text", "category"], (i) => [sentence(i), "card_arrival"]);
  assert.deepEqual(guessColumns(header, rows), { text: "text", label: "category" });
});

test("classes written as small numbers are a label, measurements are not", () => {
  const [header, rows] = table(["review", "label", "price"], (i) => [sentence(i), String(i % 2), `${i}.99`]);
  assert.deepEqual(guessColumns(header, rows), { text: "review", label: "label" });
});

test("ids, addresses, dates, vectors and hashes are no text", () => {
  const [header, rows] = table(["text_id", "url", "when", "vector", "sha", "remark"], (i) => [
    `t-${i}`,
    `https://example.org/${i}`,
    `2024-01-${i}`,
    "[0.1, -0.2]",
    "0123456789abcdef0123",
    `well ${i}`,
  ]);
  assert.deepEqual(guessColumns(header, rows), { text: "remark", id: "text_id" });
});

test("a table of numbers has no text", () => {
  const [header, rows] = table(["x", "y"], (i) => [String(i), `-${i}.5e3`]);
  assert.deepEqual(guessColumns(header, rows), {});
});

test("names that are not unique are given as numbers", () => {
  const [header, rows] = table(["x", "x"], (i) => [String(i), sentence(i)]);
  assert.deepEqual(guessColumns(header, rows), { text: 2 });
});

test("nothing is guessed from nothing", () => {
  assert.deepEqual(guessColumns([], []), {});
  assert.deepEqual(guessColumns(["text"], []), {});
});

test("a first row of names is a header, a first row of data isn't", () => {
  const yes: [string[], string[][]][] = [
    [["text", "category"], [["How do I?", "card"]]],
    [
      ["a", "b"],
      [
        ["some words", "1"],
        ["other words", "2"],
      ],
    ],
    [
      ["", "wert"],
      [
        ["0", "eins"],
        ["1", "zwei"],
      ],
    ],
    [
      ["Satz", "Art"],
      [
        ["Das ist ein Satz.", "gut"],
        ["Das auch.", "schlecht"],
      ],
    ],
    [["text"], []],
    [
      ["How do you like the weather today?", "And from 1 to 5?"],
      [
        ["Well.", "4"],
        ["Badly.", "1"],
      ],
    ],
  ];
  const no: [string[], string[][]][] = [
    [
      ["I love it.", "pos"],
      [
        ["I hate it.", "neg"],
        ["So so.", "pos"],
      ],
    ],
    [["0.1", "0.2"], [["0.3", "0.4"]]],
    [["What a very long first sentence it is", "x"], [["And another one", "y"]]],
    [["a", "a"], [["b", "c"]]],
    [["2024-01-01", "fine"], [["2024-01-02", "good"]]],
  ];
  for (const [first, rows] of yes) assert.equal(guessHeader(first, rows), true, first.join());
  for (const [first, rows] of no) assert.equal(guessHeader(first, rows), false, first.join());
});
