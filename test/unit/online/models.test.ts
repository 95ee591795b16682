import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { ModelCard } from "../../../src/protocol/models";
import { lensHome } from "../../../src/online/home";
import { mirrored } from "../../../src/online/mirror";
import { openModelStore, type ModelStore } from "../../../src/online/models";
import { pictureCard } from "../../support/cards";
import { realData } from "../../support/data";
import { FileServer } from "../../support/file-server";

const BYTES = Uint8Array.from({ length: 3000 }, (_, i) => (i * 7) % 256);
const sha256 = createHash("sha256").update(BYTES).digest("hex");
const URL_PATH = "/zoo/resolve/main/small.onnx";
const builtIn = pictureCard({ id: "own", files: [{ name: "model.onnx", bytes: 3 }] });
const offered = pictureCard({
  id: "small",
  name: "Small model",
  files: [{ name: "model.onnx", url: `https://models.example${URL_PATH}`, bytes: BYTES.length, sha256 }],
});

let folder = "";
let server: FileServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lens-store-"));
  server = await FileServer.open(BYTES);
  await mkdir(join(folder, "package", "models", "own"), { recursive: true });
  const write = (name: string, value: unknown): Promise<void> =>
    writeFile(join(folder, "package", "models", name), JSON.stringify(value));
  await write("catalog.json", { builtin: ["own"], downloads: [offered] });
  await write("own/card.json", builtIn);
  await writeFile(join(folder, "package", "models", "own", "model.onnx"), "own");
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const open = (mirror = `${server.url}/base/`): ModelStore =>
  openModelStore({ packageRoot: join(folder, "package"), home: join(folder, "home"), mirror });
const signal = new AbortController().signal;
const states = async (store: ModelStore): Promise<string[]> =>
  (await store.list()).map(({ card, state, bytes }) => `${card.id} ${state} ${bytes}`);
/** A file or card of one's own in the temporary folder. */
async function own(name: string, content: string | Uint8Array | ModelCard): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(
    path,
    typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content),
  );
  return path;
}

describe("the models of a machine", () => {
  test("are the built-in ones, those of the catalog with what they would cost, and imported ones", async () => {
    const store = open();
    assert.deepEqual(await states(store), ["own builtin 0", "small absent 3000"]);
    await store.resolve("small", { signal });
    await store.import(await own("My Model.onnx", "abc"));
    assert.deepEqual(await states(store), ["own builtin 0", "small installed 0", "my-model installed 0"]);
  });

  test("a built-in one needs no question and no network", async () => {
    const { folder: where, card } = await open().resolve("own", { signal, confirm: () => assert.fail("asked") });
    assert.deepEqual([card, await readFile(join(where, "model.onnx"), "utf8")], [builtIn, "own"]);
    assert.equal(server.requests.length, 0);
  });

  test("an unknown one is refused with those that are known", async () => {
    await assert.rejects(open().resolve("larg", { signal }), {
      reason: "model",
      message: "There is no model “larg”: choose own, small, or give the path of an .onnx file.",
    });
  });
});

