import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openDataset } from "../../../src/engine/tables/dataset";
import { openTable } from "../../../src/engine/tables/open";
import { readPickle } from "../../../src/engine/tables/pickle/reader";
import { bytesOf, columnsOf, npy, rowsOf, temporaryFolder, textRows, withTable } from "./files";

const f4 = (...values: number[]): Uint8Array => bytesOf(Float32Array.from(values));

async function folderOf(files: Record<string, string | Uint8Array>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

describe("word vectors as text", () => {
  it("are read with word2vec's line of counts and without, words with blanks too", async () => {
    assert.deepEqual(await textRows("w.vec", "2 3\nthe 0.1 0.2 -1e-1\nnew york 1 2 3\n"), [
      ["the", "[0.10000000149011612, 0.20000000298023224, -0.10000000149011612]"],
      ["new york", "[1, 2, 3]"],
    ]);
    await withTable("w.txt", "the 1 2 3\nof 4 5 6\n", async (table) => {
      assert.equal(table.format, "GloVe");
      assert.deepEqual([...(await table.preview(["word"], 5)).lines!], [1, 2]);
    });
  });
});

describe("a safetensors file", () => {
  const file = (header: object, data: Uint8Array): Uint8Array => {
    const text = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    return Buffer.concat([length, text, data]);
  };

  it("gives its matrix and what has as many rows", async () => {
    const header = {
      __metadata__: { format: "pt" },
      emb: { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] },
      bias: { dtype: "BF16", shape: [2], data_offsets: [16, 20] },
      other: { dtype: "F32", shape: [1], data_offsets: [20, 24] },
    };
    const bytes = file(header, Buffer.concat([f4(1, 2, 3, 4), Buffer.from([0x80, 0x3f, 0x00, 0xc0]), f4(0)]));
    assert.deepEqual(await textRows("m.safetensors", bytes), [
      ["[1, 2]", "1"],
      ["[3, 4]", "-2"],
    ]);
  });

  it("is refused when it is cut off or its header lies", async () => {
    const tensor = { emb: { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] } };
    await assert.rejects(textRows("m.safetensors", file(tensor, f4(1, 2))), { message: /it is cut off/ });
    await assert.rejects(
      textRows("m.safetensors", file({ emb: { dtype: "F32", shape: [9, 9], data_offsets: [0, 16] } }, f4(1, 2, 3, 4))),
      {
        message: /another size than its shape/,
      },
    );
    await assert.rejects(textRows("m.safetensors", Buffer.alloc(64, 0xff)), { message: /longer than the file/ });
  });
});

describe("the Embedding Projector's tensors", () => {
  it("get their shape from a configuration, else from the metadata beside them", async () => {
    const tensors = f4(1, 2, 3, 4, 5, 6, 7, 8);
    const config = {
      embeddings: [{ tensorPath: "data/a_tensors.bytes", tensorShape: [2, 4], metadataPath: "data/words.tsv" }],
    };
    const a = await folderOf({
      "a_tensors.bytes": tensors,
      "projector_config.json": JSON.stringify(config),
      "words.tsv": "x\ny\n",
    });
    const dataset = await openDataset(join(a, "a_tensors.bytes"));
    assert.deepEqual([await dataset.table.count(), dataset.roles.vector, dataset.companions.length], [2, "vector", 1]);
    await dataset.table.close();
    const b = await folderOf({ "b_tensors.bytes": tensors, "b_labels.tsv": "name\tkind\np\tq\nr\ts\n" });
    const table = await openTable(join(b, "b_tensors.bytes"));
    assert.deepEqual([table.rowCount, table.columns[0]!.dims], [2, 4]);
    await table.close();
  });

  it("are refused when nothing tells their shape", async () => {
    const folder = await folderOf({ "a_tensors.bytes": f4(1, 2) });
    await assert.rejects(openTable(join(folder, "a_tensors.bytes")), { message: /The shape of .* cannot be told/ });
  });
});

