import assert from "node:assert/strict";
import { test } from "node:test";
import { heatmapData, mapData } from "../../../src/charts/data";
import { heatmapGroups } from "../../../src/charts/groups";
import { heatmapSpec } from "../../../src/charts/heatmap";
import { heatmapLayout, type HeatmapLayout } from "../../../src/charts/heatmap-layout";
import { mapLayout, mapSpec } from "../../../src/charts/map";
import { textWidth } from "../../../src/charts/text";
import { categoryStyle } from "../../../src/charts/palette";
import { DARK_THEME, LIGHT_THEME } from "../../../src/charts/theme";
import { turned } from "../../../src/charts/turn";
import { resultOf } from "../../page/fixtures";
import { toSvg } from "../../support/svg";

const HOSTILE = ["datum.x", "data('points')", "${1}", "<img src=x>", "{signal: 'width'}"];
const size = { width: 800, height: 500 };

/** Every string of the spec that Vega reads as an expression. */
function expressions(value: unknown, key = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => expressions(one, key));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, field]) =>
      name === "values" && Array.isArray(field) ? [] : expressions(field, name),
    );
  }
  return typeof value === "string" && ["signal", "update", "expr", "test", "init", "events"].includes(key)
    ? [value]
    : [];
}

test("a map draws its points, title, axes and legend, without a browser", async () => {
  const data = mapData(resultOf({ kind: "pictures", count: 40, labels: ["bird", "cat"] }), "label", {
    title: "Map of x",
  });
  const svg = await toSvg(mapSpec(data, { theme: LIGHT_THEME, ...size, legend: true, selected: [3] }));
  assert.match(svg, /width="800"/);
  for (const text of ["Map of x", "UMAP 1", "UMAP 2", "bird", "cat", "Label"])
    assert.ok(svg.includes(`>${text}<`), text);
  const points = /<g class="mark-symbol role-mark pointMarks"[^]*?<\/g>/.exec(svg)?.[0] ?? "";
  assert.equal(points.split("<path ").length - 1, 40);
});

