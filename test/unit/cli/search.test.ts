import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fakeRun } from "./fake-io";

let cwd = "";
before(async () => {
  cwd = await mkdtemp(path.join(os.tmpdir(), "lens-search-"));
  await writeFile(path.join(cwd, "a.txt"), "one\ntwo\n");
});
after(() => rm(cwd, { recursive: true }));

test("search prints the nearest items, best first, and needs no map", async () => {
  const run = await fakeRun(["search", "a.txt", "--query", "sun", "--top", "1"], { cwd });
  assert.equal(run.status, 0, run.stderr);
  const { query, model, hits } = JSON.parse(run.stdout) as { query: string; model: object; hits: object[] };
  assert.equal(query, "sun");
  assert.deepEqual(Object.keys(model), ["id", "dims", "tensor"]);
  assert.equal(hits.length, 1);
  const { rank, similarity, text } = hits[0] as Record<string, unknown>;
  assert.deepEqual([rank, similarity, text], [1, 0.3333333, "one"]);
  assert.equal(run.jobs[0]?.recipe.reduce.method, "none");
});

test("search writes a .json file, and no other", async () => {
  const run = await fakeRun(["search", "a.txt", "--query", "sun", "--out", "found.json"], { cwd });
  assert.deepEqual([run.status, run.stdout], [0, ""]);
  assert.match(await readFile(path.join(cwd, "found.json"), "utf8"), /"query": "sun"/);
  const wrong = await fakeRun(["search", "a.txt", "--query", "sun", "--out", "found.csv"], { cwd });
  assert.deepEqual([wrong.status, /search writes \.json/.test(wrong.stderr)], [2, true]);
});

test("search without words, and words without search, are wrong usage", async () => {
  const none = await fakeRun(["search", "a.txt"], { cwd });
  assert.deepEqual([none.status, /search needs --query/.test(none.stderr)], [2, true]);
  const map = await fakeRun(["map", "a.txt", "--query", "sun"], { cwd });
  assert.deepEqual([map.status, /--query is an option of search/.test(map.stderr)], [2, true]);
});

test("search says which options change nothing", async () => {
  const run = await fakeRun(["search", "a.txt", "--query", "sun", "--dims", "3"], { cwd });
  assert.match(run.stderr, /--dims has no effect on search/);
});