describe("a file of vectors", () => {
  const vectors = npy("'<f4'", [3, 4], f4(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));

  it("finds its texts in a table of as many rows beside it", async () => {
    const folder = await folderOf({
      "vec.npy": vectors,
      "metadata.csv": "title,genre\nOne film,x\nTwo films,y\nThree films,x\n",
    });
    const { table, roles, companions } = await openDataset(join(folder, "vec.npy"));
    assert.deepEqual([roles.text, roles.label, roles.vector], ["title", "genre", "vector"]);
    assert.equal(companions[0]!.by, null);
    assert.deepEqual(rowsOf(await table.read(["genre", "vector", "title"], Int32Array.of(1, 2)), 2), [
      ["y", "[5, 6, 7, 8]", "Two films"],
      ["x", "[9, 10, 11, 12]", "Three films"],
    ]);
    await table.close();
  });

  it("finds them by its list of ids, in another order, and leaves what has no partner empty", async () => {
    const ids = "abcdefghijkl".split("");
    const data = npy("'<f4'", [12, 4], bytesOf(Float32Array.from({ length: 48 }, (_, i) => i)));
    const records = ids
      .slice(1)
      .reverse()
      .map((id) => ({ id, text: `the text of ${id}` }));
    const folder = await folderOf({
      "emb.npy": data,
      "emb_ids.json": JSON.stringify(ids),
      "catalog.json": JSON.stringify(records),
    });
    const { table, roles, companions } = await openDataset(join(folder, "emb.npy"));
    assert.deepEqual([roles.text, roles.id], ["text", "value"]);
    assert.deepEqual(
      companions.map(({ by }) => by),
      [null, ["value", "id"]],
    );
    const block = await table.read(["value", "text"], Int32Array.of(0, 1, 11));
    assert.deepEqual(rowsOf(block, 3), [
      ["a", null],
      ["b", "the text of b"],
      ["l", "the text of l"],
    ]);
    await table.close();
  });

  it("takes the texts that a person names, or none, whatever lies beside it", async () => {
    const folder = await folderOf({ "vec.npy": vectors, "metadata.csv": "title\na b\nc d\ne f\n" });
    const other = await folderOf({ "t.csv": "name\nOne film\nTwo films\nThree films\n", "short.csv": "name\na b\n" });
    const named = await openDataset(join(folder, "vec.npy"), { texts: join(other, "t.csv") });
    assert.equal(named.roles.text, "name");
    await named.table.close();
    const none = await openDataset(join(folder, "vec.npy"), { texts: null });
    assert.deepEqual([none.roles.text, none.companions], [null, []]);
    await none.table.close();
    await assert.rejects(openDataset(join(folder, "vec.npy"), { path: "vec.npy", texts: join(other, "short.csv") }), {
      message: /^short\.csv has 1 rows and vec\.npy 3 vectors, and no column of ids joins them\./,
    });
  });

  it("takes no table that does not fit", async () => {
    const folder = await folderOf({ "vec.npy": vectors, "metadata.csv": "title\na b\nc d\n", "data.json": "{broken" });
    await mkdir(join(folder, "ids.json"));
    const { table, companions } = await openDataset(join(folder, "vec.npy"));
    assert.deepEqual(companions, []);
    await table.close();
  });
});

describe("a pickle", () => {
  it("of plain data is read without running anything", () => {
    // [("a", 1, 2.5), None, True] in protocol 2 and its names in protocol 0
    const two = Buffer.from("\x80\x02]q\0(X\x01\0\0\0aK\x01G\x40\x04\0\0\0\0\0\0\x87q\x01N\x88e.", "latin1");
    assert.deepEqual(readPickle(two), [["a", 1, 2.5], null, true]);
    assert.deepEqual(readPickle(Buffer.from("(lp0\nVlabel\np1\naI5\na.")), ["label", 5]);
  });

  it("is refused by the name of what it asks for", () => {
    assert.throws(() => readPickle(Buffer.from("cposix\nsystem\n(S'echo hello'\ntR.")), /it names “posix\.system”/);
    assert.throws(() => readPickle(Buffer.from("cbuiltins\neval\n(S'1'\ntR.")), /it names “builtins\.eval”/);
    assert.throws(() => readPickle(Buffer.from("(S'x'\nios\nsystem\n.")), /opcode 0x69/);
    assert.throws(() => readPickle(Buffer.from("\x80\x04X\xff\xff\xff\x7fa", "latin1")), /cut off/);
  });
});

describe("number columns", () => {
  it("with a common name and numbers in a row are one vector", async () => {
    const header = ["text", "e0", "e1", "e2", "e3", "size"].join(",");
    const table = `${header}\nsome words,1,2,3,4,9\nmore words,5,6,7,,8\n`;
    const folder = await folderOf({ "t.csv": table });
    const dataset = await openDataset(join(folder, "t.csv"));
    assert.deepEqual([dataset.roles.text, dataset.roles.vector, dataset.roles.metadata], ["text", "e0…e3", ["size"]]);
    const [data] = (await dataset.table.read(["e0…e3"], Int32Array.of(0, 1))).columns;
    assert(data?.type === "vector");
    assert.deepEqual([[...data.values.slice(0, 4)], data.bad.map(({ at }) => at)], [[1, 2, 3, 4], [1]]);
    await dataset.table.close();
  });

  it("named as axes are ready coordinates", async () => {
    const folder = await folderOf({ "t.csv": "text,umap_x,umap_y,kind\na b,1,2,x\nc d,3,4,y\n" });
    const { roles, table } = await openDataset(join(folder, "t.csv"));
    assert.deepEqual([roles.coordinates, roles.text, roles.vector], [["umap_x", "umap_y"], "text", null]);
    await table.close();
  });

  it("are taken for a vector when there is nothing else", async () => {
    assert.deepEqual(await columnsOf("t.csv", "width,height,class\n1.5,2,a\n3,4,b\n"), [
      "width: number",
      "height: number",
      "class: text",
    ]);
    const three = await folderOf({ "t.csv": "width,height,depth,class\n1.5,2,1,a\n3,4,1,b\n5,6,2,a\n" });
    const measured = await openDataset(join(three, "t.csv"));
    assert.deepEqual([measured.roles.vector, measured.roles.label], ["width…depth", "class"]);
    await measured.table.close();
  });
});

describe("a column of pictures", () => {
  it("is found by its paths or URLs", async () => {
    const folder = await folderOf({ "t.csv": "path,caption\nimg/a.jpg,a small cat\nimg/b.png,a big dog\n" });
    const { roles, table } = await openDataset(join(folder, "t.csv"));
    assert.deepEqual([roles.image, roles.text], ["path", "caption"]);
    await table.close();
  });
});
