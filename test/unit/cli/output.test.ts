import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { LensError } from "../../../src/protocol/errors";
import type { ModelCard } from "../../../src/protocol/models";
import type { ResultFile } from "../../../src/protocol/result";
import { NO_ROLES, type TablePreview } from "../../../src/protocol/table";
import { resultOf } from "../export/fixture";
import { readNpy } from "../export/npy";
import { fakeRun } from "./fake-io";

let cwd = "";
beforeEach(async () => {
  cwd = await mkdtemp(path.join(os.tmpdir(), "lens-output-"));
  await writeFile(path.join(cwd, "n.txt"), "one\ntwo\n");
});
afterEach(() => rm(cwd, { recursive: true }));

const read = (name: string): Promise<Buffer> => readFile(path.join(cwd, name));

test("without --out the result is JSON on stdout, and the summary is on stderr", async () => {
  const run = await fakeRun(["map", "n.txt"], { cwd });
  assert.equal(run.status, 0);
  assert.deepEqual(
    (JSON.parse(run.stdout) as ResultFile).items.map(({ text }) => text),
    ["one", "two"],
  );
  assert.equal(run.stderr, "2 lines · glove-100d, 100-d · UMAP · 0.0 s\n");
  assert.equal((await fakeRun(["map", "n.txt", "--quiet"], { cwd })).stderr, "");
});

test("several outputs are written in one run, and stdout stays empty", async () => {
  const run = await fakeRun(
    ["map", "n.txt", "--out", "m.json", "--out", "M.CSV", "--out", "m.npy", "--out", "m.lens.json"],
    { cwd },
  );
  assert.equal(run.status, 0, run.stderr);
  assert.equal(run.stdout, "");
  assert.equal(run.jobs.length, 1);
  assert.deepEqual((await readdir(cwd)).sort(), ["M.CSV", "m.json", "m.lens.json", "m.npy", "n.txt"]);
  assert.deepEqual(readNpy(await read("m.npy")).shape, [2, 2]);
  assert.match(run.stderr, /^Wrote m\.json\nWrote M\.CSV\nWrote m\.npy\nWrote m\.lens\.json\n2 lines/);
});

test("files of items have the columns of the dataset, with values that the result itself does not carry", async () => {
  const { items } = resultOf(["one", "two"]);
  const run = await fakeRun(["map", "n.txt", "--out", "m.json", "--out", "m.csv", "--out", "m.jsonl"], {
    cwd,
    change: { items: { ...items, placeKind: "row", meta: [{ name: "url", kind: "text" }] } },
    columns: [{ name: "url", kind: "category", values: ["u1", "u2"], code: Int32Array.of(0, 1) }],
  });
  assert.equal(run.status, 0, run.stderr);
  const file = JSON.parse(String(await read("m.json"))) as ResultFile;
  assert.deepEqual(file.items[1]!.columns, { url: "u2" });
  assert.match(String(await read("m.csv")), /cluster,url\r\n.*,u1\r\n.*,u2\r\n$/);
  assert.match(String(await read("m.jsonl")), /"url":"u1"\}\n/);
});

test("npy holds what the command is about", async () => {
  await fakeRun(["similarity", "n.txt", "--out", "s.npy"], { cwd });
  assert.deepEqual(readNpy(await read("s.npy")), { shape: [2, 2], data: Float32Array.of(1, 0.5, 0.5, 1) });
  await fakeRun(["embed", "n.txt", "--out", "e.npy"], { cwd });
  assert.deepEqual(readNpy(await read("e.npy")), { shape: [2, 2], data: Float32Array.of(0, 1, 2, 3) });
});

test("the JSON of similarity has the matrix, that of embed the vectors, that of map neither", async () => {
  const of = async (command: string) => JSON.parse((await fakeRun([command, "n.txt"], { cwd })).stdout) as ResultFile;
  assert.deepEqual((await of("similarity")).matrix, [
    [1, 0.5],
    [0.5, 1],
  ]);
  assert.deepEqual((await of("embed")).vectors, [
    [0, 1],
    [2, 3],
  ]);
  const map = await of("map");
  assert.ok(!("matrix" in map) && !("vectors" in map) && map.x?.length === 2);
});

test("a matrix above 5,000 items is refused for JSON with the way out", async () => {
  const texts = Array.from({ length: 5_001 }, (_, i) => String(i));
  const run = await fakeRun(["similarity", "n.txt"], { cwd, texts });
  assert.equal(run.status, 1);
  assert.match(run.stderr, /The matrix of 5,001 items .* use --out NAME\.npy/);
  assert.equal(run.stdout, "");
});

