import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readColumns } from "../../../src/engine/items/rows/columns";
import type { Source } from "../../../src/protocol/recipe";
import type { MetaColumn } from "../../../src/protocol/result";
import { folderOf, load, quiet } from "../../support/sources";

const HEAD = "id,text,label,score,day,ok,url,e0,e1,e2,e3\n";
const line = (i: number): string =>
  `n${i},"text number ${i}",l${i % 2},${i === 2 ? "" : i + 0.123456789},2024-01-0${i},${i % 2 === 0},https://example.org/${"p".repeat(300)}/${i},1,2,3,${i}\n`;

/** The columns of all items of a source. */
async function columnsOf(base: string, source: Source): Promise<MetaColumn[]> {
  const { items } = await load(base, source);
  const places = items.map(({ path, row }) => ({ path, row: row! }));
  return readColumns({ source, base, items: places }, quiet());
}

describe("the columns of a dataset that are written", () => {
  it("have every value as it is, without what items have already and without vectors", async (t) => {
    const base = folderOf(t, { "t.csv": HEAD + Array.from({ length: 5 }, (_, i) => line(i + 1)).join("") });
    const columns = await readColumns(
      {
        source: { kind: "rows", paths: ["t.csv"] },
        base,
        // Passages of one row, in whatever order.
        items: [4, 2, 4].map((row) => ({ path: "t.csv", row })),
      },
      quiet(),
    );
    const url = (i: number): string => `https://example.org/${"p".repeat(300)}/${i}`;
    assert.deepEqual(columns, [
      { name: "score", kind: "number", value: Float64Array.of(4.123456789, NaN, 4.123456789) },
      {
        name: "day",
        kind: "date",
        value: Float64Array.from(["2024-01-04", "2024-01-02", "2024-01-04"], (day) => Date.parse(day)),
      },
      { name: "ok", kind: "boolean", values: ["false", "true"], code: Int32Array.of(1, 1, 1) },
      { name: "url", kind: "category", values: [url(4), url(2)], code: Int32Array.of(0, 1, 0) },
    ]);
  });

  it("are those of the first of several files, as texts where these do not agree", async (t) => {
    const base = folderOf(t, {
      "a.csv": "text,year,kind\none two,2001,x\nfive six,2002,x\n",
      "b.csv": "text,year,other\nthree four,soon,y\n",
    });
    const columns = await columnsOf(base, { kind: "rows", paths: ["a.csv", "b.csv"], columns: { label: null } });
    assert.deepEqual(columns, [
      { name: "year", kind: "category", values: ["2001", "2002", "soon"], code: Int32Array.of(0, 1, 2) },
      { name: "kind", kind: "category", values: ["x"], code: Int32Array.of(0, 0, -1) },
    ]);
  });

  it("of pictures have their paths and their texts", async (t) => {
    const picture = new Uint8Array(1);
    const base = folderOf(t, {
      "t.csv": "picture,caption,label\np/1.png,a cat here,x\np/2.png,a dog there,y\n",
      "p/1.png": picture,
      "p/2.png": picture,
    });
    const source: Source = { kind: "rows", paths: ["t.csv"], columns: { image: "picture", label: "label" } };
    assert.deepEqual(
      (await columnsOf(base, source)).map((column) => [column.name, "values" in column && column.values]),
      [
        ["picture", ["p/1.png", "p/2.png"]],
        ["caption", ["a cat here", "a dog there"]],
      ],
    );
  });
});
