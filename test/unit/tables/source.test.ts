import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { openFile } from "../../../src/engine/tables/source";

describe("a file that is read in any order", () => {
  let folder = "";
  before(async () => (folder = await mkdtemp(path.join(os.tmpdir(), "lens-source-"))));
  after(() => rm(folder, { recursive: true }));

  // Above a megabyte it is read in pieces, below at once.
  for (const size of [0, 1, 70_000, (1 << 20) + 3]) {
    test(`of ${size} bytes: parts of it are its own, its end and changes are told`, async () => {
      const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 7) % 251);
      const file = path.join(folder, `${size}.bin`);
      await writeFile(file, bytes);
      const source = await openFile(file, "some.bin");
      assert.equal(source.size, size);
      const [from, length] = [Math.floor(size / 3), Math.ceil(size / 2)];
      assert.deepEqual(Buffer.from(await source.read(from, length)), Buffer.from(bytes.subarray(from, from + length)));
      const into = new Uint8Array(10);
      assert.equal(await source.readInto(into, Math.max(0, size - 4)), Math.min(4, size));
      assert.deepEqual([...into.subarray(0, Math.min(4, size))], [...bytes.subarray(-4)].slice(0, size));
      await assert.rejects(source.read(1, size), /^LensError: some\.bin ends before its data does/);
      await source.check();
      await writeFile(file, "something else");
      await assert.rejects(source.check(), /some\.bin changed while it was being read/);
      await source.close();
    });
  }

  test("a folder is none", async () => {
    await assert.rejects(openFile(folder, "folder"), /^LensError: folder is not a file\.$/);
  });
});
