import assert from "node:assert/strict";
import { test } from "node:test";
import { coloring } from "../../../src/charts/coloring";
import { heatmapData } from "../../../src/charts/data";
import { heatmapGroups } from "../../../src/charts/groups";
import { heatmapSpec } from "../../../src/charts/heatmap";
import { cellsAt, heatmapBounds, heatmapLayout } from "../../../src/charts/heatmap-layout";
import { categoryStyles } from "../../../src/charts/map";
import { DARK_THEME, LIGHT_THEME } from "../../../src/charts/theme";
import { resultOf } from "../../page/fixtures";
import { markIn, toSvg } from "../../support/svg";

const made = resultOf({ kind: "lines", count: 6, labels: ["bird", "cat"] });
const result = { ...made, items: { ...made.items, label: Int32Array.of(1, -1, 0, 1, 0, -1) } };
const ordered = Int32Array.of(2, 4, 0, 3, 1, 5);

/** A heatmap of the items in the order of their labels. */
function heatmapOf(names: readonly [string, string], count = 6) {
  const labels = [...names];
  const { items, ...rest } = resultOf({ kind: "lines", count, labels });
  const index = Int32Array.from({ length: count }, (_, i) => i);
  const triangle = new Float32Array((count * (count + 1)) / 2);
  const matrix = { index, triangle, total: count, metric: "cosine" as const };
  const texts = Array.from(index, (i) => `line ${i}`);
  return heatmapData(matrix, texts, { title: "t", groups: heatmapGroups({ ...rest, items }, index, "label") });
}

const drawn = (data: ReturnType<typeof heatmapOf>, theme = LIGHT_THEME, size = { width: 800, height: 600 }) =>
  toSvg(heatmapSpec(data, { theme, ...size, image: "" }));

test("rows of one label are a group with its name and colour; items without one are the last", () => {
  const { runs, categories } = heatmapGroups(result, ordered, "label")!;
  assert.deepEqual(
    runs.map(({ name, from, to, size }) => [name, from, to, size]),
    [
      ["bird", 0, 2, 2],
      ["cat", 2, 4, 2],
      ["(no label)", 4, 6, 2],
    ],
  );
  assert.deepEqual(categories, coloring(result, "label").categories);
  assert.deepEqual(
    runs.map(({ category }) => categories[category]!.name),
    ["bird", "cat", "(no label)"],
  );
});

test("a group knows how many items it has where a sample of them is drawn", () => {
  const { runs } = heatmapGroups(result, Int32Array.of(2, 0, 3), "label")!;
  assert.deepEqual(
    runs.map(({ from, to, size }) => [to - from, size]),
    [
      [1, 2],
      [2, 2],
    ],
  );
});

test("a group that a filter leaves out keeps its place among the colours, so that it can be brought back", () => {
  const kept = Uint8Array.from(result.items.label, (label) => (result.items.labels[label] === "cat" ? 0 : 1));
  const rows = ordered.filter((item) => kept[item] === 1);
  const { runs, categories, colorTitle } = heatmapGroups(result, rows, "label", kept)!;
  assert.equal(colorTitle, "Label");
  assert.deepEqual(
    runs.map(({ name, size }) => [name, size]),
    [
      ["bird", 2],
      ["(no label)", 2],
    ],
  );
  assert.deepEqual(
    categories.filter(({ kind }) => kind !== "out").map(({ name, count, of }) => [name, count, of]),
    [
      ["bird", 2, 2],
      ["cat", 0, 2],
      ["(no label)", 2, 2],
    ],
  );
});

test("other orders have no groups, nor has one by clusters that there are none of", () => {
  for (const order of ["given", "similarity", "cluster"] as const) {
    assert.equal(heatmapGroups(result, ordered, order), null);
  }
  const cluster = Int32Array.of(0, 0, 0, 0, 0, -1);
  const clusters = [{ id: 0, size: 5, label: "waves", exemplar: 0, silhouette: 0 }];
  const { runs } = heatmapGroups({ ...result, cluster, clusters }, Int32Array.of(0, 1, 2, 3, 4, 5), "cluster")!;
  assert.deepEqual(
    runs.map(({ name, to }) => [name, to]),
    [
      ["waves", 5],
      ["(noise)", 6],
    ],
  );
});

