import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  Bool,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int32,
  List,
  makeData,
  Struct,
  Table as ArrowTable,
  tableToIPC,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import { parquetWriteBuffer } from "hyparquet-writer";
import { Compression, Table as WasmTable, writeParquet, WriterPropertiesBuilder } from "parquet-wasm/node";
import { columnsOf, readAll, rowsOf, textRows, withTable } from "./files";

/** Texts with nulls, vectors of both kinds of list, a struct, a dictionary, dates and truth values. */
function arrowTable(rows: number): ArrowTable {
  const each = <T>(value: (i: number) => T): T[] => Array.from({ length: rows }, (_, i) => value(i));
  const fixed = makeData({
    type: new FixedSizeList(2, new Field("item", new Float32(), true)),
    length: rows,
    child: makeData({ type: new Float32(), data: Float32Array.from({ length: rows * 2 }, (_, i) => i) }),
  });
  return new ArrowTable({
    text: vectorFromArray(
      each((i) => (i % 3 === 1 ? null : `text ${i}`)),
      new Utf8(),
    ),
    list: vectorFromArray(
      each((i) => (i === 2 ? null : [i, i / 2, 1])),
      new List(new Field("item", new Float64(), true)),
    ),
    fixed: new ArrowTable({ fixed: fixed as never }).getChild("fixed")!,
    label: vectorFromArray(each((i) => `class ${i % 2}`)),
    meta: vectorFromArray(
      each((i) => ({ n: i, topic: `t${i}` })),
      new Struct([new Field("n", new Int32(), true), new Field("topic", new Utf8(), true)]),
    ),
    when: vectorFromArray(
      each((i) => new Date(Date.UTC(2024, 0, 1 + i))),
      new TimestampMillisecond(),
    ),
    yes: vectorFromArray(
      each((i) => i % 2 === 0),
      new Bool(),
    ),
  });
}

function parquet(rows: number, compression = Compression.SNAPPY, rowsInGroup = 1_000): Uint8Array {
  const settings = new WriterPropertiesBuilder().setCompression(compression).setMaxRowGroupSize(rowsInGroup).build();
  return writeParquet(WasmTable.fromIPCStream(tableToIPC(arrowTable(rows), "stream")), settings);
}

describe("a Parquet file", () => {
  it("gives texts, lists, fixed-size lists, structs, dictionaries, dates and nulls", async () => {
    assert.deepEqual(await columnsOf("t.parquet", parquet(5)), [
      "text: text",
      "list: vector 3",
      "fixed: vector 2",
      "label: text",
      "meta.n: number",
      "meta.topic: text",
      "when: date",
      "yes: boolean",
    ]);
    await withTable("t.parquet", parquet(5), async (table) => {
      const block = await readAll(table);
      assert.deepEqual(rowsOf(block, 5)[0], [
        "text 0",
        "[0, 0, 1]",
        "[0, 1]",
        "class 0",
        "0",
        "t0",
        "2024-01-01",
        "true",
      ]);
      assert.deepEqual(rowsOf(block, 5)[1]!.slice(0, 1), [null]);
      assert.deepEqual(rowsOf(block, 5)[4], [null, "[4, 2, 1]", "[8, 9]", "class 0", "4", "t4", "2024-01-05", "true"]);
      assert(block.columns[1]?.type === "vector");
      assert.deepEqual(block.columns[1].bad, [{ at: 2, reason: "it has no vector" }]);
    });
  });

  for (const codec of ["UNCOMPRESSED", "SNAPPY", "GZIP", "BROTLI", "ZSTD", "LZ4_RAW"] as const) {
    it(`is read when it is packed with ${codec}`, async () => {
      const rows = await textRows("t.parquet", parquet(50, Compression[codec]));
      assert.deepEqual(rows[49]!.slice(0, 4), [null, "[49, 24.5, 1]", "[98, 99]", "class 1"]);
    });
  }

  it("gives any rows of any row groups, and only the columns asked for", async () => {
    await withTable("t.parquet", parquet(2_500, Compression.SNAPPY, 1_000), async (table) => {
      const block = await table.read(["meta.topic", "list"], Int32Array.of(0, 999, 1_000, 2_499));
      assert.deepEqual(rowsOf(block, 4), [
        ["t0", "[0, 0, 1]"],
        ["t999", "[999, 499.5, 1]"],
        ["t1000", "[1000, 500, 1]"],
        ["t2499", "[2499, 1249.5, 1]"],
      ]);
    });
  });

  it("keeps integers beyond 2^53 exact, as texts", async () => {
    const data = BigInt64Array.of(9_007_199_254_740_993n, 1n);
    const bytes = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: "id", data, type: "INT64" }] }));
    assert.deepEqual(await textRows("t.parquet", bytes), [["9007199254740993"], ["1"]]);
  });

  it("is refused in a sentence when it is cut off, broken, empty of rows or another file", async () => {
    const whole = parquet(500);
    await assert.rejects(textRows("t.parquet", whole.subarray(0, whole.length - 100)), {
      message: /^t\.parquet is cut off/,
    });
    await assert.rejects(textRows("t.parquet", Buffer.from("\x89PNG and some more bytes")), {
      message: /is not a Parquet file/,
    });
    await assert.rejects(textRows("t.parquet", parquet(0)), { message: "t.parquet has no rows." });
    const broken = new Uint8Array(whole);
    broken.fill(0xff, 10, 400);
    await assert.rejects(textRows("t.parquet", broken), { reason: "source", message: /^t\.parquet/ });
  });
});
