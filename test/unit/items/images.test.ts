import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fingerprint } from "../../../src/engine/items/fingerprint";
import { loadImages } from "../../../src/engine/items/images";
import type { ItemSet } from "../../../src/engine/types";
import type { Source } from "../../../src/protocol/recipe";

let base = "";
before(async () => {
  base = await mkdtemp(join(tmpdir(), "lens-images-"));
  const files = [
    ...["photos/cats/1.jpg", "photos/cats/10.JPG", "photos/cats/2.jpeg", "photos/cats/notes.txt"],
    ...["photos/dogs/a.WebP", "photos/dogs/b.heic", "photos/dogs/c.tif", "photos/dogs/._a.jpg"],
    ...["photos/.trash/x.png", "photos/node_modules/y.png", "photos/top.gif", "empty/readme.md", "raw/one.CR2"],
  ];
  for (const file of files) {
    await mkdir(dirname(join(base, file)), { recursive: true });
    await writeFile(join(base, file), file);
  }
  await symlink(join(base, "photos"), join(base, "photos", "dogs", "loop"));
  await symlink(join(base, "nowhere.jpg"), join(base, "photos", "dogs", "lost.jpg"));
});
after(() => rm(base, { recursive: true, force: true }));

const source = (paths: string[], fields: Partial<Source> = {}): Source => ({ kind: "images", paths, ...fields });
const ctx = { report: () => undefined, signal: new AbortController().signal };
const load = (paths: string[], fields: Partial<Source> = {}, seed = 42): Promise<ItemSet> =>
  loadImages(source(paths, fields), { base, seed }, ctx);
const pathsOf = ({ items }: ItemSet): string[] => items.map(({ path }) => path);

describe("the pictures of a folder", () => {
  test("are found in all subfolders, in natural order, whatever the case of their names", async () => {
    const set = await load(["photos"]);
    assert.equal(set.kind, "image");
    assert.deepEqual(pathsOf(set), [
      "photos/cats/1.jpg",
      "photos/cats/2.jpeg",
      "photos/cats/10.JPG",
      "photos/dogs/a.WebP",
      "photos/dogs/c.tif",
      "photos/top.gif",
    ]);
    assert.equal(set.total, 6);
  });

  test("have the name of their folder as label, and their absolute file", async () => {
    const { items } = await load(["photos"]);
    assert.deepEqual(
      items.map(({ label }) => label),
      ["cats", "cats", "cats", "dogs", "dogs", "photos"],
    );
    assert.equal(items[0]!.file, join(base, "photos", "cats", "1.jpg"));
  });

  test("of which some cannot be decoded here are named with a remedy; hidden folders are counted", async () => {
    const { skipped, notes } = await load(["photos"]);
    assert.deepEqual(
      skipped.map(({ path }) => path),
      ["photos/dogs/lost.jpg", "photos/dogs/b.heic"],
    );
    assert.match(skipped[1]!.reason, /^heic pictures cannot be read here: convert it to jpg or png$/);
    assert.match(notes!.join(" "), /^2 folders and 1 hidden file left out/);
  });

  test("links that lead in a circle end", async () => {
    assert.deepEqual(pathsOf(await load(["photos/dogs/loop/dogs"])), [
      "photos/dogs/loop/dogs/a.WebP",
      "photos/dogs/loop/dogs/c.tif",
      "photos/dogs/loop/dogs/loop/cats/1.jpg",
      "photos/dogs/loop/dogs/loop/cats/2.jpeg",
      "photos/dogs/loop/dogs/loop/cats/10.JPG",
      "photos/dogs/loop/dogs/loop/top.gif",
    ]);
  });
});

describe("a choice of folders and pictures", () => {
  test("keeps its order, and a picture that is named twice is there once", async () => {
    assert.deepEqual(pathsOf(await load(["photos/dogs/c.tif", "photos/dogs", "photos/cats/1.jpg"])).slice(0, 3), [
      "photos/dogs/c.tif",
      "photos/dogs/a.WebP",
      "photos/dogs/loop/cats/1.jpg",
    ]);
  });

  test("a single picture has the label of its folder too", async () => {
    const { items } = await load(["photos/cats/1.jpg"]);
    assert.deepEqual(
      items.map(({ label, path }) => [label, path]),
      [["cats", "photos/cats/1.jpg"]],
    );
  });

  test("what is missing or no picture is named, the rest goes on", async () => {
    const { items, skipped } = await load(["photos/cats", "gone", "empty/readme.md"]);
    assert.equal(items.length, 3);
    assert.deepEqual(skipped.map(({ path }) => path).sort(), ["empty/readme.md", "gone"]);
  });

  test("paths may be absolute", async () => {
    const folder = join(base, "photos", "cats");
    assert.deepEqual(pathsOf(await load([folder]))[0], `${folder}/1.jpg`);
  });
});

describe("a sample", () => {
  test("is drawn with the seed, keeps the order and says of how many", async () => {
    const first = await load(["photos"], { sample: 3 });
    assert.deepEqual(pathsOf(first), pathsOf(await load(["photos"], { sample: 3 })));
    assert.deepEqual([first.items.length, first.total], [3, 6]);
    const all = pathsOf(await load(["photos"]));
    assert.deepEqual(
      pathsOf(first),
      all.filter((path) => pathsOf(first).includes(path)),
    );
    const others = await Promise.all([1, 2, 3, 4].map((seed) => load(["photos"], { sample: 3 }, seed)));
    assert.ok(others.some((other) => pathsOf(other).join() !== pathsOf(first).join()));
  });
});

describe("nothing to show is one sentence", () => {
  for (const [paths, message] of [
    [["empty"], /^No pictures were found in empty: choose a folder that holds jpg, jpeg, png, .* files\.$/],
    [["raw"], /^No pictures that can be read were found in raw: raw\/one\.CR2: cr2 pictures cannot be read here/],
    [["gone"], /^No pictures that can be read were found in gone: gone: there is no such file or folder\.$/],
  ] as const) {
    test(paths.join(), () => assert.rejects(load([...paths]), { reason: "source", message }));
  }
});

test("the fingerprint is that of the source, and changes with a picture", async () => {
  const before = await load(["photos"]);
  assert.equal(before.fingerprint, await fingerprint(source(["photos"]), base));
  await utimes(join(base, "photos", "cats", "1.jpg"), 1, 1);
  assert.notEqual((await load(["photos"])).fingerprint, before.fingerprint);
});

test("a cancel stops the search", async () => {
  const stopped = { report: () => undefined, signal: AbortSignal.abort() };
  await assert.rejects(loadImages(source(["photos"]), { base, seed: 42 }, stopped), { name: "AbortError" });
});
