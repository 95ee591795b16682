import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bytesOf, columnsOf, npy, readAll, textRows, withTable, zip } from "./files";

const vectors = (name: string, content: Uint8Array): Promise<number[]> =>
  withTable(name, content, async (table) => [...((await readAll(table)).columns[0]!.values as Float32Array)]);

const f4 = (...values: number[]): Uint8Array => bytesOf(Float32Array.from(values));

describe("an npy file", () => {
  it("is read in both byte orders, in C and Fortran order, and as float16", async () => {
    const swapped = Buffer.from(bytesOf(Float64Array.of(1, -2, 3.5, 4))).swap64();
    assert.deepEqual(await vectors("a.npy", npy("'<f4'", [2, 2], f4(1, -2, 3.5, 4))), [1, -2, 3.5, 4]);
    assert.deepEqual(await vectors("a.npy", npy("'>f8'", [2, 2], swapped)), [1, -2, 3.5, 4]);
    assert.deepEqual(await vectors("a.npy", npy("'<f4'", [2, 2], f4(1, 3.5, -2, 4), true)), [1, -2, 3.5, 4]);
    const half = bytesOf(Uint16Array.of(0x3c00, 0xc000, 0x4300, 0x0001));
    assert.deepEqual(await vectors("a.npy", npy("'<f2'", [2, 2], half)), [1, -2, 3.5, 2 ** -24]);
  });

  it("holds integers, texts, dates and structured rows too", async () => {
    assert.deepEqual(await textRows("a.npy", npy("'<i4'", [3], bytesOf(Int32Array.of(1, -2, 3)))), [
      ["1"],
      ["-2"],
      ["3"],
    ]);
    const text = Buffer.from("hä\0x\0\0", "utf16le");
    const wide = Buffer.alloc(24);
    for (let i = 0; i < 6; i++) wide.writeUInt32LE(text.readUInt16LE(i * 2), i * 4);
    assert.deepEqual(await textRows("a.npy", npy("'<U3'", [2], wide)), [["hä"], ["x"]]);
    const days = Buffer.alloc(16);
    days.writeBigInt64LE(18_262n, 0);
    days.writeBigInt64LE(-(2n ** 63n), 8);
    assert.deepEqual(await textRows("a.npy", npy("'<M8[D]'", [2], days)), [["2020-01-01"], [null]]);
    const rows = Buffer.concat([f4(1.5), Buffer.from("ab"), f4(2.5), Buffer.from("c\0")]);
    assert.deepEqual(await textRows("a.npy", npy("[('v', '<f4'), ('s', '|S2')]", [2], rows)), [
      ["1.5", "ab"],
      ["2.5", "c"],
    ]);
  });

  it("makes one vector of the inner dimensions, and says so", async () => {
    await withTable("a.npy", npy("'<f4'", [1, 2, 2], f4(1, 2, 3, 4)), (table) => {
      assert.equal(table.columns[0]!.dims, 4);
      assert.match(table.notes.join(), /2 × 2.*one vector of 4 values/);
      return Promise.resolve();
    });
  });

  it("names rows that are not finite", async () => {
    await withTable("a.npy", npy("'<f4'", [2, 2], f4(NaN, 1, 2, 3)), async (table) => {
      const [data] = (await readAll(table)).columns;
      assert(data?.type === "vector");
      assert.deepEqual(
        data.bad.map(({ at }) => at),
        [0],
      );
      assert.deepEqual([...data.values], [0, 0, 2, 3]);
    });
  });

  it("is refused in a sentence: a pickle, a cut, another file, no values", async () => {
    await assert.rejects(textRows("a.npy", npy("'|O'", [2], Buffer.from("\x80\x04"))), {
      message: /pickled Python objects/,
    });
    await assert.rejects(textRows("a.npy", npy("'<f4'", [3, 2], f4(1, 2))), {
      message: /^a\.npy is cut off: 3 × 2 values need \d+ bytes/,
    });
    await assert.rejects(textRows("a.npy", Buffer.from("\x89PNG\r\n\x1a\n000000")), {
      message: /does not start as an npy file/,
    });
    await assert.rejects(textRows("a.npy", npy("'<f4'", [0, 2], f4())), { message: /without values/ });
    await assert.rejects(textRows("a.npy", npy("'<c8'", [1], f4(1, 2))), { message: /complex numbers/ });
    await assert.rejects(textRows("a.npy", ""), { message: "a.npy is empty." });
  });
});

describe("an npz file", () => {
  const entries = [
    { name: "emb.npy", data: npy("'<f4'", [2, 3], f4(1, 2, 3, 4, 5, 6)) },
    { name: "label.npy", data: npy("'|S1'", [2], Buffer.from("ab")) },
    { name: "other.npy", data: npy("'<f4'", [1], f4(1)) },
  ];

  it("gives arrays with equal rows as columns, stored or compressed, and names the others", async () => {
    for (const deflate of [false, true]) {
      const bytes = zip(entries.map((entry) => ({ ...entry, deflate })));
      assert.deepEqual(await columnsOf("a.npz", bytes), ["emb: vector 3", "label: text"]);
      assert.deepEqual(await textRows("a.npz", bytes), [
        ["[1, 2, 3]", "a"],
        ["[4, 5, 6]", "b"],
      ]);
      await withTable("a.npz", bytes, (table) =>
        Promise.resolve(assert.match(table.notes.join(), /“other” has 1 rows/)),
      );
    }
  });

  it("is refused when it would unpack to more than memory holds, or to more than it claims", async () => {
    const data = npy("'<f4'", [2, 2], f4(1, 2, 3, 4));
    const huge = zip([{ name: "a.npy", data, deflate: true, claims: 0xfffffff0 }]);
    await assert.rejects(textRows("bomb.npz", huge), { message: /would unpack to 4,096 MB/ });
    const liar = zip([
      { name: "a.npy", data: npy("'<f4'", [1000, 1000], new Uint8Array(4_000_000)), deflate: true, claims: 200 },
    ]);
    await assert.rejects(textRows("bomb.npz", liar), { reason: "source", message: /bomb\.npz/ });
  });

  it("is refused when it is cut off or holds no arrays", async () => {
    const whole = zip(entries);
    await assert.rejects(textRows("a.npz", whole.subarray(0, whole.length - 30)), {
      message: /^a\.npz is not an npz file that can be read/,
    });
    await assert.rejects(textRows("a.npz", zip([{ name: "x.txt", data: Buffer.from("x") }])), {
      message: /without NumPy arrays/,
    });
  });
});
