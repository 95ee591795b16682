import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import { exportCsv } from "../../../src/export";
import { HOSTILE, resultOf } from "./fixture";

const rowsOf = (csv: string): Record<string, string>[] =>
  parse(csv, { columns: true, record_delimiter: "\r\n" }) as unknown as Record<string, string>[];

test("a map of lines has its fixed columns; a run without clusters leaves that one empty", () => {
  assert.equal(
    exportCsv(resultOf(["one", "two"]), ["one", "two"]),
    "id,label,path,line,text,x,y,cluster\r\nnotes.txt:1,,notes.txt,1,one,0.1,-0.5,\r\nnotes.txt:2,,notes.txt,2,two,1.1,-0.25,\r\n",
  );
});

test("rows, three dimensions and clusters have their columns", () => {
  const base = resultOf(["a", "b"], { z: Float32Array.of(5, 6), cluster: Int32Array.of(3, -1) });
  const items = { ...base.items, placeKind: "row" as const, labels: ["cat", "dog"], label: Int32Array.of(1, 0) };
  const csv = exportCsv({ ...base, items }, ["a", "b"]);
  assert.equal(csv.split("\r\n")[0], "id,label,path,row,text,x,y,z,cluster");
  assert.deepEqual(rowsOf(csv)[1], {
    id: "notes.txt:2",
    label: "cat",
    path: "notes.txt",
    row: "2",
    text: "b",
    x: "1.1",
    y: "-0.25",
    z: "6",
    cluster: "-1",
  });
});

test("the figures of single items stand after the rest, empty where they were not measured", () => {
  const quality = { k: 1, trustworthiness: 0.5, continuity: 0.5, neighborsKept: 0.5, sample: 2 };
  const points = {
    trustworthiness: Float32Array.of(0.25, 0.75),
    continuity: Float32Array.of(1, NaN),
    distanceCorrelation: Float32Array.of(-0.5, 0.5),
  };
  const csv = (change: object): string =>
    exportCsv(resultOf(["a", "b"], { quality: { ...quality, points: { ...points, ...change } } }), ["a", "b"]);
  assert.match(csv({}), /cluster,trustworthiness,continuity,distanceCorrelation\r\n/);
  assert.match(csv({}), /,,0\.25,1,-0\.5\r\n.*,,0\.75,,0\.5\r\n$/);
  assert.match(csv({ kept: Float32Array.of(0.1, 1) }), /neighborsKept\r\n.*,0\.1\r\n/);
});

test("quotes, commas, line ends and umlauts survive a CSV reader", () => {
  const texts = ['say "hi", you', "two\nlines", "two\r\nlines", "Käse, 你好", " blanks ", '""'];
  assert.deepEqual(
    rowsOf(exportCsv(resultOf(texts), texts)).map((row) => row["text"]),
    texts,
  );
});

test("a cell that a spreadsheet would run as a formula starts with an apostrophe, plain numbers do not", () => {
  const texts = [...HOSTILE, "=1+1", "+49 30 1", "-item", "@me", "\tx", "\rx", "-5.5", "+3e7", "- ", "a=b"];
  const written = rowsOf(exportCsv(resultOf(texts), texts)).map((row) => row["text"]!);
  for (const cell of written) assert.ok(!/^[=+\-@\t\r]/.test(cell) || /^[-+][\d.e]+$/.test(cell), cell);
  assert.deepEqual(
    written.slice(-9),
    ["'=1+1", "'+49 30 1", "'-item", "'@me", "'\tx", "'\rx", "-5.5", "+3e7", "'- ", "a=b"].slice(1),
  );
});

test("labels and paths are guarded like texts", () => {
  const base = resultOf(["a"]);
  const items = { ...base.items, labels: ["=cmd()"], label: Int32Array.of(0), paths: ["@x.txt"] };
  const [row] = rowsOf(exportCsv({ ...base, items }, ["a"]));
  assert.deepEqual([row!["id"], row!["label"], row!["path"]], ["'@x.txt:1", "'=cmd()", "'@x.txt"]);
});

test("vectors alone have empty coordinates, so the header never changes", () => {
  const none = new Float32Array(0);
  const csv = exportCsv(resultOf(["a"], { x: none, y: none }), ["a"]);
  assert.equal(csv, "id,label,path,line,text,x,y,cluster\r\nnotes.txt:1,,notes.txt,1,a,,,\r\n");
});
