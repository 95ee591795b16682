import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { coloring } from "../../../src/charts/coloring";
import { comparedMaps, sameSize } from "../../../src/charts/compare";
import { fieldOf, shareNeighbors } from "../../../src/charts/fields";
import { keptBy } from "../../../src/charts/filter";
import { besideSvg } from "../../../src/charts/svg";
import { comparisonOf, resultOf } from "../../page/fixtures";

const result = resultOf({ kind: "lines", count: 100, labels: ["a", "b"] });
const comparison = comparisonOf(result, "other", 4);
const radius = ([x, y]: readonly Float32Array[]): number => {
  const mean = (axis: Float32Array): number => axis.reduce((sum, value) => sum + value, 0) / axis.length;
  return Math.sqrt(x!.reduce((sum, value, i) => sum + (value - mean(x!)) ** 2 + (y![i]! - mean(y!)) ** 2, 0));
};

describe("the maps of two models", () => {
  test("have the items that both know, in the same order and colours, and one size", () => {
    const { first, second, frame } = comparedMaps(result, comparison, "label");
    assert.deepEqual([...first.index], [...comparison.index]);
    assert.deepEqual(second.index, first.index);
    assert.deepEqual(second.category, first.category);
    assert.equal(first.x[0], result.x[4]);
    assert.ok(Math.abs(radius([first.x, first.y]) / radius([second.x, second.y]) - 1) < 1e-5);
    assert.equal(frame.x.length, 192);
    assert.equal(first.total, 96);
  });

  test("keep their places when only the colours change, and are an even sample when there are too many", () => {
    const one = comparedMaps(result, comparison, "label");
    assert.equal(comparedMaps(result, comparison, "none").second.x, one.second.x);
    const { first, second } = comparedMaps(result, comparison, "label", { limit: 10 });
    assert.equal(first.index.length, 10);
    const at = comparison.index.indexOf(first.index[3]!);
    assert.equal(first.x[3], result.x[first.index[3]!]);
    // The sample has a size of its own, so only the order of places holds.
    assert.equal(
      Math.sign(second.x[3]! - second.x[4]!),
      Math.sign(comparison.axes[0]![at]! - comparison.axes[0]![comparison.index.indexOf(first.index[4]!)]!),
    );
  });

  test("stay where they are when one has no size", () => {
    const still = [new Float32Array(3).fill(2), new Float32Array(3).fill(1)];
    assert.deepEqual(sameSize(still, [Float32Array.of(1, 2, 3), Float32Array.of(4, 5, 6)]), still);
    const [x] = sameSize([Float32Array.of(0, 1), new Float32Array(2)], [Float32Array.of(0, 4), new Float32Array(2)]);
    assert.deepEqual([...x!], [-1.5, 2.5]);
  });

  test("give the result a field of shared neighbours to colour and filter by, and take it back", () => {
    const own = resultOf({ kind: "lines", count: 100 });
    assert.equal(fieldOf(own, "overlap"), null);
    shareNeighbors(own, comparison);
    const { categories, column, scaleTicks } = coloring(own, "overlap");
    assert.deepEqual(
      scaleTicks?.map(({ label }) => label),
      ["0 %", "50 %", "100 %"],
    );
    assert.equal(categories[column[0]!]?.name, "(of one model only)");
    assert.equal(categories[column[4]!]?.name, `${Math.round(100 * comparison.overlap[0]!)} %`);
    const low = keptBy(own, { list: [{ field: "overlap", to: 0.2 }], search: "" })!;
    assert.deepEqual([low[0], low[4], low[5]], [0, 1, 0]);
    shareNeighbors(own, null);
    assert.equal(fieldOf(own, "overlap"), null);
  });
});

test("two drawings in one file keep what they refer to, and texts as they are", () => {
  const svg = (text: string): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20" viewBox="0 0 30 20"><defs><clipPath id="clip0"></clipPath></defs><g clip-path="url(#clip0)"><text>${text}</text></g></svg>`;
  const whole = besideSvg([svg("a"), svg('x id="y" url(#z)')], true);
  assert.match(whole, /^<svg [^>]*width="60" height="20" viewBox="0 0 60 20">/);
  assert.match(whole, /<svg x="30" y="0" /);
  assert.match(whole, /id="p0-clip0".*url\(#p0-clip0\).*id="p1-clip0".*url\(#p1-clip0\)/);
  assert.ok(whole.includes('<text>x id="y" url(#z)</text>'));
  assert.match(besideSvg([svg("a"), svg("b")], false), /width="30" height="40"/);
});
