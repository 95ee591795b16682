import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { columnsOf, readAll, rowsOf, textRows, withTable } from "./files";

describe("JSON Lines", () => {
  it("gives each record its line, and fields within records a column", async () => {
    const text = '{"text":"a","meta":{"topic":"x","n":1}}\n\n{"text":"b\\nc","meta":{"topic":"y"}}\n';
    await withTable("t.jsonl", text, async (table) => {
      const block = await readAll(table);
      assert.deepEqual(rowsOf(block, 2), [
        ["a", "x", "1"],
        ["b\nc", "y", null],
      ]);
      assert.deepEqual([...block.lines!], [1, 3]);
    });
  });

  it("names a line that is cut in the middle and shows the others", async () => {
    await withTable(
      "t.jsonl",
      '{"text":"a","vector":[1,2]}\n{"text":"b","vec\n{"text":"c","vector":[3,4]}\n',
      async (table) => {
        const block = await readAll(table);
        assert.deepEqual(block.broken, [{ at: 1, reason: "it is not valid JSON" }]);
        assert.deepEqual(
          rowsOf(block, 3).map(([text]) => text),
          ["a", null, "c"],
        );
      },
    );
  });

  it("reads what Python writes for numbers that are none", async () => {
    await withTable(
      "t.jsonl",
      '{"v":[1,NaN],"t":"NaN"}\n{"v":[-Infinity,2],"t":"b"}\n{"v":null,"t":"c"}\n{"v":[3,4],"t":"d"}\n',
      async (table) => {
        const [data, texts] = (await readAll(table)).columns;
        assert(data?.type === "vector");
        assert.deepEqual(
          data.bad.map(({ at }) => at),
          [0, 1, 2],
        );
        assert.deepEqual([...data.values.slice(6)], [3, 4]);
        assert.deepEqual(texts?.values, ["NaN", "b", "c", "d"]);
      },
    );
  });

  it("is recognised in a .json file", async () => {
    assert.deepEqual(await textRows("t.json", '{"text":"a"}\n{"text":"b"}\n'), [["a"], ["b"]]);
  });
});

describe("a JSON file", () => {
  it("holds records, with the line at which each starts", async () => {
    const text = '[\n  {\n    "text": "a, ]",\n    "vector": [1, 2]\n  },\n  { "text": "\\"}", "vector": [3, 4] }\n]\n';
    await withTable("t.json", text, async (table) => {
      const block = await readAll(table);
      assert.deepEqual(rowsOf(block, 2), [
        ["a, ]", "[1, 2]"],
        ['"}', "[3, 4]"],
      ]);
      assert.deepEqual([...block.lines!], [2, 6]);
    });
  });

  it("may wrap its records in an object", async () => {
    assert.deepEqual(await textRows("t.json", '{"version": 1, "data": [{"text":"a"}, {"text":"b"}]}'), [["a"], ["b"]]);
  });

  it("holds columns: as arrays, as pandas writes them, by row or split", async () => {
    const want = [
      ["a", "1"],
      ["b", "2"],
    ];
    assert.deepEqual(await textRows("t.json", '{"text":["a","b"],"n":[1,2]}'), want);
    assert.deepEqual(await textRows("t.json", '{"text":{"0":"a","1":"b"},"n":{"0":1,"1":2}}'), want);
    assert.deepEqual(await textRows("t.json", '{"columns":["text","n"],"index":[0,1],"data":[["a",1],["b",2]]}'), want);
  });

  it("holds a vector for each word when its keys are over 1,000", async () => {
    const words = Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`word ${i}`, [i, i / 2, 1]]));
    await withTable("t.json", JSON.stringify(words), async (table) => {
      assert.deepEqual(
        table.columns.map(({ name, dims }) => [name, dims]),
        [
          ["word", 0],
          ["vector", 3],
        ],
      );
      assert.deepEqual(rowsOf(await table.read(["word", "vector"], Int32Array.of(1_000)), 1), [
        ["word 1000", "[1000, 500, 1]"],
      ]);
    });
  });

  it("holds bare vectors, or a list of ids", async () => {
    assert.deepEqual(await columnsOf("t.json", "[[1,2,3],[4,5,6]]"), ["vector: vector 3"]);
    assert.deepEqual(await textRows("t.json", '["a","b"]'), [["a"], ["b"]]);
  });

  it("shows the records before the place where it is cut off", async () => {
    await withTable("t.json", '[{"text":"a"},{"text":"b"},{"te', async (table) => {
      const block = await readAll(table);
      assert.deepEqual(rowsOf(block, 2), [["a"], ["b"]]);
      assert.deepEqual(block.broken, [{ at: 2, reason: "the file ends in the middle of it (line 1)" }]);
    });
  });

  it("shows what is before a record that is too long to be held", async () => {
    const long = Buffer.concat([
      Buffer.from('[{"text":"a"},{"text":"'),
      Buffer.alloc(20_000_000, "x"),
      Buffer.from('"},{"text":"c"}]'),
    ]);
    await withTable("t.json", long, async (table) => {
      const block = await readAll(table);
      assert.deepEqual(rowsOf(block, 2), [["a"], [null]]);
      assert.match(block.broken[0]!.reason, /too long to be read/);
    });
  });

  it("says in a sentence that it is no table", async () => {
    await assert.rejects(textRows("t.json", "hello"), { message: /is not JSON/ });
    await assert.rejects(textRows("t.json", '{"a": 1}'), { message: /holds no table/ });
    await assert.rejects(textRows("t.json", '{"a":[1,2],"b":[1]}'), { message: /“a” has 2 values, “b” 1/ });
    await assert.rejects(textRows("t.json", "[]"), { message: "t.json has no rows." });
  });
});
