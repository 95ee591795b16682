import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { prepareDataset, type DatasetQuestions } from "../../../src/extension/dataset/prepare";
import { datasetKind, datasetOf, projectorFiles } from "../../../src/extension/dataset/source";
import { isNameless } from "../../../src/extension/dataset/nameless";
import { newRecipe } from "../../../src/extension/sources";
import type { Job } from "../../../src/protocol/engine";
import { LensError } from "../../../src/protocol/errors";
import type { Recipe } from "../../../src/protocol/recipe";
import { NO_ROLES, type TablePreview } from "../../../src/protocol/table";
import { result } from "./fixtures";

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
  part: () => assert.fail("asked for the table"),
  root: () => assert.fail("asked for the folder"),
  text: () => assert.fail("asked for the text"),
};

/** Prepares with previews by recipe. */
const prepare = (of: (recipe: Recipe) => TablePreview, questions: Partial<DatasetQuestions> = {}, start = job) =>
  prepareDataset(
    start,
    {
      preview: (looked) => Promise.resolve(of(looked.recipe)),
      questions: { ...unasked, ...questions },
      imageModel: () => "lens-tiny",
    },
    new AbortController().signal,
  );

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

  it("asks which table to show when its file holds several", async () => {
    const several = preview({ parts: ["/lung", "/liver"], columns: [], used: NO_ROLES, problem: "It holds several." });
    const of = ({ source }: Recipe) => (source.part ? preview({ parts: ["/lung", "/liver"] }) : several);
    const chosen = await prepare(of, { part: (_, parts) => Promise.resolve(parts[1]!) });
    assert.equal(chosen?.source.part, "/liver");
    assert.equal(await prepare(of, { part: () => Promise.resolve(null) }), null);
  });

  it("of pictures gets a model of pictures, and is asked for their folder only when they are not below its own", async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "dataset-"));
    try {
      mkdirSync(path.join(folder, "tables"));
      mkdirSync(path.join(folder, "photos/cats"), { recursive: true });
      writeFileSync(path.join(folder, "photos/cats/a.jpg"), "");
      writeFileSync(path.join(folder, "tables/b.jpg"), "");
      const start = { base: path.join(folder, "tables"), recipe: job.recipe };
      const used = { ...NO_ROLES, image: 1 };
      const pictures = (...names: string[]) =>
        prepare(
          () => preview({ items: "image", used, rows: names.map((name) => ["1", name, ""]) }),
          { root: () => Promise.resolve(chosen) },
          start,
        );
      let chosen: string | null | undefined = null;
      const own = await pictures("gone.jpg", "b.jpg");
      assert.equal(own?.model, "lens-tiny");
      assert.equal(own.source.root, undefined);
      assert.equal((await pictures("https://example.org/a.jpg"))?.source.root, undefined);
      assert.equal(await pictures("cats/a.jpg"), null);
      chosen = path.join(folder, "photos");
      assert.equal((await pictures("cats/a.jpg"))?.source.root, "../photos");
      // The names begin with the folder that was chosen.
      chosen = path.join(folder, "photos/cats");
      assert.equal((await pictures("cats/a.jpg"))?.source.root, "../photos");
      chosen = undefined;
      assert.equal((await pictures("cats/a.jpg"))?.source.root, undefined);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
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
  it("are one dataset", () => {
    assert.deepEqual(datasetOf(["/d/a.csv", "/d/b.parquet"]), { files: ["/d/a.csv", "/d/b.parquet"] });
    assert.deepEqual(datasetOf(["/d/a.npy", "/d/b.npy"]), { files: ["/d/a.npy", "/d/b.npy"] });
  });

  it("that are bare vectors and a table belong together, in any order", () => {
    assert.deepEqual(datasetOf(["/d/texts.csv", "/d/a.npy"]), { files: ["/d/a.npy"], texts: "/d/texts.csv" });
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
      [{ files: ["/d/t.tsv"], texts: "/d/m.tsv" }, { files: ["/d/u.bytes"] }],
    );
  });

  it("reaches neither another folder nor the network, and anything else is none", () => {
    assert.equal(projectorFiles("/d/config.json", config({ tensorPath: "../secret.tsv" })), null);
    assert.equal(projectorFiles("/d/config.json", config({ tensorPath: "https://example.org/t.tsv" })), null);
    assert.deepEqual(projectorFiles("/d/config.json", config({ tensorPath: "t.tsv", metadataPath: "/etc/passwd" })), [
      { files: ["/d/t.tsv"] },
    ]);
    for (const text of ["{", "[]", '{"embeddings":3}', '{"embeddings":[null,{}]}']) {
      assert.equal(projectorFiles("/d/config.json", text), null);
    }
  });
});

it("vectors of which nothing is known are asked about once, and only they", () => {
  const vectors = result(3);
  vectors.items = { ...vectors.items, kind: "vector", labels: [] };
  assert.ok(isNameless(job.recipe, vectors));
  const withTexts: Recipe = { ...job.recipe, source: { ...job.recipe.source, texts: "t.csv" } };
  assert.ok(!isNameless(withTexts, vectors));
  assert.ok(!isNameless({ ...withTexts, source: { ...withTexts.source, texts: null } }, vectors));
  assert.ok(!isNameless(job.recipe, { ...vectors, given: true }));
  assert.ok(!isNameless(job.recipe, { ...vectors, items: { ...vectors.items, ids: ["a", "b", "c"] } }));
  assert.ok(!isNameless(job.recipe, { ...vectors, columns: { text: "title", label: null } }));
  assert.ok(!isNameless(job.recipe, result(3)));
});
