import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { resultOf } from "../export/fixture";
import { fakeRun, type FakeRun } from "./fake-io";

let cwd = "";
before(async () => {
  cwd = await mkdtemp(path.join(os.tmpdir(), "lens-order-"));
  await writeFile(path.join(cwd, "a.txt"), "one\ntwo\nthree\n");
});
after(() => rm(cwd, { recursive: true }));

const texts = ["one", "two", "three"];
const run = (args: string, change = {}): Promise<FakeRun> =>
  fakeRun(["similarity", "a.txt", ...args.split(" ")], { cwd, texts, change });

/** The labels of the rows of the heatmap in a page, and the names of its groups. */
async function rowsOf(args: string, change = {}): Promise<string> {
  const { status, stderr } = await run(`--out h.html ${args}`, change);
  assert.equal(status, 0, stderr);
  const page = await readFile(path.join(cwd, "h.html"), "utf8");
  const rows = [...page.matchAll(/"left":"(one|two|three)"/g)].map(([, text]) => text);
  const groups = [...page.matchAll(/"name":"([^"]*)","from":\d/g)].map(([, name]) => name);
  return [rows.join(" "), ...groups].join(", ");
}

test("--order puts the rows of a heatmap as given, by label, by cluster or similar ones together", async () => {
  assert.equal(await rowsOf("--order given"), "one two three");
  assert.equal(await rowsOf("--order similarity"), "three two one");
  const named = ["waves", "wild"].map((label, id) => ({ id, size: id + 1, label, exemplar: 1 - id }));
  const clusters = { cluster: Int32Array.of(1, 0, 1), clusters: named };
  assert.equal(await rowsOf("--order cluster --cluster kmeans --k 2", clusters), "two one three, waves, wild");
  const items = { ...resultOf(texts).items, labels: ["b", "a"], label: Int32Array.of(0, 1, 0) };
  assert.equal(await rowsOf("--order label", { items }), "one three two, b, a");
});

test("clusters are made for the order by cluster alone, and a map for clusters on it", async () => {
  const methods = async (args: string): Promise<string[]> => {
    const [job] = (await run(`--out h.svg --cluster kmeans --k 2 ${args}`)).jobs;
    return [job!.recipe.reduce.method, job!.recipe.cluster.method];
  };
  assert.deepEqual(await methods("--order similarity"), ["none", "none"]);
  assert.deepEqual(await methods("--order cluster"), ["none", "kmeans"]);
  assert.deepEqual(await methods("--order cluster --cluster-on map"), ["umap", "kmeans"]);
});

test("an order that cannot be or that nobody sees is said", async () => {
  const none = await run("--out h.svg --order cluster");
  assert.deepEqual([none.status, /--order cluster needs clusters/.test(none.stderr)], [2, true]);
  assert.match((await run("--out h.csv --order similarity")).stderr, /--order has no effect without a picture/);
  assert.match((await run("--out h.svg --order label")).stderr, /--order label has no effect: no item has a label/);
  assert.doesNotMatch((await run("--out h.svg --order similarity")).stderr, /no effect/);
  assert.doesNotMatch((await run("--out h.svg --order cluster --cluster kmeans --k 2")).stderr, /no effect/);
  const map = await fakeRun(["map", "a.txt", "--order", "label"], { cwd });
  assert.match(map.stderr, /--order has no effect on map/);
});
