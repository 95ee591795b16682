import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, symlinkSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, it, test } from "node:test";
import { parquetWriteBuffer } from "hyparquet-writer";
import { exportNpy } from "../../../src/export";
import type { SourceKind } from "../../../src/protocol/recipe";
import { folderOf, load, quiet } from "../../support/sources";

const PARQUET = new Uint8Array(
  parquetWriteBuffer({ columnData: [{ name: "text", data: ["one text", "two texts"], type: "STRING" }] }),
);
const NPY = exportNpy({ rows: 4, cols: 5, data: Float32Array.from({ length: 20 }, (_, i) => i + 1) });
const pickled = (): Uint8Array => {
  const bytes = Buffer.from(NPY);
  bytes.write("'|O' ", bytes.indexOf("'<f4'"), "latin1");
  return bytes;
};

const message = (base: string, path: string, kind: SourceKind = "rows"): Promise<string> =>
  load(base, { kind, paths: [path] }).then(
    () => "no error",
    (error: unknown) => (error as Error).message,
  );

describe("a dataset that cannot be shown is one sentence", () => {
  const files: Record<string, [content: string | Uint8Array, sentence: RegExp]> = {
    "empty.csv": ["", /^empty\.csv is empty\.$/],
    "empty.parquet": ["", /^empty\.parquet is empty\.$/],
    "header.csv": ["text,label\n", /^header\.csv has a header and no rows\.$/],
    "cut.parquet": [PARQUET.slice(0, -20), /^cut\.parquet .*(cut off|Parquet)/],
    "cut.npy": [NPY.slice(0, -20), /^cut\.npy .*cut off/],
    "cut.npz": [Buffer.concat([Buffer.from("PK\x03\x04"), Buffer.alloc(50)]), /^cut\.npz /],
    "magic.parquet": [Buffer.from("this is no parquet file at all"), /^magic\.parquet is not a Parquet file/],
    "magic.npy": [Buffer.from("this is no npy file at all"), /^magic\.npy is not/],
    "magic.arrow": [Buffer.from("this is no arrow file at all"), /^magic\.arrow is not/],
    "magic.h5": [Buffer.from("this is no hdf5 file at all"), /^magic\.h5 is not an HDF5 file/],
    "pickle.npy": [pickled(), /^pickle\.npy .*pickled Python objects/],
    "zeros.csv": [Buffer.alloc(100), /^zeros\.csv is not a text file/],
  };
  for (const [path, [content, sentence]] of Object.entries(files)) {
    it(path, async (t) => {
      const said = await message(folderOf(t, { [path]: content }), path);
      assert.match(said, sentence);
      assert.doesNotMatch(said.slice(0, -1), /[.!?] [A-Z].*[.!?] [A-Z].*[.!?] /);
    });
  }

  it("a link in a circle", async (t) => {
    const base = folderOf(t, {});
    symlinkSync("b.csv", join(base, "a.csv"));
    symlinkSync("a.csv", join(base, "b.csv"));
    assert.match(await message(base, "a.csv"), /symbolic links lead in a circle/);
  });

  it("a folder", async (t) => {
    assert.equal(await message(folderOf(t, { "d/a.csv": "text\n" }), "d"), "d is a folder: choose the table in it.");
  });
});

