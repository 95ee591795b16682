import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openDataset } from "../../../src/engine/tables/dataset";
import { openTable } from "../../../src/engine/tables/open";
import { cellText } from "../../../src/engine/tables/table";
import { realData } from "../../support/data";

interface Expected {
  file: string;
  rows: number;
  vector?: [string, number];
  coordinates?: string[];
  text?: string;
  label?: string;
  id?: string;
  /** Files whose columns were put to it, with the key. */
  with?: string[];
}

/** As docs/formats.md says. */
const TABLE: Expected[] = [
  { file: "jeopardy10/all-MiniLM-L6-v2.json", rows: 10, vector: ["vector", 384], text: "Question", label: "Category" },
  { file: "jeopardy10/openai-ada-002.json", rows: 10, vector: ["vector", 1536], text: "Question", label: "Category" },
  {
    file: "mflix300/embeddings.npy",
    rows: 300,
    vector: ["vector", 1536],
    text: "titles",
    label: "genres",
    with: ["metadata.csv"],
  },
  {
    file: "shl370/embeddings.npy",
    rows: 370,
    vector: ["vector", 384],
    text: "description",
    label: "test_type",
    id: "value",
    with: ["embeddings_ids.json", "catalog.json (value = id)"],
  },
  { file: "neuroregistry295/embeddings.parquet", rows: 295, vector: ["embedding", 384], text: "text" },
  {
    file: "songs49/embeddings.parquet",
    rows: 49,
    vector: ["embedding", 384],
    text: "text",
    label: "genre",
    id: "spotify_id",
  },
  {
    file: "feuilleton1393/embeddings.parquet",
    rows: 1393,
    vector: ["embedding", 1024],
    label: "label",
    id: "article_id",
  },
  {
    file: "nurture225/embeddings.jsonl",
    rows: 225,
    vector: ["embedding", 1024],
    text: "text",
    label: "topic",
    id: "chunk_id",
    with: ["chunks.jsonl (chunk_id = chunk_id)"],
  },
  { file: "iris/iris_tensors.bytes", rows: 150, vector: ["vector", 4], label: "class", with: ["iris_labels.tsv"] },
  {
    file: "glove/glove_2000_vectors.tsv",
    rows: 2000,
    vector: ["column_1…column_50", 50],
    text: "word",
    with: ["glove_2000_metadata.tsv"],
  },
  { file: "glove/glove_10k.json", rows: 9441, vector: ["vector", 50], text: "word" },
  { file: "digits2d/digits_embedding_42.npy", rows: 1797, coordinates: ["vector"] },
];

const embeddings = realData("data/embeddings");

describe("the real files, opened with no question", () => {
  for (const expected of TABLE) {
    it(`${expected.file} shows what its columns are`, { skip: embeddings.skip }, async () => {
      const { table, roles, companions } = await openDataset(join(embeddings.path, expected.file));
      const dims = table.columns.find(({ name }) => name === roles.vector)?.dims;
      const found: Expected = {
        file: expected.file,
        rows: await table.count(),
        ...(roles.vector === null ? {} : { vector: [roles.vector, dims!] }),
        ...(roles.coordinates === null ? {} : { coordinates: roles.coordinates }),
        ...(roles.text === null ? {} : { text: roles.text }),
        ...(roles.label === null ? {} : { label: roles.label }),
        ...(roles.id === null ? {} : { id: roles.id }),
        ...(companions.length === 0
          ? {}
          : { with: companions.map(({ file, by }) => file.split("/").at(-1)! + (by ? ` (${by[0]} = ${by[1]})` : "")) }),
      };
      await table.close();
      assert.deepEqual(found, expected);
    });
  }

  it(
    "a file of two groups asks for one by name, and reads it with rows second",
    { skip: embeddings.skip },
    async () => {
      const file = join(embeddings.path, "gpseudotime/embeddings.h5");
      await assert.rejects(openDataset(file, { path: "embeddings.h5" }), {
        message: "embeddings.h5 holds several tables: “/lung” (66 rows), “/monocle” (159 rows). Name one of them.",
      });
      const { table, roles } = await openDataset(file, { part: "monocle" });
      assert.deepEqual([await table.count(), roles.coordinates], [159, ["embedding"]]);
      await table.close();
    },
  );

  const banking = realData("data/banking77");
  it("BANKING77 is texts with 77 labels, each at its line", { skip: banking.skip }, async () => {
    const { table, roles } = await openDataset(join(banking.path, "train.csv"));
    const rows = await table.count();
    const { columns, lines } = await table.read(
      ["category"],
      Int32Array.from({ length: rows }, (_, i) => i),
    );
    assert.deepEqual([rows, roles.text, roles.label], [10_003, "text", "category"]);
    assert.equal(new Set(Array.from({ length: rows }, (_, i) => cellText(columns[0]!, i))).size, 77);
    const text = (await readFile(join(banking.path, "train.csv"), "utf8")).split("\n");
    assert.match(text[lines![9_999]! - 1]!, /,[\w?]+\r?$/);
    await table.close();
  });
});

describe("frames that pandas wrote to HDF5", () => {
  const pandas = realData("data/pandas-h5");
  for (const [name, vector] of [
    ["fixed.h5", "embeddings"],
    ["table.h5", "e0…e15"],
  ] as const) {
    it(`${name} has the texts, labels and vectors of the frame`, { skip: pandas.skip }, async () => {
      type Row = { text: string; label: number; intent: string; embeddings: number[] };
      const expected = JSON.parse(await readFile(join(pandas.path, "expected.json"), "utf8")) as {
        first: Row;
        last: Row;
      };
      const { table, roles } = await openDataset(join(pandas.path, name));
      assert.deepEqual([await table.count(), roles.text, roles.label, roles.vector], [200, "text", "intent", vector]);
      const { columns } = await table.read(["text", "label", "intent", vector], Int32Array.of(0, 199));
      for (const [at, row] of [expected.first, expected.last].entries()) {
        assert.deepEqual(
          columns.slice(0, 3).map((column) => cellText(column, at)),
          [row.text, String(row.label), row.intent],
        );
        const values = (columns[3]!.values as Float32Array).subarray(at * 16, at * 16 + 16);
        assert.deepEqual(values, Float32Array.from(row.embeddings));
      }
      await table.close();
    });
  }
});

describe("a safetensors model", () => {
  const model = realData("models/model2vec-bge-64d/model.safetensors");
  it("gives its matrix of embeddings", { skip: model.skip }, async () => {
    const table = await openTable(model.path);
    assert.deepEqual(
      table.columns.map(({ name, dims }) => [name, dims]),
      [["embeddings", 64]],
    );
    await table.close();
  });
});
