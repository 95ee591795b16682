import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fakeRun } from "./fake-io";

let cwd = "";
before(async () => {
  cwd = await mkdtemp(path.join(os.tmpdir(), "lens-compare-"));
  await writeFile(path.join(cwd, "a.txt"), "one\ntwo\n");
});
after(() => rm(cwd, { recursive: true }));

test("compare reaches the engine, and needs a second model", async () => {
  const asked = await fakeRun(["compare", "a.txt", "--with", "other"], { cwd });
  assert.deepEqual([asked.status, /the command line does not ask for this/.test(asked.stderr)], [1, true]);
  const alone = await fakeRun(["compare", "a.txt"], { cwd });
  assert.deepEqual([alone.status, /compare needs --with: the second model/.test(alone.stderr)], [2, true]);
  const map = await fakeRun(["map", "a.txt", "--with", "other"], { cwd });
  assert.deepEqual([map.status, /--with is an option of compare/.test(map.stderr)], [2, true]);
});
