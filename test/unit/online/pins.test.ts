import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { openModelStore, type ModelStore } from "../../../src/online/models";
import { textCard } from "../../support/cards";
import { FileServer } from "../../support/file-server";

const BYTES = Uint8Array.from({ length: 5000 }, (_, i) => (i * 11) % 256);
const signal = new AbortController().signal;
const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe("a file whose SHA-256 the catalog does not know", () => {
  let folder = "";
  let server: FileServer;
  let store: ModelStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lens-pins-"));
    server = await FileServer.open(BYTES);
    await mkdir(join(folder, "package/models"), { recursive: true });
    const files = [{ name: "onnx/model.onnx", url: "https://models.example/model.onnx", bytes: 4000 }];
    const downloads = [textCard({ id: "unpinned", name: "Unpinned", files })];
    await writeFile(join(folder, "package/models/catalog.json"), JSON.stringify({ builtin: [], downloads }));
    store = openModelStore({ packageRoot: join(folder, "package"), home: join(folder, "home"), mirror: server.url });
  });
  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  const file = (): string => join(folder, "home/models/unpinned/onnx/model.onnx");
  const listed = async (): Promise<string[]> => (await store.list()).map(({ state, bytes }) => `${state} ${bytes}`);

  it("is pinned by its first download, whatever size was expected", async () => {
    assert.deepEqual(await listed(), ["absent 4000"]);
    const { card } = await store.resolve("unpinned", { signal });
    assert.deepEqual([card.files[0]?.bytes, card.files[0]?.sha256], [BYTES.length, hash(BYTES)]);
    assert.deepEqual(await readFile(file()), Buffer.from(BYTES));
    assert.deepEqual(await listed(), ["installed 0"]);
    const asked = server.requests.length;
    assert.equal((await store.resolve("unpinned", { signal })).card.files[0]?.sha256, hash(BYTES));
    assert.equal(server.requests.length, asked, "nothing is asked again");
  });

  it("is refused by name when it has changed on the server, until the model is deleted", async () => {
    await store.resolve("unpinned", { signal });
    for (const bytes of [BYTES.map((byte) => byte ^ 1), BYTES.subarray(1)]) {
      await rm(file());
      server.behaviours = [{ kind: "good", bytes, etag: '"two"' }];
      await assert.rejects(
        store.resolve("unpinned", { signal }),
        /Unpinned could not be downloaded from 127\.0\.0\.1:\d+: it has changed on the server since it was first/,
      );
      await assert.rejects(readFile(file()), /ENOENT/);
      server.behaviours = [{ kind: "good" }];
      await store.resolve("unpinned", { signal });
    }
    await store.remove("unpinned");
    server.behaviours = [{ kind: "good", bytes: BYTES.subarray(1) }];
    assert.equal((await store.resolve("unpinned", { signal })).card.files[0]?.bytes, BYTES.length - 1);
  });

  it("is not taken when the server does not say how large it is, or answers with an error", async () => {
    server.behaviours = [{ kind: "chunked" }];
    await assert.rejects(store.resolve("unpinned", { signal }), /the server does not say how large the file is/);
    server.behaviours = [{ kind: "status", status: 404 }];
    await assert.rejects(store.resolve("unpinned", { signal }), /the server answered 404/);
  });

  it("is pinned as well when the model's folder is imported", async () => {
    const own = join(folder, "unpinned");
    await mkdir(join(own, "onnx"), { recursive: true });
    await writeFile(join(own, "onnx/model.onnx"), BYTES);
    await writeFile(join(own, "tokenizer.json"), "{}");
    assert.equal((await store.import(own)).id, "unpinned");
    assert.equal((await store.resolve("unpinned", { signal })).card.files[0]?.sha256, hash(BYTES));
    assert.equal(server.requests.length, 0);
  });
});
