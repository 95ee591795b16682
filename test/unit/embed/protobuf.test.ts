import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { concat, readFields, readPacked, writeField, writeVarint } from "../../../src/engine/embed/protobuf";

describe("protobuf", () => {
  test("fields come back in their order with their numbers, texts and values", () => {
    const message = concat([writeField(1, "Bild"), writeVarint(2, 300), writeField(20, [writeVarint(1, 2 ** 40)])]);
    const fields = [...readFields(message)];
    assert.deepEqual(
      fields.map(({ number, value }) => [number, value]),
      [
        [1, 0],
        [2, 300],
        [20, 0],
      ],
    );
    assert.equal(new TextDecoder().decode(fields[0]!.bytes), "Bild");
    assert.equal([...readFields(fields[2]!.bytes!)][0]!.value, 2 ** 40);
  });

  test("negative numbers are read from their ten bytes", () => {
    const minusTwo = Uint8Array.of(8, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1);
    assert.equal([...readFields(minusTwo)][0]!.value, -2);
  });

  test("a list of numbers is read packed and one by one", () => {
    const [packed] = [...readFields(writeField(8, Uint8Array.of(2, 0x80, 1, 3)))];
    assert.deepEqual(readPacked(packed!), [2, 128, 3]);
    assert.deepEqual([...readFields(concat([writeVarint(8, 2), writeVarint(8, 3)]))].flatMap(readPacked), [2, 3]);
  });

  test("fixed-size fields are passed over", () => {
    const message = concat([
      Uint8Array.of(0x0d, 1, 2, 3, 4),
      Uint8Array.of(0x11, 1, 2, 3, 4, 5, 6, 7, 8),
      writeVarint(3, 7),
    ]);
    assert.deepEqual(
      [...readFields(message)].map(({ number }) => number),
      [3],
    );
  });

  for (const [what, bytes] of [
    ["a text that is no message", new TextEncoder().encode("<!DOCTYPE html><html>")],
    ["a field that ends early", writeField(1, "whole").subarray(0, 4)],
    ["a number that ends early", Uint8Array.of(8, 0x80)],
    ["field number 0", Uint8Array.of(0, 1)],
  ] as const) {
    test(`${what} is refused`, () => assert.throws(() => [...readFields(bytes)], RangeError));
  }
});
