import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  CompressionType,
  compressionRegistry,
  Field,
  Float32,
  List,
  Table as ArrowTable,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import { decodeLz4Frame } from "../../../src/engine/tables/arrow/lz4-frame";
import { columnsOf, rowsOf, textRows, withTable } from "./files";

const batch = (from: number, to: number, ...labels: [] | [Utf8]): ArrowTable => {
  const each = <T>(value: (i: number) => T): T[] => Array.from({ length: to - from }, (_, i) => value(from + i));
  return new ArrowTable({
    text: vectorFromArray(
      each((i) => (i === 1 ? null : `text ${i}`)),
      new Utf8(),
    ),
    vector: vectorFromArray(
      each((i) => [i, 1]),
      new List(new Field("item", new Float32(), true)),
    ),
    label: vectorFromArray(
      each((i) => `class ${i % 2}`),
      ...labels,
    ),
  });
};
const table = (): ArrowTable => batch(0, 30, new Utf8()).concat(batch(30, 50, new Utf8()));

describe("an Arrow file", () => {
  for (const kind of ["file", "stream"] as const) {
    it(`is read as a ${kind}, one batch at a time`, async () => {
      const bytes = tableToIPC(table(), kind);
      assert.deepEqual(await columnsOf("t.arrow", bytes), ["text: text", "vector: vector 2", "label: text"]);
      await withTable("t.arrow", bytes, async (opened) => {
        assert.equal(await opened.count(), 50);
        const block = await opened.read(["text", "vector", "label"], Int32Array.of(0, 1, 29, 30, 49));
        assert.deepEqual(rowsOf(block, 5), [
          ["text 0", "[0, 1]", "class 0"],
          [null, "[1, 1]", "class 1"],
          ["text 29", "[29, 1]", "class 1"],
          ["text 30", "[30, 1]", "class 0"],
          ["text 49", "[49, 1]", "class 1"],
        ]);
      });
    });
  }

  it("is read when its buffers are packed with LZ4", async () => {
    const codec = compressionRegistry.get(CompressionType.LZ4_FRAME);
    compressionRegistry.set(CompressionType.LZ4_FRAME, { encode: lz4Stored, decode: decodeLz4Frame });
    const bytes = tableToIPC(batch(0, 5), "file", CompressionType.LZ4_FRAME);
    if (codec) compressionRegistry.set(CompressionType.LZ4_FRAME, codec);
    assert.deepEqual((await textRows("t.feather", bytes))[4], ["text 4", "[4, 1]", "class 0"]);
  });

  it("is refused in a sentence when it is cut off or another file", async () => {
    const bytes = tableToIPC(table(), "file");
    await assert.rejects(textRows("t.arrow", bytes.subarray(0, bytes.length - 200)), {
      reason: "source",
      message: /^t\.arrow is not an Arrow file/,
    });
    await assert.rejects(textRows("t.arrow", Buffer.from("not arrow at all, just a text")), {
      reason: "source",
      message: /^t\.arrow/,
    });
  });
});

describe("an LZ4 frame", () => {
  it("unpacks literals and matches that overlap themselves", () => {
    // "abc" and then nine more bytes from three back: abcabcabcabc.
    const block = [0x35, 97, 98, 99, 3, 0, 0x10, 33];
    const frame = Uint8Array.from([4, 0x22, 0x4d, 0x18, 0x60, 0x40, 0, block.length, 0, 0, 0, ...block, 0, 0, 0, 0]);
    assert.equal(new TextDecoder().decode(decodeLz4Frame(frame)), "abcabcabcabc!");
  });

  it("is refused when a match points before its start", () => {
    const block = [0x15, 97, 9, 0];
    const frame = Uint8Array.from([4, 0x22, 0x4d, 0x18, 0x60, 0x40, 0, block.length, 0, 0, 0, ...block, 0, 0, 0, 0]);
    assert.throws(() => decodeLz4Frame(frame), /broken LZ4 block/);
  });
});

/** A frame whose only block is stored. */
function lz4Stored(data: Uint8Array): Uint8Array {
  const size = Buffer.alloc(4);
  size.writeUInt32LE((data.length | 0x80000000) >>> 0);
  return Buffer.concat([Buffer.from([4, 0x22, 0x4d, 0x18, 0x60, 0x40, 0]), size, data, Buffer.alloc(4)]);
}