test("warnings and what was left out are told on stderr, also with --quiet, and steer no terminal", async () => {
  const change = {
    warnings: ["Few items."],
    skipped: Array.from({ length: 7 }, (_, i) => ({ path: "\u001b[2Jn.txt", place: i + 1, reason: "no known word" })),
  };
  const { stderr } = await fakeRun(["map", "n.txt", "--quiet"], { cwd, change });
  assert.match(stderr, /^Warning: Few items\.\n7 left out:\n {2}\uFFFD\[2Jn\.txt line 1: no known word\n/);
  assert.match(stderr, / {2}and 2 more \(all are in the \.json output\)\n$/);
  assert.equal(stderr.split("\n").length, 9);
});

test("what was done and is no fault is a note on stderr, not with --quiet, and a field of the JSON", async () => {
  const change = { notes: ["3 empty lines left out."] };
  const run = await fakeRun(["map", "n.txt"], { cwd, change });
  assert.match(run.stderr, /^Note: 3 empty lines left out\.\n/);
  assert.deepEqual((JSON.parse(run.stdout) as ResultFile).notes, change.notes);
  assert.equal((await fakeRun(["map", "n.txt", "--quiet"], { cwd, change })).stderr, "");
});

test("an option that changes nothing is warned about", async () => {
  const k = await fakeRun(["map", "n.txt", "--cluster", "hdbscan", "--k", "5"], { cwd });
  assert.match(k.stderr, /Warning: --k has no effect with --cluster hdbscan/);
  assert.match(
    (await fakeRun(["embed", "n.txt", "--neighbors", "5"], { cwd })).stderr,
    /Warning: --neighbors has no effect on embed/,
  );
  assert.match(
    (await fakeRun(["map", "n.txt", "--perplexity", "5"], { cwd })).stderr,
    /--perplexity has no effect with --reduce umap: it belongs to tsne/,
  );
  assert.match((await fakeRun(["map", "n.txt", "--cluster-on", "map"], { cwd })).stderr, /add --cluster kmeans/);
  assert.doesNotMatch((await fakeRun(["map", "n.txt", "--neighbors", "5"], { cwd })).stderr, /no effect/);
});

test("options of a layout are warned about where coordinates are drawn as they are, with the way to a map", async () => {
  await writeFile(path.join(cwd, "t.csv"), "text,x,y\none,1,2\n");
  const said = async (args: string, preview: Partial<TablePreview>): Promise<string> =>
    (await fakeRun(["map", "t.csv", ...args.split(" ")], { cwd, preview })).stderr;
  const ready = { items: "vector" as const, used: { ...NO_ROLES, map: [1, 2] } };
  const texts = { ...ready, used: { ...ready.used, text: 0 } };
  const vectors = { ...ready, used: { ...ready.used, vector: 3 } };
  const asTheyAre = "has no effect on coordinates that are ready: they are drawn as they are.";
  const neighbors = await said("--neighbors 5 --dims 3", texts);
  assert.ok(neighbors.includes(`Warning: --neighbors ${asTheyAre} --map none lays out the texts.\n`), neighbors);
  assert.ok(neighbors.includes(`Warning: --dims ${asTheyAre}`), neighbors);
  assert.ok((await said("--perplexity 5", vectors)).includes(`${asTheyAre} --reduce umap lays out the vectors.`));
  assert.ok((await said("--reduce tsne", ready)).includes(`Warning: --reduce ${asTheyAre}\n`));
  assert.doesNotMatch(await said("--reduce tsne --perplexity 5", vectors), /no effect/);
  assert.match(await said("--metric dot", ready), /--metric has no effect on coordinates alone/);
  assert.doesNotMatch(await said("--metric dot", vectors), /no effect/);
  assert.match(
    await said("--model lens-tiny --long split", vectors),
    /--long has no effect.*\n.*--model has no effect/,
  );
  assert.match(await said("--stratify", vectors), /--stratify has no effect: no column is the label/);
});

test("an output that fails leaves the status 1 and a sentence; the earlier ones stay", async () => {
  const run = await fakeRun(["map", "n.txt", "--out", "m.csv", "--out", "no/m.csv"], { cwd });
  assert.equal(run.status, 1);
  assert.match(run.stderr, /m\.csv” could not be written: its folder does not exist/);
  assert.deepEqual((await readdir(cwd)).sort(), ["m.csv", "n.txt"]);
});

test("cancelling answers 130 and writes nothing", async () => {
  const abort = new AbortController();
  const run = await fakeRun(["map", "n.txt", "--out", "m.csv"], {
    cwd,
    signal: abort.signal,
    onRun: () => {
      abort.abort();
      return Promise.reject(new LensError("cancelled", "Cancelled."));
    },
  });
  assert.equal(run.status, 130);
  assert.equal(run.stderr, "Cancelled.\n");
  assert.deepEqual(await readdir(cwd), ["n.txt"]);
});

test("an error of the engine: 1 when it failed, 2 when an option does not fit", async () => {
  const failing = (reason: "source" | "recipe") =>
    fakeRun(["map", "n.txt"], { cwd, onRun: () => Promise.reject(new LensError(reason, "No.")) });
  assert.equal((await failing("source")).status, 1);
  assert.equal((await failing("recipe")).status, 2);
});

const absent: ModelCard = {
  id: "resnet18",
  name: "ResNet-18",
  about: "",
  kind: "image",
  runtime: "onnx",
  dims: 512,
  files: [{ name: "model.onnx", bytes: 46_820_737 }],
  licence: "Apache-2.0",
  source: "ONNX Model Zoo",
  trainedOn: "ImageNet",
  normalize: false,
};
const wantsModel = {
  absent,
  onRun: async (host: Parameters<NonNullable<import("./fake-io").FakeOptions["onRun"]>>[0]) => {
    await host.modelFile("resnet18", { signal: new AbortController().signal, progress: () => undefined });
  },
};

test("an absent model is refused with the command that fetches it, unless a person or --yes says yes", async () => {
  const piped = await fakeRun(["map", "n.txt"], { cwd, ...wantsModel });
  assert.equal(piped.status, 1);
  assert.match(piped.stderr, /ResNet-18 is not on this machine: run `embedding-lens models fetch resnet18`/);
  assert.equal((await fakeRun(["map", "n.txt", "--yes"], { cwd, ...wantsModel })).status, 0);
  const asked = await fakeRun(["map", "n.txt"], { cwd, answer: "y", ...wantsModel });
  assert.equal(asked.status, 0);
  assert.match(
    asked.stderr,
    /Download ResNet-18 \(46\.8 MB, Apache-2\.0, ONNX Model Zoo\) from models\.example\? \[y\/N\]/,
  );
  assert.equal((await fakeRun(["map", "n.txt"], { cwd, answer: "", ...wantsModel })).status, 1);
});
