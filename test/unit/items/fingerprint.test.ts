import assert from "node:assert/strict";
import { rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fingerprint } from "../../../src/engine/items/fingerprint";
import { folderOf, load } from "../../support/sources";

test("the fingerprint changes with a file's size or time, and a folder's set of files, and with nothing else", async (t) => {
  const base = folderOf(t, { "d/a.txt": "one", "d/b.txt": "two", "d/x.png": "no text" });
  const now = (): Promise<string> => fingerprint({ kind: "files", paths: ["d"] }, base);
  const seen = [await now()];
  assert.equal(await now(), seen[0]);
  writeFileSync(join(base, "d/x.png"), "still no text");
  assert.equal(await now(), seen[0]);
  const changes = [
    () => writeFileSync(join(base, "d/a.txt"), "longer"),
    () => utimesSync(join(base, "d/a.txt"), 1, 1),
    () => writeFileSync(join(base, "d/c.txt"), "three"),
    () => rmSync(join(base, "d/b.txt")),
  ];
  for (const change of changes) {
    change();
    const next = await now();
    assert.ok(!seen.includes(next));
    seen.push(next);
  }
});

test("the fingerprint changes with an unsaved text, and not with the file beneath it", async (t) => {
  const base = folderOf(t, { "a.txt": "disk" });
  const source = { kind: "lines" as const, paths: ["a.txt"] };
  const first = await fingerprint(source, base, { "a.txt": "unsaved" });
  assert.notEqual(await fingerprint(source, base, { "a.txt": "unsaved!" }), first);
  assert.notEqual(await fingerprint(source, base), first);
  writeFileSync(join(base, "a.txt"), "other disk");
  assert.equal(await fingerprint(source, base, { "a.txt": "unsaved", "other.txt": "x" }), first);
});

test("a missing file has a fingerprint, and another one once it is there", async (t) => {
  const base = folderOf(t, {});
  const source = { kind: "rows" as const, paths: ["a.csv"] };
  const missing = await fingerprint(source, base);
  writeFileSync(join(base, "a.csv"), "text\none");
  assert.notEqual(await fingerprint(source, base), missing);
});

for (const kind of ["lines", "paragraphs", "files", "rows"] as const) {
  test(`the items of ${kind} carry the fingerprint of their source`, async (t) => {
    const base = folderOf(t, { "a.txt": "text\none", "b.txt": "text\ntwo" });
    const source = { kind, paths: ["b.txt", "a.txt"] };
    const documents = { "b.txt": "text\nunsaved" };
    const { fingerprint: found } = await load(base, source, { documents });
    assert.equal(found, await fingerprint(source, base, documents));
  });
}
