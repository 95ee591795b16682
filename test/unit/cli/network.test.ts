import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fakeRun, type FakeRun } from "./fake-io";

let cwd = "";
before(async () => {
  cwd = await mkdtemp(path.join(os.tmpdir(), "lens-network-"));
  await writeFile(path.join(cwd, "a.txt"), "one\ntwo\n");
});
after(() => rm(cwd, { recursive: true }));

const run = (args: string): Promise<FakeRun> => fakeRun(args.split(" "), { cwd });

test("network prints nodes and edges with the settings, and needs no map", async () => {
  const { status, stderr, stdout, jobs } = await run("network a.txt --ties 7 --threshold=-0.5");
  assert.equal(status, 0, stderr);
  const { k, threshold, nodes, edges, metric } = JSON.parse(stdout) as Record<string, unknown>;
  assert.deepEqual([k, threshold, metric], [7, -0.5, "cosine"]);
  assert.deepEqual(nodes, [
    { node: 0, id: "notes.txt:1", label: null, path: "notes.txt", line: 1, text: "one", x: 1, y: 3 },
    { node: 1, id: "notes.txt:2", label: null, path: "notes.txt", line: 2, text: "two", x: 2, y: 4 },
  ]);
  assert.deepEqual(edges, [{ source: 0, target: 1, similarity: 0.75 }]);
  assert.deepEqual(
    jobs.map(({ recipe }) => recipe.reduce.method),
    ["none"],
  );
});

test("network writes its edges as CSV, with what both ends are", async () => {
  const { status, stderr } = await run("network a.txt --out n.csv --out n.json");
  assert.equal(status, 0, stderr);
  assert.equal(
    await readFile(path.join(cwd, "n.csv"), "utf8"),
    "source,target,similarity,id,label,path,line,text,id2,label2,path2,line2,text2\r\n" +
      "0,1,0.75,notes.txt:1,,notes.txt,1,one,notes.txt:2,,notes.txt,2,two\r\n",
  );
  assert.match(await readFile(path.join(cwd, "n.json"), "utf8"), /"k": 4,\n {2}"threshold": 0,/);
});

test("findings prints near-duplicates, outliers and doubtful labels with their items", async () => {
  const { status, stderr, stdout } = await run("findings a.txt --threshold 0.9");
  assert.equal(status, 0, stderr);
  const { threshold, duplicates, outliers, doubtful } = JSON.parse(stdout) as Record<string, unknown>;
  const [one, two] = ["one", "two"].map((text, i) => ({
    ...{ id: `notes.txt:${i + 1}`, label: null, path: "notes.txt", line: i + 1, text },
  }));
  assert.equal(threshold, 0.9);
  assert.deepEqual(duplicates, [
    { exact: false, similarity: 0.97, reason: "2 items, nearly the same", items: [one, two] },
  ]);
  assert.deepEqual(outliers, [
    { score: 4, times: null, reason: "far from its nearest, where the others have no distance", ...two },
  ]);
  const [{ reason: _, ...found }] = doubtful as [{ reason: string }];
  assert.deepEqual(found, { share: 1, suggested: null, votes: 1, of: 1, ...one });
});

test("other outputs and options of other commands are refused or warned about", async () => {
  assert.match((await run("network a.txt --out n.png")).stderr, /network writes \.json and \.csv/);
  assert.match((await run("findings a.txt --out f.csv")).stderr, /findings writes \.json\./);
  assert.match((await run("map a.txt --ties 3")).stderr, /--ties is an option of network/);
  assert.match((await run("map a.txt --threshold 3")).stderr, /--threshold is an option of network and findings/);
  assert.match((await run("network a.txt --top 3")).stderr, /--top is an option of search and compare/);
  assert.match((await run("network a.txt --neighbors 3")).stderr, /--neighbors has no effect on network/);
});
