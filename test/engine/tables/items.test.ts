import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { realData } from "../../support/data";
import { folderOf, load } from "../../support/sources";

const embeddings = realData("data/embeddings");

describe("a file of vectors as items", () => {
  it("has its vectors, and the texts and labels beside it", { skip: embeddings.skip }, async () => {
    const set = await load(embeddings.path, { kind: "vectors", paths: ["mflix300/embeddings.npy"] });
    assert.deepEqual([set.kind, set.total, set.vectors?.rows, set.vectors?.cols], ["vector", 300, 300, 1536]);
    assert.deepEqual(set.items[1], {
      label: "Action, Thriller",
      path: "mflix300/embeddings.npy",
      row: 2,
      text: "Bullet to Beijing",
    });
    assert.match(set.notes!.join(), /metadata\.csv were joined row by row/);
  });

  it("is a seeded sample when one is asked for, in the order of the file", { skip: embeddings.skip }, async () => {
    const source = { kind: "vectors", paths: ["glove/glove_10k.json"], sample: 50 } as const;
    const set = await load(embeddings.path, { ...source, paths: [...source.paths] });
    const again = await load(embeddings.path, { ...source, paths: [...source.paths] });
    assert.deepEqual([set.items.length, set.total], [50, 9_441]);
    assert.deepEqual(
      set.items.map(({ row }) => row),
      set.items.map(({ row }) => row!).sort((a, b) => a - b),
    );
    assert.deepEqual(set, again);
  });

  it(
    "takes the group of an HDF5 file that the recipe names, and its ready coordinates",
    { skip: embeddings.skip },
    async () => {
      const set = await load(embeddings.path, { kind: "vectors", paths: ["gpseudotime/embeddings.h5"], part: "/lung" });
      assert.deepEqual([set.items.length, set.map?.rows, set.map?.cols], [66, 66, 2]);
    },
  );
});

test("a table of rows with ready vectors is not embedded again, and bad vectors are left out by name", async (t) => {
  const lines = [
    '{"text":"a b","emb":[1,0]}',
    '{"text":"c d","emb":[0,1,2]}',
    '{"text":"e f","emb":null}',
    '{"text":"g h","emb":[3,4]}',
    '{"text":"i j","emb":[5,6]}',
  ];
  const base = folderOf(t, { "t.jsonl": lines.join("\n"), "texts.csv": "text,label\na b,x\nc d,y\n" });
  const set = await load(base, { kind: "rows", paths: ["t.jsonl"], columns: { vector: "emb" } });
  assert.deepEqual(
    set.items.map(({ text, line }) => [text, line]),
    [
      ["a b", 1],
      ["g h", 4],
      ["i j", 5],
    ],
  );
  assert.deepEqual([...set.vectors!.data], [1, 0, 3, 4, 5, 6]);
  assert.deepEqual(set.skipped, [
    { path: "t.jsonl", place: 2, reason: "its vector has 3 values, the others have 2" },
    { path: "t.jsonl", place: 3, reason: "it has no vector" },
  ]);
  assert.equal((await load(base, { kind: "rows", paths: ["texts.csv"] })).kind, "text");
  await assert.rejects(load(base, { kind: "rows", paths: ["t.jsonl"], columns: { vector: "text" } }), {
    message: "The column “text” of t.jsonl holds no vectors.",
  });
  await assert.rejects(load(base, { kind: "vectors", paths: ["t.jsonl"], columns: { vector: "nope" } }), {
    reason: "recipe",
    message: /has no column “nope”/,
  });
});
