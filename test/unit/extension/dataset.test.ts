import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { prepareDataset, type DatasetQuestions } from "../../../src/extension/dataset/prepare";
import { datasetKind, groupsOf, projectorFiles } from "../../../src/extension/dataset/source";
import { newRecipe } from "../../../src/extension/sources";
import type { Job } from "../../../src/protocol/engine";
import { LensError } from "../../../src/protocol/errors";
import type { Recipe } from "../../../src/protocol/recipe";
import { NO_ROLES, type TablePreview } from "../../../src/protocol/table";

const preview = (change: Partial<TablePreview> = {}): TablePreview => ({
  path: "mail.csv",
  columns: [
    { name: "a", kind: "number" },
    { name: "body", kind: "text" },
    { name: "a", kind: "text" },
  ],
  header: true,
  headerOpen: true,
  used: { ...NO_ROLES, text: 1 },
  items: "text",
  problem: null,
  rows: [["1", "one", "x"]],
  ...change,
});

const job: Job = { base: "/data", recipe: newRecipe({ kind: "rows", paths: ["mail.csv"] }, "glove-100d") };
const unasked: DatasetQuestions = {
  text: () => assert.fail("asked for the text"),
};

/** Prepares with previews by recipe. */
const prepare = (of: (recipe: Recipe) => TablePreview, questions: Partial<DatasetQuestions> = {}, start = job) =>
  prepareDataset(start, {
    preview: (looked) => Promise.resolve(of(looked.recipe)),
    questions: { ...unasked, ...questions },
  });

const nothing = preview({ used: NO_ROLES, problem: "No column looks like text." });

describe("a dataset that is opened", () => {
  it("is shown by the guess, with no question", async () => {
    assert.deepEqual(await prepare(() => preview()), job.recipe);
  });

  it("asks which column to show when none looks like text, and shows nothing when the question is closed", async () => {
    const of = ({ source }: Recipe) => (source.columns ? preview() : nothing);
    const chosen = await prepare(of, { text: () => Promise.resolve(1) });
    assert.deepEqual(chosen?.source.columns, { text: "body" });
    // A name that the file has twice says nothing.
    const twice = await prepare(of, { text: () => Promise.resolve(2) });
    assert.deepEqual(twice?.source.columns, { text: 3 });
    assert.equal(await prepare(of, { text: () => Promise.resolve(null) }), null);
  });

  it("that is wrong in another way is one sentence", async () => {
    const wrong = preview({ problem: "mail.csv has no column “x”." });
    await assert.rejects(
      prepare(() => wrong),
      (error) => error instanceof LensError && error.message === wrong.problem,
    );
  });

  it("with ready coordinates is drawn as it is, unless a method was chosen", async () => {
    const ready = preview({ used: { ...NO_ROLES, map: [0, 1] } });
    assert.equal((await prepare(() => ready))?.reduce.method, "none");
    const chosen = { ...job, recipe: { ...job.recipe, reduce: { ...job.recipe.reduce, method: "pca" as const } } };
    assert.equal((await prepare(() => ready, {}, chosen))?.reduce.method, "pca");
  });
});

describe("several files", () => {
  it("of rows make one picture, files of vectors one each", () => {
    assert.deepEqual(groupsOf(["/d/a.csv", "/d/b.jsonl"]), [["/d/a.csv", "/d/b.jsonl"]]);
    assert.deepEqual(groupsOf(["/d/a.npy", "/d/b.parquet", "/d/c.csv"]), [
      ["/d/c.csv"],
      ["/d/a.npy"],
      ["/d/b.parquet"],
    ]);
  });

  it("that are vectors and a table belong together, in any order", () => {
    assert.deepEqual(groupsOf(["/d/texts.csv", "/d/a.npy"]), [["/d/a.npy", "/d/texts.csv"]]);
  });

  it("are read as the loader wants them", () => {
    assert.equal(datasetKind("a.CSV"), "rows");
    for (const name of ["a.npy", "a.parquet", "a.safetensors", "a.vec", "glove.txt"]) {
      assert.equal(datasetKind(name), "vectors");
    }
  });
});

describe("a configuration of the Embedding Projector", () => {
  const config = (...embeddings: object[]): string => JSON.stringify({ embeddings });

  it("stands for the files it names in its folder", () => {
    assert.deepEqual(
      projectorFiles(
        "/d/config.json",
        config({ tensorPath: "t.tsv", metadataPath: "m.tsv" }, { tensorPath: "u.bytes" }),
      ),
      [["/d/t.tsv", "/d/m.tsv"], ["/d/u.bytes"]],
    );
  });

  it("reaches neither another folder nor the network, and anything else is none", () => {
    assert.equal(projectorFiles("/d/config.json", config({ tensorPath: "../secret.tsv" })), null);
    assert.equal(projectorFiles("/d/config.json", config({ tensorPath: "https://example.org/t.tsv" })), null);
    assert.deepEqual(projectorFiles("/d/config.json", config({ tensorPath: "t.tsv", metadataPath: "/etc/passwd" })), [
      ["/d/t.tsv"],
    ]);
    for (const text of ["{", "[]", '{"embeddings":3}', '{"embeddings":[null,{}]}']) {
      assert.equal(projectorFiles("/d/config.json", text), null);
    }
  });
});
