import assert from "node:assert/strict";
import { existsSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { itemColumns } from "../../../src/engine/columns";
import { readRecord } from "../../../src/engine/items/rows/record";
import { stratifiedSample } from "../../../src/engine/items/rows/stratify";
import { comparable, givenLayout, readyVectors } from "../../../src/engine/run/ready-vectors";
import type { ItemSet } from "../../../src/engine/types";
import { folderOf, load, quiet } from "../../support/sources";
import { npy } from "../tables/files";

const HEAD = "text,label,score,day,ok,kind,note\n";
const line = (i: number): string =>
  `"text number ${i}",l${i % 2},${i % 3 === 0 ? "" : i / 2},2024-01-0${1 + (i % 9)},${i % 2 === 0},k${i % 4},"a note of its own ${i}"\n`;
const TABLE = HEAD + Array.from({ length: 60 }, (_, i) => line(i)).join("");

describe("the other columns of a table", () => {
  it("travel as numbers, dates, truth values and categories; texts that always differ do not", async (t) => {
    const set = await load(folderOf(t, { "t.csv": TABLE }), { kind: "rows", paths: ["t.csv"] });
    const { meta = [] } = itemColumns({ ...set, items: set.items.slice(1, 4) }, Int32Array.of(1, 2, 3));
    assert.deepEqual(meta, [
      { name: "score", kind: "number", value: Float64Array.of(0.5, 1, NaN) },
      {
        name: "day",
        kind: "date",
        value: Float64Array.from(["2024-01-02", "2024-01-03", "2024-01-04"], (day) => Date.parse(day)),
      },
      { name: "ok", kind: "boolean", values: ["false", "true"], code: Int32Array.of(0, 1, 0) },
      { name: "kind", kind: "category", values: ["k0", "k1", "k2", "k3"], code: Int32Array.of(1, 2, 3) },
      { name: "note", kind: "text" },
    ]);
  });

  it("are joined over several files, empty where a file has no such column", async (t) => {
    const base = folderOf(t, { "a.csv": "text,kind\none two,x\n", "b.csv": "text,other\nthree four,y\n" });
    const set = await load(base, { kind: "rows", paths: ["a.csv", "b.csv"] });
    assert.deepEqual(set.items.map(({ label }) => label).length, 2);
    const again = await load(base, { kind: "rows", paths: ["a.csv", "b.csv"], columns: { label: null } });
    assert.deepEqual(again.meta, [{ name: "kind", kind: "category", values: ["x"], code: Int32Array.of(0, -1) }]);
  });
});

describe("the record of an item", () => {
  it("has every column, also of a cell with line ends, without a pass over the file", async (t) => {
    const base = folderOf(t, { "t.csv": 'text,n,more\none,1,x\n"two\nlines",2,y\nthree,3,z\n' });
    const source = { kind: "rows" as const, paths: ["t.csv"] };
    const { items } = await load(base, source);
    assert.deepEqual(await readRecord(source, items[2]!, { base }, quiet().signal), [
      { name: "text", value: "three" },
      { name: "n", value: "3" },
      { name: "more", value: "z" },
    ]);
    assert.equal(items[1]!.line, 3);
    // The place alone is enough.
    const { offset, ...item } = items[1]!;
    const [cell] = (await readRecord(source, { ...item, offset: offset! }, { base }, quiet().signal)) ?? [];
    assert.deepEqual(cell, { name: "text", value: "two\nlines" });
  });

  it("is read anew when the file or the table that was joined to it has changed since the last one", async (t) => {
    const base = folderOf(t, {
      "t.csv": "text,n\none,1\n",
      "v.npy": npy("'<f4'", [2, 2], Buffer.alloc(16)),
      "v.csv": "name\na\nb\n",
    });
    const valueOf = async (path: string, row: number, name: string): Promise<string | undefined> => {
      const record = await readRecord({ kind: "rows", paths: [path] }, { path, row }, { base }, quiet().signal);
      return record?.find((field) => field.name === name)?.value;
    };
    assert.equal(await valueOf("t.csv", 1, "text"), "one");
    writeFileSync(join(base, "t.csv"), "text,n\nanother,1\n");
    assert.equal(await valueOf("t.csv", 1, "text"), "another");
    assert.equal(await valueOf("v.npy", 2, "name"), "b");
    writeFileSync(join(base, "v.csv"), "name\na\nchanged\n");
    assert.equal(await valueOf("v.npy", 2, "name"), "changed");
    await assert.rejects(valueOf("t.csv", 9, "text"));
    assert.equal(await valueOf("t.csv", 1, "text"), "another");
  });

  it("keeps the file of the last one open, and only that", { skip: !existsSync("/proc/self/fd") }, async (t) => {
    const base = folderOf(t, {
      "a.npy": npy("'<f4'", [3, 2], Buffer.alloc(24)),
      "b.npy": npy("'<f4'", [3, 2], Buffer.alloc(24)),
    });
    const read = (path: string, row: number) =>
      readRecord({ kind: "rows", paths: [path] }, { path, row }, { base }, quiet().signal);
    const openFds = (): string[] =>
      readdirSync("/proc/self/fd").filter((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`) === join(base, "a.npy");
        } catch {
          return false;
        }
      });
    await read("a.npy", 1);
    const first = openFds();
    assert.equal(first.length, 1);
    await read("a.npy", 3);
    assert.deepEqual(openFds(), first);
    await read("b.npy", 2);
    assert.deepEqual(openFds(), []);
  });
});

describe("ready vectors without a direction", () => {
  const CSV = 'name,v\na,"[0,0]"\nb,"[1,2]"\nc,"[1e-18,0]"\nd,"[2,1]"\n';
  const vectorsOf = async (folder: string): Promise<ItemSet> =>
    load(folder, { kind: "rows", paths: ["t.csv"], columns: { vector: "v", map: null } });

  it("are left out by name where directions are compared", async (t) => {
    const set = await vectorsOf(folderOf(t, { "t.csv": CSV }));
    for (const metric of ["cosine", "dot"] as const) {
      const { items, source, matrix } = comparable(readyVectors(set), metric);
      assert.deepEqual([[...source], matrix.rows, [...matrix.data]], [[1, 3], 2, [1, 2, 2, 1]]);
      assert.deepEqual(
        items.items.map(({ row }) => row),
        [2, 4],
      );
      assert.deepEqual(
        items.skipped.map(({ place, reason }) => [place, reason]),
        [
          [1, "its vector is zero, which has no direction: by Euclidean distance it is a place like others"],
          [3, "its vector is too short to be compared (less than 1e-17): scale the values"],
        ],
      );
    }
  });

  it("are places like others by distance, if they are zeros", async (t) => {
    const all = comparable(readyVectors(await vectorsOf(folderOf(t, { "t.csv": CSV }))), "euclidean");
    assert.deepEqual([...all.source], [0, 1, 3]);
    assert.deepEqual([...all.matrix.data], [0, 0, 1, 2, 2, 1]);
    assert.ok(all.matrix.data.buffer instanceof SharedArrayBuffer);
    assert.deepEqual(
      all.items.skipped.map(({ place, reason }) => [place, reason]),
      [[3, "its vector is too short to be compared (less than 1e-17): scale the values"]],
    );
  });

  it("are not looked for among coordinates, and are the same answer for the same question", async (t) => {
    const places = await load(folderOf(t, { "t.csv": "name,x,y\na,0,0\nb,1,2\n" }), { kind: "rows", paths: ["t.csv"] });
    assert.equal(comparable(readyVectors(places), "cosine").source.length, 2);
    const ready = readyVectors(await vectorsOf(folderOf(t, { "t.csv": CSV })));
    assert.equal(comparable(ready, "cosine"), comparable(ready, "dot"));
    assert.notEqual(comparable(ready, "cosine"), comparable(ready, "euclidean"));
    assert.deepEqual([...comparable(ready, "cosine").source], [1, 3]);
  });

  it("are found in each of several files", async (t) => {
    const folder = folderOf(t, { "t.csv": CSV, "u.csv": CSV });
    const source = { kind: "rows", paths: ["t.csv", "u.csv"], columns: { vector: "v", map: null } } as const;
    const { source: kept, items } = comparable(
      readyVectors(await load(folder, { ...source, paths: [...source.paths] })),
      "dot",
    );
    assert.deepEqual([...kept], [1, 3, 5, 7]);
    assert.deepEqual(
      items.skipped.map(({ path, place }) => [path, place]),
      [
        ["t.csv", 1],
        ["t.csv", 3],
        ["u.csv", 1],
        ["u.csv", 3],
      ],
    );
  });

  it("are told between the other rows that are left out", async (t) => {
    const csv = CSV.replace("d,", 'c2,"[1]"\nd2,"[0,0]"\nd,');
    const { items } = comparable(readyVectors(await vectorsOf(folderOf(t, { "t.csv": csv }))), "cosine");
    assert.deepEqual(
      items.skipped.map(({ place }) => place),
      [1, 3, 4, 5],
    );
  });

  it("are an error where there are no others, and counted beyond the thousand that are listed", async (t) => {
    const zeros = "name,v\n" + Array.from({ length: 1_500 }, (_, i) => `n${i},"[0,0]"\n`).join("");
    const folder = folderOf(t, { "t.csv": zeros });
    const none = readyVectors(await vectorsOf(folder));
    assert.throws(() => comparable(none, "cosine"), {
      message: /^No row can be shown\. The first, t\.csv row 1: its vector is zero, .* \(and 1499 more\)\.$/,
    });
    writeFileSync(join(folder, "t.csv"), `${zeros}last,"[1,1]"\n`);
    const { items } = comparable(readyVectors(await vectorsOf(folder)), "cosine");
    assert.deepEqual([items.items.length, items.skipped.length], [1, 1_000]);
    writeFileSync(join(folder, "t.csv"), `${zeros}bad,"[1]"\nlast,"[1,1]"\n`);
    const more = comparable(readyVectors(await vectorsOf(folder)), "cosine").items;
    assert.deepEqual([more.skipped.length, more.skipped.at(-1)?.place], [1_000, 1_501]);
    assert.match(more.warnings.join(), /501 more items left out/);
    assert.match(items.warnings.join(), /500 more items left out beyond those that are listed\./);
  });
});

describe("ready coordinates", () => {
  const CSV = "name,x,y\nfirst one,1,2\nsecond one,3,4\nthird one,,6\n";

  it("are drawn as they are, with axes named after their columns; a row without them is left out", async (t) => {
    const set = await load(folderOf(t, { "t.csv": CSV }), { kind: "rows", paths: ["t.csv"] });
    assert.deepEqual([set.kind, set.vectors, set.items.length], ["vector", undefined, 2]);
    const { matrix, model, source } = comparable(readyVectors(set), "cosine");
    assert.deepEqual([matrix.rows, matrix.cols, model.id], [2, 2, "coordinates"]);
    const { x, y, axes } = givenLayout(set, source);
    assert.deepEqual(
      [[...x], [...y], axes],
      [
        [1, 3],
        [2, 4],
        ["x", "y"],
      ],
    );
    assert.deepEqual(set.skipped, [{ path: "t.csv", place: 3, reason: "it has no coordinates" }]);
  });

  it("give way to the texts when the recipe says there are none", async (t) => {
    const set = await load(folderOf(t, { "t.csv": CSV }), { kind: "rows", paths: ["t.csv"], columns: { map: null } });
    assert.deepEqual([set.kind, set.items.length], ["text", 3]);
  });

  it("that are a column of vectors become these when the recipe says there are none, where there is nothing else", async (t) => {
    const base = folderOf(t, { "t.csv": 'place\n"[1, 2]"\n"[3, 4]"\n', "one.csv": "size\n1.5\n2.5\n" });
    const drawn = await load(base, { kind: "vectors", paths: ["t.csv"] });
    assert.deepEqual([drawn.vectors, drawn.map?.cols], [undefined, 2]);
    const set = await load(base, { kind: "vectors", paths: ["t.csv"], columns: { map: null } });
    assert.deepEqual([[...set.vectors!.data], set.map], [[1, 2, 3, 4], undefined]);
    const one = "one.csv holds one number a row: a vector needs two or more.";
    await assert.rejects(load(base, { kind: "vectors", paths: ["one.csv"] }), { message: one });
    await assert.rejects(load(base, { kind: "vectors", paths: ["one.csv"], columns: { vector: "size" } }), {
      message: "The column “size” of one.csv holds one number a row: a vector needs two or more.",
    });
  });

  it("must be numbers", async (t) => {
    const base = folderOf(t, { "t.csv": CSV });
    await assert.rejects(load(base, { kind: "rows", paths: ["t.csv"], columns: { map: ["name", "y"] } }), {
      reason: "recipe",
      message: "“name”, “y” of t.csv cannot be coordinates: name two or three columns of numbers.",
    });
  });
});

describe("a sample that keeps the shares of the labels", () => {
  it("has of each label its share, and one at least", () => {
    const code = Int32Array.from({ length: 1_000 }, (_, i) => (i < 900 ? 0 : i < 999 ? 1 : 2));
    const sample = stratifiedSample(code, 3, 100, 7);
    const counts = [0, 0, 0];
    sample.forEach((row) => counts[code[row]!]!++);
    assert.deepEqual(counts, [90, 9, 1]);
    assert.deepEqual(sample, sample.slice().sort());
    assert.deepEqual(stratifiedSample(code, 3, 100, 7), sample);
    assert.notDeepEqual(stratifiedSample(code, 3, 100, 8), sample);
  });

  it("is drawn from a table when the recipe asks for it, and says of how many rows", async (t) => {
    const rows = Array.from({ length: 400 }, (_, i) => `text of row ${i},${i % 100 === 0 ? "rare" : "usual"}\n`);
    const base = folderOf(t, { "t.csv": `text,label\n${rows.join("")}` });
    const source = { kind: "rows" as const, paths: ["t.csv"], sample: 100, stratify: true as const };
    const { items, total } = await load(base, source);
    assert.deepEqual([total, items.filter(({ label }) => label === "rare").length], [400, 1]);
  });
});
