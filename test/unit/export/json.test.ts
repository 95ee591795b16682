import assert from "node:assert/strict";
import { test } from "node:test";
import { exportJson, jsonText } from "../../../src/export";
import { LensError } from "../../../src/protocol/errors";
import { parseRecipe } from "../../../src/protocol/recipe";
import { HOSTILE, matrixOf, resultOf } from "./fixture";

const textOf = (...args: Parameters<typeof jsonText>): string => [...jsonText(...args)].join("");

test("the text is the value: a map with clusters, labels and what was left out", () => {
  const result = resultOf(["one", "two"], {
    cluster: Int32Array.of(0, -1),
    clusters: [{ id: 0, size: 1, label: "one", exemplar: 0 }],
    quality: { k: 1, trustworthiness: 2 / 3, continuity: 1, neighborsKept: 0.5, sample: 2 },
    skipped: [{ path: "notes.txt", place: 3, reason: "no known word" }],
    warnings: ["Few items."],
  });
  const file = exportJson(result, { texts: ["one", "two"] });
  assert.deepEqual(JSON.parse(textOf(result, { texts: ["one", "two"] })), file);
  assert.deepEqual(file, {
    version: 1,
    recipe: result.recipe,
    model: { id: "glove-100d", dims: 100, tensor: "mean" },
    items: [
      { id: "notes.txt:1", label: null, path: "notes.txt", line: 1, text: "one" },
      { id: "notes.txt:2", label: null, path: "notes.txt", line: 2, text: "two" },
    ],
    x: [0.1, 1.1],
    y: [-0.5, -0.25],
    cluster: [0, -1],
    clusters: [{ id: 0, size: 1, label: "one", exemplar: 0 }],
    quality: { k: 1, trustworthiness: 0.6666667, continuity: 1, neighborsKept: 0.5, sample: 2 },
    skipped: [{ path: "notes.txt", line: 3, reason: "no known word" }],
    warnings: ["Few items."],
    notes: [],
    timings: result.timings,
  });
});

test("numbers carry seven significant digits", () => {
  const x = Float32Array.of(1 / 3, 1e-12 / 3, 123456789);
  const file = exportJson(resultOf(["a", "b", "c"], { x }), { texts: null });
  assert.deepEqual(file.x, [0.3333333, 3.333333e-13, 123456800]);
});

test("a value that is not a number is a fault of ours, never NaN in a file", () => {
  const result = resultOf(["a"], { x: Float32Array.of(NaN) });
  assert.throws(
    () => textOf(result, { texts: null }),
    (error) => error instanceof LensError && error.reason === "internal",
  );
});

test("the figures of single items are a field of their own, null where they were not measured", () => {
  const points = {
    trustworthiness: Float32Array.of(1 / 3, 1),
    continuity: Float32Array.of(1, 1),
    distanceCorrelation: Float32Array.of(NaN, -0.5),
    kept: Float32Array.of(0.2, NaN),
  };
  const quality = { k: 1, trustworthiness: 2 / 3, continuity: 1, neighborsKept: 0.5, sample: 2, points };
  const file = exportJson(resultOf(["a", "b"], { quality }), { texts: null });
  assert.deepEqual(file.points, {
    trustworthiness: [0.3333333, 1],
    continuity: [1, 1],
    distanceCorrelation: [null, -0.5],
    neighborsKept: [0.2, null],
  });
  assert.ok(file.quality && !("points" in file.quality));
  assert.deepEqual(JSON.parse(textOf(resultOf(["a", "b"], { quality }), { texts: null })), file);
});

test("rows, pictures and ready ids stand as what they are", () => {
  const base = resultOf(["a", "b"]);
  const rows = {
    ...base.items,
    placeKind: "row" as const,
    ids: ["x7", "x9"],
    labels: ["cat"],
    label: Int32Array.of(0, -1),
  };
  assert.deepEqual(exportJson({ ...base, items: rows }, { texts: ["a", "b"] }).items, [
    { id: "x7", label: "cat", path: "notes.txt", row: 1, text: "a" },
    { id: "x9", label: null, path: "notes.txt", row: 2, text: "b" },
  ]);
  const pictures = {
    ...base.items,
    kind: "image" as const,
    placeKind: "none" as const,
    paths: ["p/a.jpg", "p/b.jpg"],
    path: Int32Array.of(0, 1),
  };
  assert.deepEqual(exportJson({ ...base, items: pictures }, { texts: null }).items, [
    { id: "p/a.jpg", label: null, path: "p/a.jpg" },
    { id: "p/b.jpg", label: null, path: "p/b.jpg" },
  ]);
});

test("a matrix and vectors are lists of rows; a run without a map has no coordinates", () => {
  const result = resultOf(["a", "b"], { x: new Float32Array(0), y: new Float32Array(0) });
  const file = exportJson(result, {
    texts: null,
    matrix: matrixOf(2),
    vectors: { rows: 2, cols: 3, data: Float32Array.of(1, 2, 3, 4, 5, 6) },
  });
  assert.deepEqual(file.matrix, [
    [1, 0.5],
    [0.5, 1],
  ]);
  assert.deepEqual(file.vectors, [
    [1, 2, 3],
    [4, 5, 6],
  ]);
  assert.ok(!("x" in file) && !("z" in file) && !("cluster" in file));
});

test("two runs differ in the line of the timings only", () => {
  const first = textOf(resultOf(["a"]), { texts: ["a"] }).split("\n");
  const other = resultOf(["a"]);
  const second = textOf({ ...other, timings: { ...other.timings, total: 99 } }, { texts: ["a"] }).split("\n");
  const differing = first.flatMap((line, i) => (line === second[i] ? [] : [i]));
  assert.deepEqual(differing, [first.length - 3]);
  assert.match(first.at(-3)!, /^ {2}"timings": /);
});

test("hostile texts and lone surrogates come back as they went in", () => {
  const texts = [...HOSTILE, "\ud800 alone", "tab\tnew\nline"];
  const text = textOf(resultOf(texts), { texts });
  assert.ok(Buffer.from(text).toString() === text, "the text is valid UTF-8");
  const file = JSON.parse(text) as ReturnType<typeof exportJson>;
  assert.deepEqual(
    file.items.map((item) => item.text),
    texts,
  );
});

test("the recipe in a file can be run again", () => {
  const result = resultOf(["a"], {}, { reduce: { method: "pca", dims: 3 }, seed: 7 });
  const file = JSON.parse(textOf(result, { texts: null })) as { recipe: unknown };
  assert.deepEqual(parseRecipe(file.recipe), result.recipe);
});
