import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultColorBy, heatmapData, mapData } from "../../../src/charts/data";
import { packValues, unpackValues } from "../../../src/charts/payload";
import { trianglePlace } from "../../../src/protocol/triangle";
import { heatmapPixels, heatmapRange } from "../../../src/charts/pixels";
import { evenSample } from "../../../src/charts/sample";
import { fitText, shorten, textWidth } from "../../../src/charts/text";
import { resultOf } from "../../page/fixtures";

const pictures = () => resultOf({ kind: "pictures", count: 30, labels: ["a", "b", "c"] });

test("points are coloured by label when there are labels, else by cluster, else not at all", () => {
  assert.equal(defaultColorBy(pictures()), "label");
  assert.equal(defaultColorBy(resultOf({ kind: "lines", count: 30, clusters: 3 })), "cluster");
  assert.equal(defaultColorBy(resultOf({ kind: "lines", count: 30 })), "none");
});

test("a label that all items have gives no colours, one that some have does", () => {
  const alike = resultOf({ kind: "pictures", count: 30, labels: ["a"] });
  assert.equal(defaultColorBy(alike), "none");
  assert.equal(
    defaultColorBy({ ...alike, cluster: resultOf({ kind: "lines", count: 30, clusters: 3 }).cluster }),
    "cluster",
  );
  alike.items.label[4] = -1;
  assert.equal(defaultColorBy(alike), "label");
});

test("items without a label come last, in a category of their own", () => {
  const result = pictures();
  result.items.label[4] = -1;
  const data = mapData(result, "label");
  assert.deepEqual(
    data.categories.map(({ name, kind, count }) => [name, kind, count]),
    [
      ["a", "named", 9],
      ["b", "named", 10],
      ["c", "named", 10],
      ["(no label)", "none", 1],
    ],
  );
  assert.equal(data.category[4], 3);
});

test("noise is the last category of clusters", () => {
  const data = mapData(resultOf({ kind: "lines", count: 60, clusters: 4 }), "cluster");
  assert.equal(data.categories.at(-1)!.kind, "noise");
  assert.equal(data.colorTitle, "Cluster");
  assert.equal(
    data.categories.reduce((sum, { count }) => sum + count, 0),
    60,
  );
});

test("a large map becomes a sample that is always the same, with the right points", () => {
  const result = resultOf({ kind: "lines", count: 2_000 });
  const data = mapData(result, "none", { title: "", limit: 500 });
  assert.equal(data.index.length, 500);
  assert.equal(data.total, 2_000);
  assert.deepEqual(data.index, mapData(result, "none", { title: "", limit: 500 }).index);
  assert.equal(data.x[17], result.x[data.index[17]!]);
});

test("a sample is ascending, without repeats, and spread over the whole", () => {
  const sample = evenSample(10_000, 1_000);
  assert.equal(new Set(sample).size, 1_000);
  assert.deepEqual(sample, sample.slice().sort());
  for (let tenth = 0; tenth < 10; tenth++) {
    const inside = sample.filter((i) => Math.floor(i / 1_000) === tenth).length;
    assert.ok(inside > 60 && inside < 140, `${inside} of 1,000 in tenth ${tenth}`);
  }
});

const matrix = {
  index: Int32Array.of(0, 1, 2),
  triangle: Float32Array.of(1, 0.2, -0.3, 1, 0.6, 1),
  total: 3,
  metric: "cosine" as const,
};

test("the colours of a heatmap span the smallest off-diagonal value to 1, or -1 to 1 when asked", () => {
  const data = heatmapData(matrix, ["a", "b", "c"]);
  assert.deepEqual(heatmapRange(data), [-0.3, 1]);
  assert.deepEqual(heatmapRange(data, true), [-1, 1]);
  assert.deepEqual(heatmapRange({ ...data, metric: "dot" }, true), [-0.3, 1]);
});

test("a heatmap of one item or of equal items still has a range", () => {
  for (const n of [0, 1, 2]) {
    const [low, high] = heatmapRange({
      index: new Int32Array(n),
      values: new Float32Array(n * n).fill(1),
      metric: "cosine",
    });
    assert.ok(low < high, `${n}: ${low} ${high}`);
  }
});

test("a pixel of a heatmap has the colour of its value", () => {
  const data = heatmapData(matrix, ["a", "b", "c"]);
  const pixels = heatmapPixels(data, heatmapRange(data));
  assert.deepEqual([...pixels.subarray(0, 4)], [0xb4, 0x04, 0x26, 255]);
  assert.deepEqual([...pixels.subarray(8, 12)], [0x3b, 0x4c, 0xc0, 255]);
});

test("packed values come back within a 16-bit step", () => {
  const value = unpackValues(packValues(matrix.triangle), 3);
  for (let row = 0; row < 3; row++) {
    for (let col = 0; col < 3; col++) {
      assert.ok(Math.abs(value(row, col) - matrix.triangle[trianglePlace(3, row, col)]!) < 1.3 / 65535);
    }
  }
});

test("a long text is one line that ends in an ellipsis, and never in half a letter", () => {
  assert.equal(shorten("  one\n two\tthree ", 40), "one two three");
  assert.equal(shorten("one two three", 8), "one two…");
  assert.equal(shorten("😀😀😀😀", 3), "😀😀…");
  const cut = fitText("a rather long line of text", 60, 12);
  assert.ok(cut.endsWith("…") && textWidth(cut.slice(0, -1), 12) <= 60, cut);
  assert.equal(fitText("short", 100, 12), "short");
});
