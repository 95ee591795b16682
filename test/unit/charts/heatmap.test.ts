import assert from "node:assert/strict";
import { test } from "node:test";
import { heatmapData } from "../../../src/charts/data";
import { heatmapSpec, selectedRuns } from "../../../src/charts/heatmap";
import { LIGHT_THEME } from "../../../src/charts/theme";
import { markIn, toSvg } from "../../support/svg";
import { matrixOf } from "../export/fixture";

test("selected rows that lie together are one run, in any order; few of them have lines around them", () => {
  assert.deepEqual(selectedRuns([7, 3, 4, 4, 12]), [
    { from: 3, to: 5, lined: true },
    { from: 7, to: 8, lined: true },
    { from: 12, to: 13, lined: true },
  ]);
  assert.deepEqual(selectedRuns([]), []);
  const scattered = selectedRuns(Array.from({ length: 30 }, (_, i) => 2 * i));
  assert.equal(scattered.length, 30);
  assert.ok(scattered.every(({ lined }) => !lined));
});

test("a selected row that is thinner than two pixels has one line in place of a frame", async () => {
  /** Width and height of the frame around the second row. */
  const frameOf = async (rows: number): Promise<number[]> => {
    const data = heatmapData(matrixOf(rows), Array.from({ length: rows }, String), { title: "" });
    const look = { theme: LIGHT_THEME, width: 600, height: 500, image: "", range: [0, 1] as [number, number] };
    const svg = await toSvg(heatmapSpec(data, { ...look, selected: [1] }));
    return (/d="M[^h]*h([\d.]+)v([\d.]+)/.exec(markIn(svg, "rowsLines")) ?? []).slice(1).map(Number);
  };
  assert.ok((await frameOf(20))[1]! > 10);
  const [width, height] = await frameOf(1_000);
  assert.ok(width! > 100);
  assert.equal(height, 0);
});