describe("the first use of a model of the catalog", () => {
  test("asks once with size and host, downloads from the mirror with progress, and then never again", async () => {
    const asked: unknown[] = [];
    const progress: number[][] = [];
    const confirm = (...question: unknown[]): Promise<boolean> => Promise.resolve(asked.push(question) > 0);
    const first = await open().resolve("small", {
      signal,
      confirm,
      onProgress: (done, total) => progress.push([done, total]),
    });
    assert.deepEqual(new Uint8Array(await readFile(join(first.folder, "model.onnx"))), BYTES);
    assert.deepEqual(asked, [[offered, 3000, new URL(server.url).host]]);
    assert.deepEqual(
      [progress[0], progress.at(-1)],
      [
        [0, 3000],
        [3000, 3000],
      ],
    );
    assert.equal(server.requests[0]!.path, `/base${URL_PATH}`);
    assert.deepEqual(await open().resolve("small", { signal, confirm }), first);
    assert.deepEqual([asked.length, server.requests.length], [1, 1]);
  });

  test("is cancelled by a no, without a request", async () => {
    await assert.rejects(open().resolve("small", { signal, confirm: () => Promise.resolve(false) }), {
      reason: "cancelled",
    });
    assert.equal(server.requests.length, 0);
  });

  test("is cancelled while the question stands", async () => {
    const controller = new AbortController();
    const confirm = (): Promise<boolean> => {
      setImmediate(() => controller.abort());
      return new Promise(() => undefined);
    };
    await assert.rejects(open().resolve("small", { signal: controller.signal, confirm }), { reason: "cancelled" });
  });

  test("by two at the same time asks and downloads once", async () => {
    const store = open();
    let asked = 0;
    const options = { signal, confirm: () => Promise.resolve(++asked > 0) };
    await Promise.all([store.resolve("small", options), store.resolve("small", options)]);
    assert.deepEqual([asked, server.requests.length], [1, 1]);
  });

  test("does not let one that is cancelled stop the other", async () => {
    server.behaviours = [{ kind: "slow", piece: 500, pauseMs: 5 }];
    const store = open();
    const controller = new AbortController();
    const first = store.resolve("small", { signal: controller.signal });
    const second = store.resolve("small", { signal });
    controller.abort();
    await assert.rejects(first, { reason: "cancelled" });
    assert.equal((await second).card.id, "small");
  });

  test("replaces a file that has lost its size", async () => {
    const { folder: where } = await open().resolve("small", { signal });
    await writeFile(join(where, "model.onnx"), "half");
    assert.deepEqual(await states(open()), ["own builtin 0", "small absent 3000"]);
    await open().resolve("small", { signal });
    assert.deepEqual(new Uint8Array(await readFile(join(where, "model.onnx"))), BYTES);
  });
});

describe("a model given by its path", () => {
  test("is used where it lies; nothing is known of it but its bytes", async () => {
    const path = await own("nets/Net v2.onnx", "abc");
    const { card, folder: where } = await open().resolve(path, { signal });
    assert.equal(where, join(folder, "nets"));
    assert.deepEqual(
      [card.id, card.kind, card.runtime, card.dims, card.input],
      ["net-v2", "image", "onnx", 0, undefined],
    );
    assert.deepEqual(card.files, [
      { name: "Net v2.onnx", bytes: 3, sha256: createHash("sha256").update("abc").digest("hex") },
    ]);
  });

  test("whose bytes are those of the catalog gets its card, under whatever name", async () => {
    const { card } = await open().resolve(await own("usb/downloaded.onnx", BYTES), { signal });
    assert.deepEqual({ ...card, files: [] }, { ...offered, files: [] });
    assert.equal(card.files[0]!.name, "downloaded.onnx");
  });

  test("may be a folder with a card, or with one .onnx", async () => {
    const carded = pictureCard({ id: "carded", files: [{ name: "net.onnx", bytes: 3 }] });
    await own("carded/card.json", carded);
    await own("carded/net.onnx", "abc");
    await own("plain/net.onnx", "abc");
    assert.deepEqual((await open().resolve(join(folder, "carded"), { signal })).card, carded);
    assert.equal((await open().resolve(join(folder, "plain"), { signal })).card.id, "plain");
  });

  for (const [what, message, make] of [
    ["missing", /There is no model at/, () => Promise.resolve(join(folder, "gone.onnx"))],
    ["an empty folder", /holds no \.onnx file/, () => mkdir(join(folder, "empty")).then(() => join(folder, "empty"))],
    ["not a model", /is not an \.onnx file/, () => own("notes/a.txt", "x")],
    [
      "a card that leads out of its folder",
      /“files\.0\.name”/,
      async () => {
        await own("evil/card.json", pictureCard({ files: [{ name: "../../secret", bytes: 1 }] }));
        return join(folder, "evil");
      },
    ],
    [
      "a card whose file is cut",
      /is not whole: the file net\.onnx has 2 bytes where 3 are expected/,
      async () => {
        await own("cut/card.json", pictureCard({ files: [{ name: "net.onnx", bytes: 3 }] }));
        await own("cut/net.onnx", "ab");
        return join(folder, "cut");
      },
    ],
  ] as const) {
    test(`${what} is refused in one sentence`, async () => {
      await assert.rejects(open().resolve(await make(), { signal }), { reason: "model", message });
    });
  }
});