const PYTHON = ["/usr/bin/python3", "python3"].find((python) => {
  try {
    execFileSync(python, ["-c", "import pandas, tables"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
});
const skip = PYTHON === undefined ? "python3-pandas and python3-tables are not installed" : false;

test("code in a frame of pandas (HDF5) is refused by its name and never run", { skip }, async (t) => {
  const base = folderOf(t, {});
  const script = `
import os, sys, warnings, pandas
warnings.simplefilter("ignore")
class Evil:
    def __reduce__(self): return (os.system, ("touch " + sys.argv[1] + "/ran",))
pandas.DataFrame({"text": pandas.Series([Evil(), "two words"], dtype=object)}).to_hdf(sys.argv[1] + "/evil.h5", key="df")`;
  execFileSync(PYTHON!, ["-c", script, base], { stdio: "ignore" });
  assert.match(
    await message(base, "evil.h5"),
    /^evil\.h5: the pickle in .* was not opened: it names “(posix|nt)\.system”/,
  );
  assert.ok(!existsSync(join(base, "ran")));
});

test("what can be read of a table is shown, what cannot is left out by name", async (t) => {
  const bad =
    '{"text":"a b","v":[1,2,3]}\n{"text":"c d","v":[1,2]}\n{"text":"e f","v":null}\n{"text":"g h","v":[1,NaN,3]}\n';
  const more =
    '{"text":"i j","v":[4,5,Infinity]}\n{"text":"k l","v":[0,0,0]}\n{"text":"m n","v":[7,8,9]}\n{"text":"o p","v":[7,';
  const base = folderOf(t, { "t.jsonl": bad + more });
  const set = await load(base, { kind: "rows", paths: ["t.jsonl"], columns: { vector: "v", map: null } });
  assert.deepEqual(
    set.items.map(({ text }) => text),
    ["a b", "k l", "m n"],
  );
  assert.deepEqual(
    set.skipped.map(({ place, reason }) => [place, reason]),
    [
      [2, "its vector has 2 values, the others have 3"],
      [3, "it has no vector"],
      [4, "its vector holds a value that is no number (NaN or null)"],
      [5, "its vector holds an infinite value"],
      [8, "it is not valid JSON"],
    ],
  );
});

test("vectors whose distances are no numbers of float32 are left out by name", async (t) => {
  const lengths = ["1e18", "9e16", "1", "2e-17", "1e-18"];
  const base = folderOf(t, { "t.jsonl": lengths.map((x, i) => `{"text":"t${i}","v":[0,${x}]}`).join("\n") });
  const set = await load(base, { kind: "rows", paths: ["t.jsonl"], columns: { vector: "v", map: null } });
  assert.deepEqual(
    set.items.map(({ text }) => text),
    ["t1", "t2", "t3", "t4"],
  );
  assert.deepEqual(
    set.skipped.map(({ place, reason }) => [place, reason]),
    [[1, "its vector is too long to be compared (more than 1e17): scale the values"]],
  );
});

test("coordinates near 0 are places like others, those beyond what can be compared are left out by name", async (t) => {
  const base = folderOf(t, { "t.csv": "text,x,y\na,0,0\nb,1e-30,1\nc,1e20,1\nd,2,3\n" });
  const set = await load(base, { kind: "rows", paths: ["t.csv"], columns: { map: ["x", "y"] } });
  assert.deepEqual(
    set.items.map(({ text }) => text),
    ["a", "b", "d"],
  );
  assert.match(set.skipped[0]!.reason, /too long to be compared/);
});

test("bytes that are not UTF-8 are shown as such and told", async (t) => {
  const base = folderOf(t, {
    "t.csv": Buffer.concat([
      Buffer.from("text,label\ncaf\u00e9 au lait,x\nan "),
      Buffer.from([0xe9]),
      Buffer.from(" bad,y\n"),
    ]),
  });
  const { items, warnings } = await load(base, { kind: "rows", paths: ["t.csv"] });
  assert.equal(items[1]?.text, "an \uFFFD bad");
  assert.match(warnings.join(), /row 2: bytes that are not in the file's encoding/);
});

test("a line of 300 MB is passed over, in little memory", { timeout: 60_000 }, async (t) => {
  const base = folderOf(t, { "t.csv": `text,label\na b,x\nc d,${"x".repeat(10_000)}` });
  const file = join(base, "t.csv");
  truncateSync(file, 300_000_000);
  appendFileSync(file, "\ne f,y\n");
  const { items, skipped } = await load(base, { kind: "rows", paths: ["t.csv"] });
  assert.deepEqual(
    items.map(({ text }) => text),
    ["a b", "e f"],
  );
  assert.deepEqual(skipped, [{ path: "t.csv", place: 2, reason: "its line is too long to be read (line 3)" }]);
  assert.ok(process.memoryUsage().rss < 800e6);
});

test("a cancelled reading ends", async (t) => {
  const base = folderOf(t, {
    "t.csv": `text,n\n${Array.from({ length: 200_000 }, (_, i) => `some text of ${i},${i}\n`).join("")}`,
  });
  const abort = new AbortController();
  const ctx = { ...quiet(), signal: abort.signal, report: () => abort.abort() };
  await assert.rejects(load(base, { kind: "rows", paths: ["t.csv"] }, {}, ctx), { name: "AbortError" });
});
