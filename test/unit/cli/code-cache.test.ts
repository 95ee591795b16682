import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { load } from "../../../src/cli/code-cache";

const folder = mkdtempSync(path.join(os.tmpdir(), "code-cache-"));
after(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, "said.js");
const said = (): string => (load(file) as { say: () => string }).say();
/** Tests are bundled with that name replaced. */
const DIRNAME = "__dir" + "name";
const script = (word: string): string =>
  `exports.say = () => require("node:path").basename(__filename) + " ${word} " + (${DIRNAME} === ${JSON.stringify(folder)});`;

test("a script runs with the cache of its build, without one, and with one that is of no use", () => {
  writeFileSync(file, script("one"));
  assert.equal(said(), "said.js one true");
  const source = path.resolve("src/cli/code-cache.ts");
  const child = spawnSync(
    process.execPath,
    ["--import", "tsx", "-e", `require(${JSON.stringify(source)}).load(${JSON.stringify(file)}).say()`],
    { env: { ...process.env, EMBEDDING_LENS_WRITE_CODE_CACHE: "1" }, encoding: "utf8" },
  );
  assert.equal(child.status, 0, child.stderr);
  assert.ok(existsSync(`${file}.cache`));
  assert.equal(said(), "said.js one true");

  // V8 tells sources apart by their length alone.
  writeFileSync(file, script("two"));
  utimesSync(file, 1, 1);
  assert.equal(said(), "said.js two true");

  const bytes = readFileSync(`${file}.cache`);
  Buffer.from(Float64Array.of(1000, Buffer.byteLength(script("two"))).buffer).copy(bytes);
  bytes.fill(7, 16, 80);
  writeFileSync(`${file}.cache`, bytes);
  assert.equal(said(), "said.js two true");
});
