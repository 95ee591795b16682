import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it, test } from "node:test";
import { WebPictures } from "../../../src/engine/pictures/web-pictures";
import { fetchFile } from "../../../src/online/remote-file";
import type { RunContext } from "../../../src/engine/run/context";
import { folderOf, load } from "../../support/sources";

const PNG = Buffer.from("89504e470d0a1a0a0000", "hex");
const TABLE =
  "file,species\npics/a.png,cat\npics/b.png,dog\nmissing.png,cat\n../secret.png,dog\n/etc/x.png,dog\npics/link.png,dog\n";

describe("a column of pictures", () => {
  it("gives pictures with their labels; what is missing or outside of the folder is left out by name", async (t) => {
    const base = folderOf(t, {
      "data/t.csv": TABLE,
      "data/pics/a.png": PNG,
      "data/pics/b.png": PNG,
      "secret.png": PNG,
    });
    symlinkSync(join(base, "secret.png"), join(base, "data/pics/link.png"));
    const set = await load(base, { kind: "rows", paths: ["data/t.csv"] });
    assert.equal(set.kind, "image");
    assert.deepEqual(
      set.items.map(({ row, label, file }) => [row, label, file?.endsWith(`pics/${row === 1 ? "a" : "b"}.png`)]),
      [
        [1, "cat", true],
        [2, "dog", true],
      ],
    );
    assert.deepEqual(
      set.skipped.map(({ place, reason }) => [place, /there is no|outside of the folder/.exec(reason)?.[0]]),
      [
        [3, "there is no"],
        [4, "outside of the folder"],
        [5, "outside of the folder"],
        [6, "outside of the folder"],
      ],
    );
  });

  it("may start from a folder that the recipe names, and is then allowed all in it", async (t) => {
    const base = folderOf(t, { "data/t.csv": "image,label\na.png,x\nsub/../b.png,y\n", "pictures/a.png": PNG });
    mkdirSync(join(base, "pictures/sub"));
    writeFileSync(join(base, "pictures/b.png"), PNG);
    const set = await load(base, { kind: "rows", paths: ["data/t.csv"], root: "pictures" });
    assert.equal(set.items.length, 2);
  });

  it("is left for the texts where no picture is there, unless the recipe names it", async (t) => {
    const base = folderOf(t, { "t.csv": "image,caption\na.png,a red bird\nb.png,a blue bird\n" });
    assert.equal((await load(base, { kind: "rows", paths: ["t.csv"] })).kind, "text");
    await assert.rejects(load(base, { kind: "rows", paths: ["t.csv"], columns: { image: "image" } }), {
      message: "No row can be shown in t.csv. The first, t.csv row 1: there is no picture a.png (and 1 more).",
    });
  });

  it("does not open addresses of other kinds", async (t) => {
    const base = folderOf(t, { "t.csv": "image,label\nfile:///etc/a.png,x\nftp://h/b.png,y\n" });
    await assert.rejects(load(base, { kind: "rows", paths: ["t.csv"], columns: { image: "image" } }), {
      message: /its picture is at an address that is not loaded \(file:\)/,
    });
  });
});

describe("pictures at web addresses", () => {
  const ctx: RunContext = { runId: 1, signal: new AbortController().signal, onProgress: () => undefined };
  const TABLE = "image,label\nhttp://a.example/1.png,x\nhttp://b.example/2.png,y\nhttp://a.example/3.png,x\n";

  it("are loaded from hosts that are allowed; the others are left out by name", async (t) => {
    const base = folderOf(t, { "t.csv": TABLE });
    const set = await load(base, { kind: "rows", paths: ["t.csv"], columns: { image: "image" } });
    const asked: unknown[] = [];
    const web = new WebPictures({
      confirm: (hosts) => Promise.resolve((asked.push(hosts), ["a.example"])),
      load: ({ url }) => Promise.resolve(url.includes("3") ? Buffer.from("<html>") : PNG),
    });
    t.after(() => web.dispose());
    const loaded = await web.loaded(set, ctx, {});
    assert.deepEqual(asked, [
      [
        { host: "a.example", pictures: 2 },
        { host: "b.example", pictures: 1 },
      ],
    ]);
    assert.deepEqual(
      loaded.items.map(({ row, file }) => [row, file?.endsWith(".png")]),
      [[1, true]],
    );
    assert.deepEqual(loaded.skipped, [
      { path: "t.csv", place: 2, reason: "its picture is on b.example, from which loading was not allowed" },
      { path: "t.csv", place: 3, reason: "what is at http://a.example/3.png is no picture that can be read" },
    ]);
  });

  it("are none where the host loads none", async (t) => {
    const base = folderOf(t, { "t.csv": TABLE });
    const set = await load(base, { kind: "rows", paths: ["t.csv"], columns: { image: "image" } });
    await assert.rejects(new WebPictures(null).loaded(set, ctx, {}), { reason: "source", message: /not allowed/ });
  });
});

test("a file of the web is fetched within a limit of size, and not from hosts it is sent on to", async (t) => {
  const server = createServer((request, response) => {
    if (request.url === "/on") response.writeHead(302, { location: "http://elsewhere.example/a.png" }).end();
    else if (request.url === "/here") response.writeHead(302, { location: "/a.png" }).end();
    else if (request.url === "/gone") response.writeHead(404).end();
    else response.end(Buffer.alloc(100));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const get = (path: string, most = 1_000): Promise<Uint8Array> =>
    fetchFile(`http://${host}${path}`, most, (name) => name === host, new AbortController().signal);
  assert.equal((await get("/here")).length, 100);
  await assert.rejects(get("/on"), { reason: "network", message: /leads to elsewhere\.example/ });
  await assert.rejects(get("/gone"), { message: /answered 404/ });
  await assert.rejects(get("/a.png", 50), { message: /is larger than/ });
});