describe("importing and removing", () => {
  test("an imported model is copied and known by its id", async () => {
    const store = open();
    const card = await store.import(await own("net.onnx", "abc"));
    await rm(join(folder, "net.onnx"));
    const { folder: where } = await store.resolve(card.id, { signal });
    assert.equal(await readFile(join(where, "model.onnx"), "utf8"), "abc");
    await store.remove("net");
    assert.deepEqual(await states(store), ["own builtin 0", "small absent 3000"]);
  });

  test("a file of the catalog that was carried here becomes that model", async () => {
    const store = open();
    assert.deepEqual(await store.import(await own("usb/downloaded.onnx", BYTES)), offered);
    assert.equal((await store.list())[1]!.state, "installed");
    await store.resolve("small", { signal, confirm: () => assert.fail("asked") });
    assert.equal(server.requests.length, 0);
  });

  test("an import never takes the place of a built-in or other model of the catalog", async () => {
    await assert.rejects(open().import(await own("own.onnx", "abc")), { reason: "model", message: /built-in/ });
    await assert.rejects(open().import(await own("small.onnx", "abc")), { reason: "model", message: /of the catalog/ });
  });

  test("a built-in model and a file of one's own stay", async () => {
    const path = await own("net.onnx", "abc");
    await assert.rejects(open().remove("own"), { reason: "model" });
    await assert.rejects(open().remove(path), { reason: "model" });
    for (const id of ["../../package", "..", ""]) await assert.rejects(open().remove(id), { reason: "model" });
    assert.equal(await readFile(path, "utf8"), "abc");
  });
});

describe("where things are", () => {
  test("the mirror's base is followed by the path of the file's own address", () => {
    const url = "https://models.example/a/b.onnx?download=true";
    assert.equal(mirrored(url, null, "x"), url);
    assert.equal(mirrored(url, "http://mirror.local:8080/hub//", "x"), "http://mirror.local:8080/hub/a/b.onnx");
    assert.throws(() => mirrored(url, "ftp://mirror.local", "x"), { reason: "network", message: /not an http/ });
    assert.throws(() => mirrored(url, "mirror.local", "x"), { reason: "network" });
  });

  test("models live in EMBEDDING_LENS_HOME, else in the user's cache folder", () => {
    assert.equal(lensHome({ EMBEDDING_LENS_HOME: "/models" }, "linux", "/home/u"), "/models");
    assert.equal(lensHome({}, "linux", "/home/u"), join("/home/u", ".cache", "embedding-lens"));
    assert.equal(lensHome({ XDG_CACHE_HOME: "/cache" }, "linux", "/home/u"), join("/cache", "embedding-lens"));
    assert.equal(lensHome({}, "darwin", "/Users/u"), join("/Users/u", "Library", "Caches", "embedding-lens"));
    assert.equal(lensHome({ LOCALAPPDATA: "/local" }, "win32", "/u"), join("/local", "embedding-lens"));
  });
});

describe("the catalog that ships", () => {
  const { path, skip } = realData("models/mobilenetv2-12-int8");

  test("lists whole built-in models and valid cards", async () => {
    const store = openModelStore({ packageRoot: ".", home: join(folder, "home") });
    const models = await store.list();
    const ids = models.map(({ card }) => card.id);
    for (const id of ["glove-100d", "lens-tiny", "mobilenetv2", "resnet18"]) assert.ok(ids.includes(id), id);
    for (const { card } of models.filter(({ state }) => state === "builtin")) {
      const { folder: where } = await store.resolve(card.id, { signal });
      for (const { name, bytes, sha256: want } of card.files) {
        const content = await readFile(join(where, name));
        assert.deepEqual([content.length, createHash("sha256").update(content).digest("hex")], [bytes, want]);
      }
    }
  });

  test("gets MobileNetV2 from a mirror", { skip }, async () => {
    const mirror = await FileServer.open(await readFile(join(path, "model.onnx")));
    const store = openModelStore({ packageRoot: ".", home: join(folder, "home"), mirror: mirror.url });
    const { card, folder: where } = await store.resolve("mobilenetv2", { signal });
    await copyFile(join(where, card.files[0]!.name), join(folder, "carried.onnx"));
    await store.remove("mobilenetv2");
    assert.equal((await store.import(join(folder, "carried.onnx"))).id, "mobilenetv2");
    assert.match(mirror.requests[0]!.path, /^\/onnxmodelzoo\/.*\/mobilenetv2-12-int8\.onnx$/);
    await mirror.close();
  });
});
