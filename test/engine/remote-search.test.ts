import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Engine } from "../../src/engine/client";
import type { Job, Sending } from "../../src/protocol/engine";
import { isCancelled } from "../../src/protocol/errors";
import { parseRecipe } from "../../src/protocol/recipe";
import { EmbeddingServer, vectorOf } from "../support/embedding-server";
import { linesJob, remoteEngine, TEXTS, type RemoteEngine } from "../support/remote-engine";
import { cosine } from "../support/numerics";

let remote: RemoteEngine;
let server: EmbeddingServer;
let folder: string;
let engine: Engine;
let asked: Sending[];

beforeEach(async () => {
  remote = await remoteEngine();
  ({ server, folder, engine, asked } = remote);
});
afterEach(() => remote.close());

const jobOf = (texts: readonly string[] = TEXTS, model = "openai:test"): Job => linesJob(folder, model, texts);

describe("a search by words among vectors of a server", () => {
  const inputs = (): unknown[] => server.calls.map(({ body }) => body["input_type"]);

  it("asks Cohere with search_query where the items are sent as search_document", async () => {
    const job = jobOf(TEXTS, "cohere:embed-v4.0?dimensions=6&input=search_document");
    await engine.run(job);
    assert.deepEqual(new Set(inputs()), new Set(["search_document"]));
    const before = server.calls.length;
    const found = await engine.search(job, TEXTS[7]!, 3);
    assert.equal(found!.hits[0]!.index, 7, "the server's vector of a text is the same for both");
    const [call, ...more] = server.calls.slice(before);
    assert.deepEqual(more, []);
    assert.deepEqual(
      [call!.texts, call!.body["input_type"], call!.body["output_dimension"], call!.body["model"]],
      [[TEXTS[7]], "search_query", 6, "embed-v4.0"],
    );
    assert.deepEqual(
      asked.map(({ texts, cached, host }) => [texts, cached, host]),
      [
        [20, 0, server.host],
        [1, 0, server.host],
      ],
      "the vector of the item is none of the words",
    );
  });

  it("asks Cohere as the items were sent where they are no documents", async () => {
    for (const [options, input] of [
      ["", "clustering"],
      ["?input=classification", "classification"],
      ["?input=search_query", "search_query"],
    ] as const) {
      const before = server.calls.length;
      const job = jobOf(TEXTS.slice(0, 4), `cohere:embed-v4.0${options}`);
      await engine.run(job);
      await engine.search(job, "some words", 1);
      assert.deepEqual(new Set(inputs().slice(before)), new Set([input]));
    }
  });

  it("sends the words to a server that speaks OpenAI once, after a question, and takes kept vectors", async () => {
    await engine.run(jobOf());
    const before = server.calls.length;
    const found = await engine.search(jobOf(), "zebra crossing", 20);
    assert.deepEqual(
      server.calls.slice(before).map(({ texts, body }) => [texts, body["model"]]),
      [[["zebra crossing"], "test"]],
    );
    const near = (index: number): number => cosine(vectorOf("zebra crossing"), vectorOf(TEXTS[index]!));
    for (const { index, similarity } of found!.hits) assert.ok(Math.abs(similarity - near(index)) < 1e-6);
    assert.deepEqual([asked.length, asked[1]?.texts], [2, 1]);
    await engine.search(jobOf(), "zebra crossing", 3);
    await engine.search(jobOf(), TEXTS[3]!, 1);
    assert.deepEqual([asked.length, server.calls.length], [2, before + 1], "its own text has a vector already");
  });

  it("sends nothing after a no, and asks again the next time", async () => {
    await engine.run(jobOf());
    const before = server.calls.length;
    remote.agrees = false;
    await assert.rejects(engine.search(jobOf(), "zebra crossing", 3), isCancelled);
    assert.equal(server.calls.length, before);
    remote.agrees = true;
    assert.equal((await engine.search(jobOf(), "zebra crossing", 3))!.hits.length, 3);
  });

  it("that the server refuses is one sentence, and the items keep their vectors", async () => {
    await engine.run(jobOf());
    server.answers = [{ kind: "status", status: 401 }];
    await assert.rejects(engine.search(jobOf(), "zebra crossing", 3), /the key is missing or not accepted \(401\)/);
    assert.equal((await engine.search(jobOf(), TEXTS[3]!, 1))!.hits[0]!.index, 3);
  });

  it("finds pictures by words with embed-v4", async () => {
    await cp(path.resolve("media/samples/pictures/boats"), path.join(folder, "boats"), { recursive: true });
    const source = { kind: "images" as const, paths: ["boats"] };
    const recipe = parseRecipe({ version: 1, source, model: "cohere:embed-v4.0", reduce: { method: "none" } });
    const { items } = await engine.run({ base: folder, recipe });
    const found = await engine.search({ base: folder, recipe }, "a boat", 2);
    assert.deepEqual([found!.hits.length, items.kind], [2, "image"]);
    assert.deepEqual(server.calls.at(-1)!.body["texts"], ["a boat"]);
  });
});
