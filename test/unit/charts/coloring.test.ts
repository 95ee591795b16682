import assert from "node:assert/strict";
import { test } from "node:test";
import { coloring, type Category } from "../../../src/charts/coloring";
import { mapData } from "../../../src/charts/data";
import { fieldOf, fieldsOf } from "../../../src/charts/fields";
import { countKept, keptBy, parseFilters, withFilter, NO_FILTERS, type Filter } from "../../../src/charts/filter";
import { nameOf, numberScale, shareOf, ticksOf, valueAt } from "../../../src/charts/scale";
import { resultOf } from "../../page/fixtures";

const result = resultOf({ kind: "lines", count: 400, labels: ["a", "b"], meta: true });
const names = (categories: Category[], kind = "named") =>
  categories.filter((one) => one.kind === kind).map(({ name }) => name);
const only = (filter: Filter) => countKept(keptBy(result, { list: [filter], search: "" })!);

test("every column that can colour is a field, a text is none", () => {
  assert.deepEqual(
    fieldsOf(result).map(({ title, kind }) => `${title} ${kind}`),
    [
      "Label category",
      "Neighbours kept number",
      "Trustworthiness number",
      "Continuity number",
      "Rank correlation number",
      "owner <b>of it</b> category",
      "urgency category",
      "paid category",
      "stars category",
      "price number",
      "delta number",
      "created number",
      "user category",
    ],
  );
});

test("words of a known order, numbered names and few whole numbers stand in their order", () => {
  assert.deepEqual(names(coloring(result, "meta:urgency").categories), ["low", "medium", "high"]);
  const stars = coloring(result, "meta:stars").categories;
  assert.deepEqual(names(stars), ["1", "2", "3", "4", "5"]);
  assert.deepEqual(
    stars.filter(({ ramp }) => ramp).map(({ ramp }) => ramp!.share),
    [0, 0.25, 0.5, 0.75, 1],
  );
  const quarters = {
    name: "quarter",
    kind: "category" as const,
    values: ["Q10", "Q2"],
    code: Int32Array.from({ length: 400 }, (_, i) => i % 2),
  };
  const other = { ...result, items: { ...result.items, meta: [quarters] } };
  const { categories, column } = coloring(other, "meta:quarter");
  assert.deepEqual(names(categories), ["Q2", "Q10"]);
  assert.equal(column[0], 1);
  const owner = fieldOf(result, "meta:owner <b>of it</b>");
  assert.ok(owner?.kind === "category" && !owner.ordered);
});

test("of many values the most frequent have colours, the others are one; an empty cell is none", () => {
  const { categories, column } = coloring(result, "meta:user");
  assert.equal(names(categories).length, 60);
  const other = categories.find(({ kind }) => kind === "other")!;
  assert.equal(other.values?.length, 240);
  assert.equal(
    categories.reduce((sum, { count }) => sum + count, 0),
    400,
  );
  assert.equal(categories[column[49]!], other);
  const least = Math.min(...categories.filter(({ kind }) => kind === "named").map(({ count }) => count));
  const code = result.items.meta!.find(({ name }) => name === "user") as unknown as { code: Int32Array };
  for (const value of [250, 280, 299]) assert.ok(code.code.filter((one) => one === value).length <= least);
  const paid = coloring(result, "meta:paid").categories;
  assert.deepEqual([...names(paid), ...names(paid, "none")], ["false", "true", "(empty)"]);
});

test("a scale is linear, by decades, around 0 or of time, as its numbers ask for", () => {
  const kind = (...values: number[]) => numberScale(Float64Array.from(values))?.kind;
  assert.equal(kind(1, 2, 900), "linear");
  assert.equal(kind(0.5, 20, 50_000), "log");
  assert.equal(kind(0, 50_000), "linear");
  assert.equal(kind(NaN, NaN), undefined);
  const around = numberScale(Float64Array.of(-3, 5))!;
  assert.deepEqual(around, { kind: "diverging", low: -5, high: 5 });
  assert.equal(shareOf(around, 0), 0.5);
  const time = numberScale(Float64Array.of(Date.UTC(2024, 0, 1), Date.UTC(2025, 5, 1)), "date")!;
  assert.deepEqual(
    ticksOf(time).map(({ label }) => label),
    ["2024-01", "2024-09", "2025-06"],
  );
});

test("years have no comma, and each part of a scale of whole numbers has as many of them", () => {
  const withYears = (value: Float64Array) => ({
    ...result,
    items: { ...result.items, meta: [{ name: "year", kind: "number" as const, value }] },
  });
  const years = (first: number, span: number) => Float64Array.from({ length: 400 }, (_, i) => first + (i % span));
  const few = coloring(withYears(years(1990, 25)), "meta:year");
  assert.deepEqual(
    names(few.categories, "step"),
    Array.from({ length: 25 }, (_, i) => String(1990 + i)),
  );
  assert.ok(few.categories.every(({ count }) => count === 16));
  assert.deepEqual(
    few.scaleTicks?.map(({ label }) => label),
    ["1990", "2002", "2014"],
  );
  const many = coloring(withYears(years(1900, 100)), "meta:year");
  assert.deepEqual(names(many.categories, "step").slice(0, 2), ["1900\u20131902", "1903\u20131905"]);
  assert.deepEqual(new Set(many.categories.slice(0, -1).map(({ count }) => count)), new Set([12]));
  assert.equal(names(many.categories, "step").at(-1), "1999");
  const others = coloring(withYears(years(990, 2_500)), "meta:year");
  assert.equal(others.scaleTicks?.at(-1)?.label, "1,389");
});