test("a turned map shows its depth in a file: near points large in their colour, far ones small and pale", async () => {
  const flat = resultOf({ kind: "lines", count: 40 });
  const deep = mapData({ ...flat, z: flat.x.map((_, i) => i) }, "none");
  const data = turned(deep, { yaw: 0, pitch: 0 });
  const svg = await toSvg(mapSpec(data, { theme: LIGHT_THEME, ...size }));
  const points = /<g class="mark-symbol role-mark pointMarks"[^]*?<\/g>/.exec(svg)?.[0] ?? "";
  const marks = Array.from(points.matchAll(/d="M([\d.]+),0A[^>]*fill="([^"]*)"/g), ([, radius, fill]) => [
    radius,
    fill,
  ]);
  const [[far, pale], [near, own]] = [marks[0]!, marks.at(-1)!];
  assert.ok(Number(near) > 1.5 * Number(far), `radii ${far} and ${near}`);
  assert.equal(own, categoryStyle(0, "light").color);
  assert.notEqual(pale, own);
});

test("axes of PCA have numbers, those of UMAP have none", async () => {
  for (const [method, numbers] of [
    ["pca", true],
    ["umap", false],
  ] as const) {
    const data = mapData(resultOf({ kind: "lines", count: 40, method }), "none");
    const svg = await toSvg(mapSpec(data, { theme: DARK_THEME, ...size }));
    assert.equal(/role-axis-label"[^>]*><text/.test(svg), numbers, method);
  }
});

test("a heatmap draws its image, labels, colour bar and title", async () => {
  const texts = ["one", "two", "three"];
  const matrix = {
    index: Int32Array.of(0, 1, 2),
    triangle: new Float32Array(6).fill(0.5),
    total: 3,
    metric: "cosine" as const,
  };
  const data = heatmapData(matrix, texts, { title: "Similarity of x" });
  const src = "data:image/png;base64,AA==";
  const svg = await toSvg(heatmapSpec(data, { theme: LIGHT_THEME, ...size, image: { src, width: 3, height: 3 } }));
  assert.ok(svg.includes(src));
  for (const text of ["Similarity of x", "Similarity"]) assert.ok(svg.includes(`>${text}<`), text);
  for (const text of texts) assert.equal(svg.split(`>${text}<`).length - 1, 2, `${text} names a row and a column`);
});

test("as many labels as fit: every step-th line of a large heatmap", async () => {
  const n = 300;
  const matrix = {
    index: Int32Array.from({ length: n }, (_, i) => i),
    triangle: new Float32Array((n * (n + 1)) / 2),
    total: n,
    metric: "cosine" as const,
  };
  const data = heatmapData(
    matrix,
    Array.from({ length: n }, (_, i) => `line ${i}`),
  );
  const svg = await toSvg(heatmapSpec(data, { theme: LIGHT_THEME, ...size, image: "" }));
  const rows = new Set(svg.match(/>line \d+</g));
  assert.ok(rows.size >= 20 && rows.size <= 45, `${rows.size} labels`);
});

test("a long title of a narrow map is cut where its bold letters would leave the picture", () => {
  const data = mapData(resultOf({ kind: "lines", count: 5 }), "none", { title: "Map of a file with a long name.csv" });
  const wide = { theme: DARK_THEME, width: 2 * textWidth(data.title, 14), height: 300, legend: false };
  assert.equal((mapSpec(data, wide).title as { text: string }).text, data.title);
  const plot = 1.05 * textWidth(data.title, 14);
  const narrow = { ...wide, width: wide.width - mapLayout(data, wide).width + plot };
  assert.match((mapSpec(data, narrow).title as { text: string }).text, /^Map of a .*…$/);
});

test("a title of a map has the room over the legend too", async () => {
  const fixture = { kind: "lines", count: 20, labels: ["a rather long name of a label", "b"] } as const;
  const data = mapData(resultOf({ ...fixture, labels: [...fixture.labels] }), "label", {
    title: "Map of a long name.csv",
  });
  const options = { theme: DARK_THEME, width: 28 + 1.2 * textWidth(data.title, 14) + 12, height: 300, legend: true };
  assert.ok(mapLayout(data, options).width < textWidth(data.title, 14), "the plot alone has not enough");
  assert.equal((mapSpec(data, options).title as { text: string }).text, data.title);
  assert.match(await toSvg(mapSpec(data, options)), />Map of a long name\.csv</);
});

test("a long title of a narrow heatmap begins left of the cells and is not cut", async () => {
  const matrix = { index: Int32Array.of(0, 1), triangle: new Float32Array(3), total: 2, metric: "cosine" as const };
  const title = "Similarity of all my sentences.txt";
  const data = heatmapData(matrix, ["a line that is rather long", "another line that is"], { title });
  const options = { theme: LIGHT_THEME, width: 350, height: 520, image: "" };
  const { width, padding } = heatmapLayout(data, options);
  assert.ok(textWidth(title, 14) > width + padding.right, "else there is nothing to test");
  const svg = await toSvg(heatmapSpec(data, options));
  assert.ok(svg.includes(`>${title}<`));
  const cut = heatmapData(matrix, ["a", "b"], { title: title.repeat(4) });
  assert.match(await toSvg(heatmapSpec(cut, options)), />Similarity of [^<]*…</);
});

test("room beside the square goes to the labels of rows, room below it to those of columns", () => {
  const data = { labels: ["a long label of an item, which is read as a whole"], title: "t" };
  const [wide, high] = [
    { width: 1_200, height: 500 },
    { width: 350, height: 900 },
  ].map((shape) => heatmapLayout(data, { theme: LIGHT_THEME, ...shape })) as [HeatmapLayout, HeatmapLayout];
  const whole = textWidth(data.labels[0]!, LIGHT_THEME.fontSize - 1);
  assert.ok(wide.rowLabels >= whole && wide.columnLabels < whole);
  assert.ok(high.columnLabels >= whole && high.rowLabels < whole);
});

test("texts of the data never stand in an expression", () => {
  const result = resultOf({ kind: "pictures", count: 40, labels: HOSTILE });
  result.axes = [HOSTILE[0]!, HOSTILE[1]!];
  const map = mapSpec(mapData(result, "label", { title: HOSTILE[4]! }), { theme: LIGHT_THEME, ...size, legend: true });
  const n = HOSTILE.length;
  const matrix = {
    index: Int32Array.from({ length: n }, (_, i) => i),
    triangle: new Float32Array((n * (n + 1)) / 2),
    total: n,
    metric: "cosine" as const,
  };
  const groups = heatmapGroups(result, matrix.index, "label");
  assert.ok(groups?.runs.some(({ name }) => name === HOSTILE[0]));
  const heatmap = heatmapSpec(heatmapData(matrix, HOSTILE, { title: HOSTILE[2]!, groups }), {
    theme: LIGHT_THEME,
    ...size,
    image: "",
  });
  const found = [...expressions(map), ...expressions(heatmap)];
  assert.ok(found.length > 5);
  const plain = mapSpec(
    mapData(resultOf({ kind: "pictures", count: 40, labels: ["a", "b", "c", "d", "e"] }), "label"),
    {
      theme: LIGHT_THEME,
      ...size,
      legend: true,
    },
  );
  assert.deepEqual(expressions(map), expressions(plain));
  for (const text of HOSTILE) assert.ok(!found.includes(text), text);
});

test("the picture is as large as asked, whatever stands around the plot", () => {
  const data = mapData(resultOf({ kind: "pictures", count: 40, labels: ["a", "b"] }), "label", { title: "t" });
  const map = mapLayout(data, { theme: LIGHT_THEME, ...size, legend: true });
  assert.equal(map.padding.left + map.width + map.padding.right, size.width);
  for (const shape of [size, { width: 420, height: 600 }]) {
    const { padding, width, height } = heatmapLayout(
      { labels: ["a long label here"], title: "t" },
      { theme: LIGHT_THEME, ...shape },
    );
    assert.equal(padding.left + width + padding.right, shape.width);
    assert.equal(padding.top + height + padding.bottom, shape.height);
  }
});
