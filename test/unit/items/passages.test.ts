import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { averagePassages } from "../../../src/engine/embed/average-passages";
import { estimatedTokens, splitPassages, type PassageOptions } from "../../../src/engine/items/passages";
import { variedTexts } from "../../support/strings";

const words = (text: string): number => text.split(/\s+/).filter(Boolean).length;
const options = (limit: number, overlap = 0): PassageOptions => ({ limit, overlap, length: words });

describe("the passages of a text", () => {
  it("are the text itself when it fits the window", () => {
    assert.deepEqual(splitPassages("\n# One\nTwo three.\n", options(10)), [{ text: "# One\nTwo three.", line: 2 }]);
    assert.deepEqual(splitPassages(" \n ", options(10)), []);
  });

  it("end between sentences, and each begins with the last ones of the passage before", () => {
    const text = "One two three. Four five six.\nSeven eight nine. Ten eleven twelve.";
    assert.deepEqual(splitPassages(text, options(6, 3)), [
      { text: "One two three. Four five six.", line: 1 },
      { text: "Four five six.\nSeven eight nine.", line: 1 },
      { text: "Seven eight nine. Ten eleven twelve.", line: 2 },
    ]);
    assert.deepEqual(
      splitPassages(text, options(6)).map(({ line }) => line),
      [1, 2],
    );
  });

  it("begin at headings, but not at a # of fenced code", () => {
    const text = "Intro here.\n\n# First\nSome words.\n```sh\n# a comment\n```\n## Second\nMore words.\n";
    assert.deepEqual(splitPassages(text, options(8)), [
      { text: "Intro here.", line: 1 },
      { text: "# First\nSome words.\n```sh\n# a comment", line: 3 },
      { text: "```", line: 7 },
      { text: "## Second\nMore words.", line: 8 },
    ]);
  });

  it("cut a sentence only when it is longer than the window, and a word only when that is", () => {
    const parts = splitPassages("one two three four five", options(2)).map(({ text }) => text);
    assert.deepEqual(parts, ["one two", "three four", "five"]);
    const letters = { limit: 3, overlap: 0, length: (text: string): number => text.length };
    assert.deepEqual(
      splitPassages("abcdefgh", letters).map(({ text }) => text),
      ["abc", "def", "gh"],
    );
  });

  it("never exceed the window, lose nothing and name the line they start at, for any text, window and overlap", () => {
    const text = variedTexts().join("\n");
    const plain = (part: string): string => part.replace(/\s+/g, "");
    for (const [limit, overlap] of [
      [5, 0],
      [40, 10],
      [200, 200],
    ] as const) {
      const passages = splitPassages(text, options(limit, overlap));
      const lines = text.split("\n");
      for (const passage of passages) {
        assert.ok(words(passage.text) <= limit);
        const first = passage.text.split("\n", 1)[0]!;
        assert.ok(lines[passage.line - 1]!.includes(first), `line ${passage.line}: ${first}`);
      }
      if (overlap === 0) assert.equal(passages.map((passage) => plain(passage.text)).join(""), plain(text));
    }
  });

  it("are estimated not shorter than they are", () => {
    assert.equal(estimatedTokens("The sun is shining today"), 7);
    assert.equal(estimatedTokens("日本語"), 3);
    assert.equal(estimatedTokens("1234567 !"), 4);
  });

  it("become one vector, weighted by their lengths", () => {
    const vectors = Float32Array.of(1, 0, 0, 1, 5, 5);
    const mean = averagePassages(vectors, 2, Int32Array.of(0, 0, 1), Float64Array.of(3, 1, 2), 2);
    assert.deepEqual(mean, Float32Array.of(0.75, 0.25, 5, 5));
  });
});