test("a place on a scale and its value lead to each other; names are short", () => {
  for (const values of [
    [0.5, 50_000],
    [-3, 5],
    [2, 9],
  ]) {
    const scale = numberScale(Float64Array.from(values))!;
    for (const share of [0, 0.3, 1]) assert.ok(Math.abs(shareOf(scale, valueAt(scale, share)) - share) < 1e-9);
  }
  const scale = numberScale(Float64Array.of(0, 1))!;
  assert.deepEqual(
    [0.1234567, 12_345, 1e9, 3e-7, -2.5].map((value) => nameOf(scale, value)),
    ["0.1235", "12,345", "1.00e+9", "3.00e\u22127", "\u22122.5"],
  );
});

test("numbers that are all equal, and a column that is all empty, still have colours or none", () => {
  const flat = numberScale(Float64Array.of(2.5, 2.5))!;
  assert.equal(shareOf(flat, 2.5), 0.5);
  const empty = { name: "e", kind: "number" as const, value: new Float64Array(400).fill(NaN) };
  const other = { ...result, items: { ...result.items, meta: [empty] } };
  assert.equal(fieldOf(other, "meta:e"), null);
  assert.deepEqual(coloring(other, "meta:e").categories, []);
});

test("filters keep the values, the range and the words that are asked for, and all of them at once", () => {
  assert.equal(keptBy(result, NO_FILTERS), null);
  const owner = fieldOf(result, "meta:owner <b>of it</b>")!;
  assert.ok(owner.kind === "category");
  assert.equal(
    only({ field: owner.id, hide: ["anna", "bert"], hideNone: true }),
    owner.code.filter((c) => c === 2).length,
  );
  const price = fieldOf(result, "meta:price")!;
  assert.ok(price.kind === "number");
  assert.equal(only({ field: price.id, from: 10, to: 100 }), price.value.filter((v) => v >= 10 && v <= 100).length);
  const carl = keptBy(result, { list: [], search: "CARL" })!;
  assert.equal(countKept(carl), owner.code.filter((c) => c === 2).length);
  const both = keptBy(result, { list: [{ field: price.id, from: 10 }], search: "carl" })!;
  assert.ok(both.every((one, i) => (one === 1) === (carl[i] === 1 && price.value[i]! >= 10)));
  assert.equal(keptBy(result, { list: [{ field: "meta:gone", hide: ["x"] }], search: "" }), null);
});

test("a filter of a field replaces the one before; one that leaves out nothing is gone", () => {
  const one = withFilter(NO_FILTERS, { field: "label", hide: ["a"] });
  const two = withFilter(one, { field: "label", hide: ["b"] });
  assert.deepEqual(two.list, [{ field: "label", hide: ["b"] }]);
  assert.deepEqual(withFilter(two, { field: "label", hide: [] }).list, []);
  assert.deepEqual(parseFilters(JSON.parse(JSON.stringify(two))), two);
  assert.deepEqual(parseFilters({ list: [1, { hide: [] }, { field: "x", from: "1" }], search: 3 }), {
    list: [{ field: "x" }],
    search: "",
  });
});

test("what is left out becomes the last category, and the legend counts what stays", () => {
  const kept = keptBy(result, { list: [{ field: "label", hide: ["a"] }], search: "" });
  const data = mapData(result, "label", { title: "", kept });
  assert.deepEqual(
    data.categories.map(({ name, kind, count, of }) => [name, kind, count, of]),
    [
      ["a", "named", 0, 200],
      ["b", "named", 200, 200],
      ["", "out", 0, undefined],
    ],
  );
  assert.equal(data.category[0], 2);
  assert.equal(mapData(result, "label", { title: "" }).x, data.x, "the same columns: the grid of the points holds");
});

test("sizes grow with the number, by area, and are small where there is none", () => {
  const { size } = mapData(result, "none", { title: "", sizeBy: "meta:price" });
  const price = fieldOf(result, "meta:price")!;
  assert.ok(price.kind === "number" && size);
  const order = Array.from(price.value.keys()).filter((i) => !Number.isNaN(price.value[i]!));
  order.sort((a, b) => price.value[a]! - price.value[b]!);
  assert.ok(order.every((i, at) => at === 0 || size[i]! >= size[order[at - 1]!]!));
  assert.ok(size.every((one) => one > 0 && one <= 2.0001));
  assert.ok(size[36]! < 0.5);
});
