import assert from "node:assert/strict";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { OPTIONS, type OptionType } from "../../../src/cli/options";
import { parseRecipe, type Recipe } from "../../../src/protocol/recipe";
import { fakeRun } from "./fake-io";

let cwd = "";
before(async () => {
  cwd = await mkdtemp(path.join(os.tmpdir(), "lens-job-"));
  const files = [
    "notes.txt",
    "read me.md",
    "log",
    "data.CSV",
    "x.jsonl",
    "pics/cat/1.JPG",
    "pics/dog/2.webp",
    "pics/readme.txt",
    "pics/.hidden/1.txt",
    "pics/node_modules/1.txt",
    "texts/a.txt",
    "texts/b.md",
    "texts/cover.png",
    "über raschung/ä.png",
    "sub/data/in.txt",
  ];
  for (const name of files) {
    await mkdir(path.dirname(path.join(cwd, name)), { recursive: true });
    await writeFile(path.join(cwd, name), "x\n");
  }
  const recipe = {
    version: 1,
    source: { kind: "lines", paths: ["data/in.txt"], ranges: [[2, 4]] },
    model: "other",
    reduce: { method: "tsne", perplexity: 12 },
    cluster: { method: "kmeans", k: 4 },
    seed: 9,
  };
  await writeFile(path.join(cwd, "sub", "r.lens.json"), `\uFEFF${JSON.stringify(recipe)}`);
});
after(() => rm(cwd, { recursive: true }));

async function recipeOf(...args: string[]): Promise<Recipe> {
  const run = await fakeRun(["map", ...args], { cwd });
  assert.equal(run.status, 0, run.stderr);
  return run.jobs[0]!.recipe;
}

test("a source is guessed by what it is", async () => {
  const guesses: [string[], Recipe["source"]["kind"], string[]][] = [
    [["notes.txt"], "lines", ["notes.txt"]],
    [["./read me.md"], "lines", ["read me.md"]],
    [["log"], "lines", ["log"]],
    [["data.CSV"], "rows", ["data.CSV"]],
    [["x.jsonl"], "rows", ["x.jsonl"]],
    [["pics/"], "images", ["pics"]],
    [["texts"], "files", ["texts"]],
    [["texts", "notes.txt"], "files", ["texts", "notes.txt"]],
    [["pics/cat/1.JPG", "pics/dog"], "images", ["pics/cat/1.JPG", "pics/dog"]],
    [["über raschung"], "images", ["über raschung"]],
    [["-"], "lines", ["-"]],
  ];
  for (const [args, kind, paths] of guesses) {
    const { source, model } = await recipeOf(...args);
    assert.deepEqual({ kind: source.kind, paths: source.paths }, { kind, paths });
    assert.equal(model, kind === "images" ? "lens-tiny" : "glove-100d");
  }
});

test("--as wins over the guess", async () => {
  assert.equal((await recipeOf("notes.txt", "--as", "paragraphs")).source.kind, "paragraphs");
  assert.equal((await recipeOf("pics", "--as", "files")).model, "glove-100d");
});

test("without options a recipe has the documented defaults", async () => {
  assert.deepEqual(await recipeOf("notes.txt"), {
    version: 1,
    source: { kind: "lines", paths: ["notes.txt"] },
    model: "glove-100d",
    metric: "cosine",
    reduce: { method: "umap", dims: 2, neighbors: 15, minDist: 0.1, perplexity: 30 },
    cluster: { method: "none", k: 10, on: "vectors" },
    seed: 42,
  });
});

test("every option finds its place in the recipe", async () => {
  const options =
    "--model m --metric dot --reduce tsne --dims 3 --neighbors 7 --min-dist 0.5 --perplexity 12.5 --cluster kmeans --k 3 --seed 5 --sample 100 --header no --text 2 --label name --id 1";
  assert.deepEqual(await recipeOf("data.CSV", ...options.split(" ")), {
    version: 1,
    source: {
      kind: "rows",
      paths: ["data.CSV"],
      columns: { text: 2, label: "name", id: 1 },
      header: false,
      sample: 100,
    },
    model: "m",
    metric: "dot",
    reduce: { method: "tsne", dims: 3, neighbors: 7, minDist: 0.5, perplexity: 12.5 },
    cluster: { method: "kmeans", k: 3, on: "vectors" },
    seed: 5,
  });
});

test("the settings of a way of clustering reach the recipe", async () => {
  const dense = await recipeOf("data.CSV", "--cluster", "dbscan", "--eps", "0.5", "--min-points", "4");
  assert.deepEqual(dense.cluster, { method: "dbscan", k: 10, on: "vectors", eps: 0.5, minPoints: 4 });
  const sizes = await recipeOf("data.CSV", "--cluster", "hdbscan", "--min-cluster-size", "9", "--min-samples", "2");
  assert.deepEqual(sizes.cluster, { method: "hdbscan", k: 10, on: "vectors", minClusterSize: 9, minSamples: 2 });
  const tree = await recipeOf("data.CSV", "--cluster", "agglomerative", "--linkage", "average", "--distance", "1.5");
  assert.deepEqual(tree.cluster, { method: "agglomerative", k: 10, on: "vectors", linkage: "average", distance: 1.5 });
});

test("a label of none is no label, other columns may be called none", async () => {
  const { source } = await recipeOf("data.CSV", "--label", "none", "--text", "none");
  assert.deepEqual(source.columns, { text: "none", label: null });
});

test("the ranges of the options are those of a recipe", () => {
  const places = { neighbors: "neighbors", "min-dist": "minDist", perplexity: "perplexity" } as const;
  for (const [option, field] of Object.entries(places) as [keyof typeof places, string][]) {
    const { min, max } = OPTIONS[option] as Extract<OptionType, { kind: "number" }>;
    const recipe = (value: number) => ({
      version: 1,
      source: { kind: "lines", paths: ["a"] },
      model: "m",
      reduce: { [field]: value },
    });
    for (const good of [min, max]) assert.doesNotThrow(() => parseRecipe(recipe(good)), `${option} ${good}`);
    for (const bad of [min - 1, max + 1]) assert.throws(() => parseRecipe(recipe(bad)), `${option} ${bad}`);
  }
});

test("a recipe runs in its own folder, and options override it", async () => {
  const run = await fakeRun(["map", "sub/r.lens.json", "--seed", "1", "--k", "5", "--perplexity", "7"], { cwd });
  assert.equal(run.status, 0, run.stderr);
  const [job] = run.jobs;
  assert.equal(job!.base, path.join(cwd, "sub"));
  assert.deepEqual(job!.recipe.source, { kind: "lines", paths: ["data/in.txt"], ranges: [[2, 4]] });
  assert.deepEqual(
    [
      job!.recipe.model,
      job!.recipe.seed,
      job!.recipe.reduce.method,
      job!.recipe.reduce.perplexity,
      job!.recipe.cluster.k,
    ],
    ["other", 1, "tsne", 7, 5],
  );
});

test("stdin travels as a document", async () => {
  const run = await fakeRun(["map", "-"], { cwd, stdin: "a\nb\n" });
  assert.deepEqual(run.jobs[0]!.documents, { "-": "a\nb\n" });
});

test("similarity and embed run no map, but their result names the whole recipe", async () => {
  for (const command of ["similarity", "embed"]) {
    const run = await fakeRun([command, "notes.txt"], { cwd });
    assert.equal(run.jobs[0]!.recipe.reduce.method, "none");
    assert.equal((JSON.parse(run.stdout) as { recipe: Recipe }).recipe.reduce.method, "umap");
  }
});
