import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { readmeFacts } from "../../../src/online/hub-readme";
import { openModelStore, type ModelStore } from "../../../src/online/models";
import { isCancelled } from "../../../src/protocol/errors";

const FIXTURE = join(__dirname, "../../fixtures/tiny-bert");
const REPOSITORY = "Someone/Tiny-Bert";
const signal = new AbortController().signal;

describe("a model of the hub, by the name of its repository", () => {
  let root = "";
  let server: Server;
  let hub = "";
  let made = 0;
  const asked: string[] = [];
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "lens-repository-"));
    server = createServer((request, response) => {
      asked.push(request.url ?? "");
      const prefix = `/${REPOSITORY}/resolve/main/`;
      const name = request.url?.startsWith(prefix) ? request.url.slice(prefix.length) : "..";
      readFile(join(hub, name)).then(
        (bytes) => response.writeHead(200, { "content-length": bytes.length }).end(bytes),
        () => response.writeHead(404).end("Entry not found"),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await rm(root, { recursive: true });
  });
  beforeEach(async () => {
    hub = join(root, `hub${++made}`);
    await cp(FIXTURE, hub, { recursive: true });
    await writeFile(
      join(hub, "README.md"),
      "---\nlicense: apache-2.0\nlanguage:\n- en\n- de\ndatasets: [a/b]\n---\n# Tiny",
    );
    await mkdir(join(root, "package/models"), { recursive: true });
    await writeFile(join(root, "package/models/catalog.json"), JSON.stringify({ builtin: [], downloads: [] }));
  });
  afterEach(() => void (asked.length = 0));

  const store = (offline = false): ModelStore => {
    const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const home = join(root, `home${made}`);
    return openModelStore({ packageRoot: join(root, "package"), home, mirror, offline: () => offline });
  };
  const states = async (): Promise<string[]> => (await store().list()).map(({ card, state }) => `${card.id} ${state}`);

  it("is described by its own files, asked for with its size, and downloaded", async () => {
    const questions: unknown[] = [];
    const { card, folder } = await store().add(REPOSITORY, {
      signal,
      confirm: ({ licence, languages, trainedOn, pooling }, bytes) => {
        questions.push({ licence, languages, trainedOn, pooling, large: bytes > 10_000 });
        return Promise.resolve(true);
      },
    });
    assert.deepEqual(questions, [
      { licence: "apache-2.0", languages: ["en", "de"], trainedOn: "a/b", pooling: "mean", large: true },
    ]);
    assert.equal(card.id, "someone--tiny-bert");
    assert.equal(card.source, "huggingface.co/Someone/Tiny-Bert");
    assert.deepEqual(await states(), ["someone--tiny-bert installed"]);
    const name = "onnx/model.onnx";
    assert.deepEqual(await readFile(join(folder, name)), await readFile(join(FIXTURE, name)));
    asked.length = 0;
    const again = await store().add(REPOSITORY, { signal, confirm: () => assert.fail("asked again") });
    assert.equal(again.folder, folder);
    assert.deepEqual(asked, []);
  });

  it("is pinned by its first download: another file is refused by name later, and accepted after it is deleted", async () => {
    const { folder } = await store().add(REPOSITORY, { signal });
    await rm(join(folder, "tokenizer.json"));
    assert.deepEqual(await states(), ["someone--tiny-bert absent"]);
    const changed = (await readFile(join(hub, "tokenizer.json"), "utf8")).replace("[UNK]", "[UNC]");
    await writeFile(join(hub, "tokenizer.json"), changed);
    await assert.rejects(
      store().resolve("someone--tiny-bert", { signal }),
      /Tiny-Bert.*tokenizer\.json.*has changed on the server/,
    );
    assert.equal(await store().remove("someone--tiny-bert"), true);
    assert.equal(await store().remove("someone--tiny-bert"), false);
    assert.deepEqual(await states(), []);
    await store().add(REPOSITORY, { signal });
    assert.deepEqual(await states(), ["someone--tiny-bert installed"]);
  });

  it("leaves nothing behind after a no", async () => {
    await assert.rejects(store().add(REPOSITORY, { signal, confirm: () => Promise.resolve(false) }), isCancelled);
    assert.deepEqual(await states(), []);
    assert.ok(!asked.some((url) => url.endsWith("vectors")));
  });

  it("is refused with a sentence when it is not there or cannot run here", async () => {
    await assert.rejects(
      store().add("nobody/nothing", { signal }),
      /nobody\/nothing at 127\.0\.0\.1.*is not there, or has no file/,
    );
    await rm(join(hub, "onnx"), { recursive: true });
    await assert.rejects(store().add(REPOSITORY, { signal }), /has no file that can run here/);
    await assert.rejects(store().add("../../etc", { signal }), /is not the name of a repository/);
    await writeFile(join(hub, "config.json"), "{");
    await assert.rejects(store().add(REPOSITORY, { signal }), /config\.json is not JSON/);
  });

  it("works offline once it is here, and is not asked for before", async () => {
    await assert.rejects(store(true).add(REPOSITORY, { signal }), /offline mode \(setting embeddingLens\.offline/);
    assert.deepEqual(asked, []);
    await store().add(REPOSITORY, { signal });
    asked.length = 0;
    assert.equal((await store(true).resolve("someone--tiny-bert", { signal })).card.id, "someone--tiny-bert");
    await rm(join(root, `home${made}`, "models/someone--tiny-bert/tokenizer.json"));
    await assert.rejects(
      store(true).resolve("someone--tiny-bert", { signal }),
      /Nothing is downloaded or sent in offline mode .*: .*Tiny-Bert is not on this machine\./,
    );
    assert.deepEqual(asked, []);
  });
});

describe("the head of a model's README", () => {
  it("gives licence, languages and data sets, whatever the form of its lists", () => {
    assert.deepEqual(readmeFacts('---\nlicense: "mit"\nlanguage: en\n---\n'), { licence: "mit", languages: ["en"] });
    assert.deepEqual(readmeFacts("---\r\nlicense: other\r\nlicense_name: llama\r\n---\r\nText"), { licence: "llama" });
    assert.deepEqual(readmeFacts("---\nlanguage:\n  - en\n  - 'fr'\ntags:\n- x\n---"), { languages: ["en", "fr"] });
  });

  it("gives nothing where there is none", () => {
    for (const text of [null, "", "# Title\nlicense: mit", "---\nlicense: mit"])
      assert.deepEqual(readmeFacts(text), {});
  });
});