test("labels beyond those with a colour keep their names, in the colour of the others", () => {
  const many = resultOf({ kind: "lines", count: 77, labels: Array.from({ length: 77 }, (_, i) => `intent ${i}`) });
  const index = Int32Array.from({ length: 77 }, (_, i) => i);
  const { runs, categories } = heatmapGroups(many, index, "label")!;
  assert.equal(runs.length, 77);
  assert.equal(runs[76]!.name, "intent 76");
  assert.equal(categories[runs[76]!.category]!.kind, "other");
});

for (const theme of [LIGHT_THEME, DARK_THEME]) {
  test(`bands on both sides have the colours of the map's legend in ${theme.shade} colours, and names`, async () => {
    const data = heatmapOf(["bird", "cat"]);
    const svg = await drawn(data, theme);
    for (const band of ["groupRows", "groupColumns"]) {
      const colors = Array.from(markIn(svg, band).matchAll(/fill="(#[0-9a-f]+)"/g), ([, color]) => color);
      assert.deepEqual(
        colors,
        categoryStyles(data.groups!.categories, theme).map(({ color }) => color),
      );
    }
    for (const name of ["bird", "cat"]) assert.equal(svg.split(`>${name}<`).length - 1, 2, name);
  });
}

test("a name that its band has no room for is cut, and left out where little of it would be read", async () => {
  const long = "everything about the weather of the day";
  const cut = await drawn(heatmapOf([long, "cat"]), LIGHT_THEME, { width: 420, height: 420 });
  assert.ok(!cut.includes(`>${long}<`));
  assert.match(cut, />every[a-z ]*…</);
  const { runs: _, ...groups } = heatmapOf(["a", "b"]).groups!;
  const runs = Array.from({ length: 6 }, (_, i) => ({ name: long, from: i, to: i + 1, category: i % 2, size: 1 }));
  const none = await drawn({ ...heatmapOf(["a", "b"]), groups: { ...groups, runs } }, LIGHT_THEME, {
    width: 220,
    height: 220,
  });
  assert.doesNotMatch(markIn(none, "groupColumnNames"), />[^<]+<\/text>/);
});

test("thin lines part the groups, but none where groups are so narrow that lines would hide the cells", async () => {
  const lines = async (count: number, runs: number): Promise<string> => {
    const data = heatmapOf(["a", "b"], count);
    const width = count / runs;
    const list = Array.from({ length: runs }, (_, i) => ({
      ...{ name: `g${i}`, from: i * width, to: (i + 1) * width },
      ...{ category: i % 2, size: width },
    }));
    return markIn(await drawn({ ...data, groups: { ...data.groups!, runs: list } }), "groupRowLines");
  };
  assert.match(await lines(120, 3), /stroke-opacity="1"|stroke="#ffffff"(?![^>]*stroke-opacity)/);
  assert.doesNotMatch(await lines(120, 120), /stroke="#ffffff"(?![^>]*stroke-opacity="0")/);
});

test("a place is a cell, the label of a row or column, or a band between them", () => {
  const layout = heatmapLayout(heatmapOf(["a", "b"]), { theme: LIGHT_THEME, width: 800, height: 600 });
  const at = (x: number, y: number) => cellsAt({ x, y }, heatmapBounds(6), layout, 6);
  const middle = layout.width / 12;
  assert.ok(layout.groups > 0);
  assert.deepEqual(at(middle, 3 * middle), { row: 1, col: 0, on: "cell" });
  assert.deepEqual(at(-2, 3 * middle), { row: 1, col: 1, on: "group" });
  assert.deepEqual(at(3 * middle, -2), { row: 1, col: 1, on: "group" });
  assert.deepEqual(at(-layout.groups - 2, 3 * middle), { row: 1, col: 1, on: "row" });
  assert.deepEqual(at(3 * middle, layout.height + 2), { row: 1, col: 1, on: "column" });
  assert.equal(at(3 * middle, -layout.groups - 2), null);
});
