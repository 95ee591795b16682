import assert from "node:assert/strict";
import { chmod, mkdtemp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { removeUnfinished, writeAtomic, writeError } from "../../../src/export";
import { LensError } from "../../../src/protocol/errors";

let folder = "";
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "lens-write-"));
});
after(() => rm(folder, { recursive: true }));

const isWriteError = (pattern: RegExp) => (error: unknown) =>
  error instanceof LensError && error.reason === "write" && pattern.test(error.message);

test("text, bytes and pieces of both end up in the file, in order", async () => {
  const file = path.join(folder, "a b ü.txt");
  await writeAtomic(file, ["ä", Uint8Array.of(66), "c".repeat(3_000_000), Uint8Array.of(68)]);
  assert.equal(await readFile(file, "utf8"), `äB${"c".repeat(3_000_000)}D`);
  await writeAtomic(file, "new");
  assert.equal(await readFile(file, "utf8"), "new");
});

test("when the pieces fail the old file stays and nothing is left beside it", async () => {
  const own = path.join(folder, "own");
  await mkdir(own);
  const file = path.join(own, "x.csv");
  await writeFile(file, "old");
  function* broken(): Generator<string> {
    yield "half";
    throw new LensError("internal", "no number");
  }
  await assert.rejects(writeAtomic(file, broken()), /no number/);
  assert.equal(await readFile(file, "utf8"), "old");
  assert.deepEqual(await readdir(own), ["x.csv"]);
});

test("aborting in mid-write leaves nothing behind", async () => {
  const own = path.join(folder, "aborted");
  await mkdir(own);
  const abort = new AbortController();
  function* pieces(): Generator<string> {
    yield "x".repeat(2_000_000);
    abort.abort();
    yield "y".repeat(2_000_000);
  }
  await assert.rejects(writeAtomic(path.join(own, "x"), pieces(), abort.signal), { name: "AbortError" });
  assert.deepEqual(await readdir(own), []);
});

test("a process that ends at once takes its temporary files along", async () => {
  const own = path.join(folder, "ended");
  await mkdir(own);
  let during: string[] = [];
  async function run(): Promise<void> {
    function* pieces(): Generator<string> {
      yield "x".repeat(2_000_000);
      removeUnfinished();
    }
    await writeAtomic(path.join(own, "x"), pieces()).catch(() => undefined);
    during = await readdir(own);
  }
  await run();
  assert.deepEqual(during, []);
});

test("a missing folder and a folder in place of the file are told in a sentence", async () => {
  await assert.rejects(
    writeAtomic(path.join(folder, "no", "x.csv"), ""),
    isWriteError(/x\.csv” could not be written: its folder does not exist/),
  );
  await assert.rejects(writeAtomic(folder, ""), isWriteError(/it is a folder/));
});

test(
  "a folder without permission is told in a sentence",
  { skip: process.getuid?.() === 0 && "root may write anywhere" },
  async () => {
    const own = path.join(folder, "locked");
    await mkdir(own, { mode: 0o500 });
    await assert.rejects(writeAtomic(path.join(own, "x"), ""), isWriteError(/no permission/));
  },
);

test("a full disk has its sentence", () => {
  const error = writeError("map.html", Object.assign(new Error("no space"), { code: "ENOSPC" }));
  assert.match(error.message, /“map\.html” could not be written: the disk is full/);
});

test(
  "a replaced file keeps its mode, and a link keeps pointing to it",
  { skip: process.platform === "win32" },
  async () => {
    const file = path.join(folder, "private.csv");
    const link = path.join(folder, "link.csv");
    await writeFile(file, "old");
    await chmod(file, 0o600);
    await symlink(file, link);
    await writeAtomic(link, "new");
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.equal(await readFile(file, "utf8"), "new");
  },
);
