import assert from "node:assert/strict";
import { test } from "node:test";
import { kRange, neighborsRange, perplexityRange, withClusters, withReduce } from "../../../src/webview/edits";
import {
  columnWords,
  countWords,
  duration,
  groupWords,
  modelWords,
  progressWords,
  skippedWords,
  comparisonParts,
  comparisonWords,
  sharedWords,
  statusParts,
} from "../../../src/webview/words";
import { comparisonOf, MODELS, recipeOf, resultOf, type FixtureOptions } from "../../page/fixtures";

test("counts are in the words of the source, and a sample says so", () => {
  assert.equal(countWords("images", 133, 133), "133 pictures");
  assert.equal(countWords("lines", 1, 1), "1 line");
  assert.equal(countWords("rows", 5_000, 48_211), "5,000 of 48,211 rows");
});

test("a group says how many items it has, and how many of them are drawn of a sample", () => {
  const group = { name: "bird", from: 3, to: 15, category: 0, size: 12 };
  assert.equal(groupWords(group), "12 items");
  assert.equal(groupWords({ ...group, size: 3_400 }), "12 of 3,400 items");
  assert.equal(groupWords({ ...group, to: 4, size: 1 }), "1 item");
});

test("the status line tells what is shown", () => {
  const result = resultOf({ kind: "lines", count: 20 });
  assert.deepEqual(statusParts(result, "map", null), ["20 lines", "GloVe 100d, 256-d", "UMAP, trust 0.96", "1.2 s"]);
  const large = { ...result, items: { ...result.items, count: 20_000 }, total: 5_000_000 };
  assert.equal(statusParts(large, "map", null)[0], "20,000 of 5,000,000 lines");
  assert.equal(statusParts(large, "similarity", { shown: 2_000, total: 6_000 })[0], "2,000 of 5,000,000 lines");
});

test("the status line of a dataset names its columns, long names cut", () => {
  const result = resultOf({ kind: "lines", count: 20, dataset: {} });
  assert.deepEqual(statusParts(result, "map", null).slice(2, 4), ["text: question", "label: category"]);
  const long = { ...result, columns: { text: "x".repeat(60), label: null } };
  assert.deepEqual(statusParts(long, "map", null).slice(2, 4), [`text: ${"x".repeat(39)}…`, "label: none"]);
});

test("a binary table with texts is rows of a model, one with ready vectors is vectors", () => {
  const base = resultOf({ kind: "lines", count: 20 });
  const binary = { ...base, recipe: { ...base.recipe, source: { kind: "vectors" as const, paths: ["mail.sqlite"] } } };
  assert.deepEqual(statusParts(binary, "map", null).slice(0, 2), ["20 rows", "GloVe 100d, 256-d"]);
  const ready = { ...binary, items: { ...binary.items, kind: "vector" as const } };
  assert.deepEqual(statusParts(ready, "map", null).slice(0, 2), ["20 vectors", "256-d"]);
});

test("which columns were guessed is told apart from those that were chosen", () => {
  const words = (dataset: FixtureOptions["dataset"]) =>
    columnWords(resultOf({ kind: "lines", count: 5, ...(dataset && { dataset }) }));
  assert.match(words({}), /^Text and label were guessed/);
  assert.match(words({ columns: { label: null } }), /^The text was guessed/);
  assert.match(words({ columns: { text: "question", label: "id" } }), /chosen/);
});

test("progress is told in counts, downloads in megabytes, the rest in percent", () => {
  assert.equal(progressWords(null), "Starting");
  assert.equal(progressWords({ stage: "embed", done: 64, total: 133 }), "Embedding 64 of 133");
  assert.equal(progressWords({ stage: "items", done: 12, total: 0 }), "Reading 12");
  assert.equal(progressWords({ stage: "answers", done: 0, total: 0 }), "Waiting for earlier answers of the server");
  assert.equal(
    progressWords({ stage: "model", done: 1_200_000, total: 3_655_640 }),
    "Getting the model, 1.2 MB of 3.7 MB",
  );
  assert.equal(progressWords({ stage: "reduce", done: 200, total: 500 }), "Laying out the map, 40 %");
});

test("durations are short", () => {
  assert.deepEqual([42, 380, 1_183, 65_000].map(duration), ["42 ms", "0.4 s", "1.2 s", "1 min 5 s"]);
});

test("what was left out has its file and its line or row", () => {
  assert.equal(
    skippedWords({ path: "a.txt", place: 3, reason: "no known word" }, "lines"),
    "a.txt, line 3: no known word",
  );
  assert.equal(skippedWords({ path: "b.csv", place: 3, reason: "empty" }, "rows"), "b.csv, row 3: empty");
  assert.equal(skippedWords({ path: "c.png", reason: "not a picture" }, "images"), "c.png: not a picture");
});

test("a model that is not here says how much it weighs", () => {
  assert.deepEqual(
    MODELS.slice(2, 4).map((model) => modelWords(model, "image")),
    ["Lens Tiny", "MobileNetV2 (3.7 MB download)"],
  );
  const card = { ...MODELS[0]!.card, name: "Cohere embed-v4.0", source: "api.cohere.com" };
  const words = (["text", "image"] as const).map((kind) => modelWords({ card, state: "remote", bytes: 0 }, kind));
  assert.deepEqual(words, [
    "Cohere embed-v4.0 — sends your texts to api.cohere.com",
    "Cohere embed-v4.0 — sends your pictures to api.cohere.com",
  ]);
});

test("ranges of controls are capped by the number of items", () => {
  assert.equal(neighborsRange(10).max, 9);
  assert.equal(perplexityRange(20).max, 6);
  assert.equal(kRange(5).max, 5);
  for (const range of [neighborsRange(1), perplexityRange(1), kRange(1)]) assert.ok(range.max >= range.min);
});

test("a change leaves the rest of the recipe alone", () => {
  const recipe = recipeOf({ kind: "lines", count: 20 });
  const changed = withReduce(recipe, { neighbors: 5 });
  assert.deepEqual(changed, { ...recipe, reduce: { ...recipe.reduce, neighbors: 5 } });
  assert.equal(withClusters(recipe).cluster.method, "kmeans");
  const dense = { ...recipe, cluster: { ...recipe.cluster, method: "hdbscan" as const } };
  assert.equal(withClusters(dense), dense);
});

test("two models are told with what they have in common and what chance would give", () => {
  const result = resultOf({ kind: "lines", count: 20 });
  const whole = { ...comparisonOf(result, "other"), mean: 0.5 };
  assert.deepEqual(comparisonParts(result, whole), [
    "20 lines",
    "GloVe 100d, 256-d beside other, 384-d",
    "50 % of 10 nearest shared",
    "disparity 0.41",
    "UMAP",
  ]);
  assert.equal(comparisonParts(result, comparisonOf(result, "other", 19))[2], "compared on the 1 item that both have");
  assert.match(comparisonWords(whole), /By chance alone it would be 53 %\./);
  assert.ok(!comparisonWords({ ...whole, disparity: null }).includes("Disparity"));
  assert.deepEqual([sharedWords(0.2, 10), sharedWords(1, 1)], ["2 of 10 neighbours shared", "1 of 1 neighbour shared"]);
});
