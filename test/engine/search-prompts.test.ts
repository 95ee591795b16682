import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { forkEngine, type Engine } from "../../src/engine/client";
import { openModelStore } from "../../src/online/models";
import type { Job } from "../../src/protocol/engine";
import type { ModelCard } from "../../src/protocol/models";
import { bertModel, bertWeights } from "../support/bert";
import { cosine } from "../support/numerics";
import { linesJob } from "../support/remote-engine";
import { TINY_VOCABULARY } from "../support/wordpiece";

const FIXTURE = path.resolve("test/fixtures/tiny-bert");
/** E5's length, in a graph that costs nothing. */
const E5_SHAPE = { vocab: TINY_VOCABULARY.length, hidden: 384, heads: 4, layers: 1, ffn: 32, positions: 64 };
const TEXTS = ["new card", "pizza food", "query: new card", "passage: new card"];

let base = "";
let hub: Server;
let engine: Engine;

before(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), "lens-prompts-"));
  await cp(FIXTURE, path.join(base, "plain"), { recursive: true });
  await mkdir(path.join(base, "e5/onnx"), { recursive: true });
  for (const name of ["tokenizer.json", "tokenizer_config.json"]) {
    await cp(path.join(FIXTURE, name), path.join(base, "e5", name));
  }
  await writeFile(path.join(base, "e5/onnx/model_quantized.onnx"), bertModel(bertWeights(E5_SHAPE, 5)));
  const card = await e5Card();
  const sized = card.files.map(async ({ name }) => ({ name, bytes: (await stat(path.join(base, "e5", name))).size }));
  const without = { ...card, id: "bare", prefix: "", files: await Promise.all(sized) };
  await writeFile(path.join(base, "e5/card.json"), JSON.stringify(without));
  const files = "/Xenova/multilingual-e5-small/resolve/main/";
  hub = createServer(({ url = "" }, response) => {
    readFile(path.join(base, "e5", url.startsWith(files) ? url.slice(files.length) : "..")).then(
      (bytes) => response.writeHead(200, { "content-length": bytes.length }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => hub.listen(0, "127.0.0.1", resolve));
  const mirror = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
  const store = openModelStore({ packageRoot: path.resolve("."), home: path.join(base, "home"), mirror });
  engine = forkEngine({
    entry: path.resolve("dist/engine.js"),
    cacheFolder: path.join(base, "cache"),
    host: { modelFile: (id, { signal }) => store.resolve(id, { signal }) },
  });
});
after(async () => {
  await engine.dispose();
  hub.closeAllConnections();
  hub.close();
  await rm(base, { recursive: true });
});

async function e5Card(): Promise<ModelCard> {
  const catalog = JSON.parse(await readFile("models/catalog.json", "utf8")) as { downloads: ModelCard[] };
  return catalog.downloads.find(({ id }) => id === "multilingual-e5-small")!;
}

/** A folder of the hub whose texts are prepared with these prompts. */
async function prompted(name: string, prompts: Record<string, unknown>): Promise<string> {
  const folder = path.join(base, name);
  await cp(FIXTURE, folder, { recursive: true });
  await writeFile(path.join(folder, "config_sentence_transformers.json"), JSON.stringify(prompts));
  return folder;
}

const jobOf = (model: string, texts: readonly string[] = TEXTS): Job => linesJob(base, model, texts);

/** The vectors of these very texts, with nothing before them. */
async function bare(texts: readonly string[], model = path.join(base, "plain")): Promise<Float32Array[]> {
  const { data, cols } = await engine.vectors(jobOf(model, texts));
  return texts.map((_, i) => data.slice(i * cols, (i + 1) * cols));
}

async function similarities(job: Job, words: string): Promise<number[]> {
  await engine.run(job);
  const found: number[] = [];
  for (const { index, similarity } of (await engine.search(job, words, TEXTS.length))!.hits) found[index] = similarity;
  return found;
}

/** Item by item: the search gives what these vectors give. */
function close(found: readonly number[], query: Float32Array, items: readonly Float32Array[]): void {
  assert.equal(found.length, items.length);
  items.forEach((item, i) => assert.ok(Math.abs(found[i]! - cosine(query, item)) < 1e-5, `${i}: ${found[i]}`));
}

describe("what stands before the words of a search", { timeout: 120_000 }, () => {
  test("is the prompt for queries of a hub folder, where its texts have none", async () => {
    const model = await prompted("for-queries", { prompts: { query: "query: ", passage: "passage: " } });
    const found = await similarities(jobOf(model), "new card");
    assert.ok(found[2]! > 0.99999, "the text that begins with the prompt is the query itself");
    assert.ok(found[0]! < 0.999, "the same words without it are another text");
    const [query, ...items] = await bare(["query: new card", ...TEXTS]);
    close(found, query!, items);
  });

  test("is the prompt for queries, and before each text the folder's default", async () => {
    const model = await prompted("for-both", {
      prompts: { query: "query: ", passage: "passage: " },
      default_prompt_name: "passage",
    });
    const found = await similarities(jobOf(model), "new card");
    const [query, ...items] = await bare(["query: new card", ...TEXTS.map((text) => `passage: ${text}`)]);
    close(found, query!, items);
  });

  test("is nothing where the folder names no prompt", async () => {
    const found = await similarities(jobOf(path.join(base, "plain")), "new card");
    assert.ok(found[0]! > 0.99999 && found[2]! < 0.999);
  });

  test("is E5's own “query: ” of the catalog, before the texts as well", async () => {
    const found = await similarities(jobOf("multilingual-e5-small"), "new card");
    assert.ok(found[0]! > 0.99999);
    const written = ["query: new card", ...TEXTS.map((text) => `query: ${text}`)];
    const [query, ...items] = await bare(written, path.join(base, "e5"));
    close(found, query!, items);
    const [without] = await bare(["new card"], path.join(base, "e5"));
    assert.ok(cosine(without!, query!) < 0.9999, "the prefix changes the vector");
  });
});
