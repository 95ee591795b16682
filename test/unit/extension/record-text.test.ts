import assert from "node:assert/strict";
import { it } from "node:test";
import { recordText } from "../../../src/extension/record/record-text";

it("a record shows short values beside their names and long ones below, wrapped, in the order of the table", () => {
  const words = Array.from({ length: 40 }, (_, i) => `word${i}`).join(" ");
  const text = recordText("songs.parquet, row 12", [
    { name: "title", value: "Blue" },
    { name: "year", value: "" },
    { name: "lyrics", value: `first\r\n${words}` },
    { name: "genre", value: "folk" },
  ]);
  const lines = text.split("\n");
  assert.deepEqual(lines.slice(0, 9), [
    "songs.parquet, row 12",
    "─".repeat(21),
    "",
    "title  Blue",
    "year   –",
    "",
    "lyrics",
    "    first",
    "    word0 word1 word2 word3 word4 word5 word6 word7 word8 word9 word10 word11 word12 word13 word14",
  ]);
  assert.ok(lines.every((line) => line.length <= 104));
  assert.equal(text.replace(/\s+/g, " ").includes(words), true);
  assert.equal(lines.at(-2), "genre  folk");
});
