import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { lineRanges, locate, newRecipe, sourceName, textKind } from "../../../src/extension/sources";

const selection = (from: number, to: number, character = 5) => ({
  start: { line: from },
  end: { line: to, character },
  isEmpty: from === to && character === 0,
});

describe("locate", () => {
  it("starts a single file from its folder", () => {
    assert.deepEqual(locate(["/data/mail.csv"], path.posix), { base: "/data", paths: ["mail.csv"] });
  });
  it("starts several from the deepest folder that holds them all", () => {
    const found = locate(["/data/a/x.jpg", "/data/b/c/y.jpg", "/data/a"], path.posix);
    assert.deepEqual(found, { base: "/data", paths: ["a/x.jpg", "b/c/y.jpg", "a"] });
  });
  it("does not take a folder whose name only starts alike for a parent", () => {
    assert.deepEqual(locate(["/data/cat/1", "/data/cats/2"], path.posix).base, "/data");
    assert.deepEqual(locate(["/data/..a/1", "/data/..a/2"], path.posix), { base: "/data/..a", paths: ["1", "2"] });
  });
  it("writes forward slashes on Windows and keeps another drive absolute", () => {
    assert.deepEqual(locate(["C:\\d\\a\\x.jpg", "C:\\d\\y.jpg"], path.win32).paths, ["a/x.jpg", "y.jpg"]);
    assert.deepEqual(locate(["C:\\a\\x.jpg", "D:\\y.jpg"], path.win32).paths[1], "D:/y.jpg");
  });
});

describe("lineRanges", () => {
  it("is the whole document when nothing is selected", () => {
    assert.equal(lineRanges([selection(3, 3, 0)]), null);
  });
  it("counts from 1 and leaves out a last line that is only touched", () => {
    assert.deepEqual(lineRanges([selection(0, 4, 0)]), [[1, 4]]);
    assert.deepEqual(lineRanges([selection(0, 4, 1)]), [[1, 5]]);
  });
  it("takes several selections and cursors, in order and without doubles", () => {
    const selections = [selection(9, 9, 0), selection(2, 4), selection(4, 5), selection(0, 0, 0)];
    assert.deepEqual(lineRanges(selections), [
      [1, 1],
      [3, 6],
      [10, 10],
    ]);
  });
});

describe("textKind", () => {
  it("cuts a text into lines, Markdown into paragraphs, and takes folders and several files whole", () => {
    assert.equal(textKind(["a.TXT"], false), "lines");
    assert.equal(textKind(["a.MD"], false), "paragraphs");
    assert.equal(textKind(["a.md", "b.md"], false), "files");
    assert.equal(textKind(["notes"], true), "files");
  });
});

describe("sourceName", () => {
  const name = (paths: string[]) => sourceName(newRecipe({ kind: "files", paths }, "glove-100d"), "/home/me/data");
  it("is the last part of the first path, and the number of others", () => {
    assert.equal(name(["a/b/mail.csv"]), "mail.csv");
    assert.equal(name(["cats", "dogs", "birds"]), "cats and 2 more");
    assert.equal(name(["."]), "data");
  });
});
