import assert from "node:assert/strict";
import { cp, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { embedItems, type Embedded } from "../../../src/engine/embed-items";
import type { Pool } from "../../../src/engine/pool";
import { ByteStore } from "../../../src/engine/store/byte-store";
import { modelKey } from "../../../src/engine/store/keys";
import { TASKS, type TaskName } from "../../../src/engine/tasks";
import type { Item, ItemSet } from "../../../src/engine/types";
import type { ModelCard } from "../../../src/protocol/models";
import { textCard, textItems } from "../../support/cards";

const FIXTURE = join(__dirname, "../../fixtures/tiny-bert");

describe("the cache of embeddings", () => {
  let folder = "";
  let store: ByteStore;
  /** Items that were embedded, not taken from the cache. */
  let embedded: Item[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lens-cache-"));
    store = (await ByteStore.open(join(folder, "cache"), { limit: 1e9 }))!;
    embedded = [];
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  /** A pool whose only thread is this one. */
  const pool = {
    exec: (task: TaskName, args: unknown): Promise<unknown> => {
      if (task === "embed") embedded.push(...(args as { items: Item[] }).items);
      return (TASKS[task] as (args: unknown, ctx: object) => Promise<unknown>)(args, {});
    },
  } as unknown as Pool;
  const setOf = (items: Item[], kind: ItemSet["kind"] = "text"): ItemSet => ({
    kind,
    items,
    total: items.length,
    skipped: [],
    warnings: [],
    fingerprint: "",
  });
  const run = async (items: Item[], fields: Partial<ModelCard> = {}, at = FIXTURE): Promise<Embedded> => {
    embedded = [];
    return embedItems(setOf(items), { card: textCard(fields), folder: at }, pool, {}, store);
  };
  const texts = Array.from({ length: 150 }, (_, i) => `text number ${i} is about pizza`);

  it("gives the same bytes as the first run, without embedding anything", async () => {
    const first = await run(textItems(...texts));
    assert.equal(embedded.length, 150);
    const second = await run(textItems(...texts));
    assert.equal(embedded.length, 0);
    assert.deepEqual(second.matrix.data, first.matrix.data);
    assert.deepEqual(second.model, first.model);
  });

  it("embeds only what is new, and keeps the order of the items", async () => {
    await run(textItems(...texts.slice(0, 100)));
    const mixed = textItems("a new one", ...texts.slice(50, 120));
    const some = await run(mixed);
    assert.deepEqual(
      embedded.map(({ text }) => text),
      ["a new one", ...texts.slice(100, 120)],
    );
    const fresh = await embedItems(setOf(mixed), { card: textCard(), folder: FIXTURE }, pool, {});
    some.matrix.data.forEach((value, i) => assert.ok(Math.abs(value - fresh.matrix.data[i]!) < 2e-6));
  });

  it("says again which texts were cut", async () => {
    const long = textItems("pizza", "pizza ".repeat(40));
    const first = await run(long, { maxTokens: 16 });
    const second = await run(long, { maxTokens: 16 });
    assert.equal(embedded.length, 0);
    assert.match(first.items.warnings[0]!, /^1 of 2 texts are longer than the window of 16 tokens of Test model/);
    assert.deepEqual(second.items.warnings, first.items.warnings);
  });

  it("knows a model by its files and by how its card uses them", async () => {
    const copy = join(folder, "copy");
    await cp(FIXTURE, copy, { recursive: true });
    const key = async (fields: Partial<ModelCard> = {}, at = copy): Promise<string> =>
      (await modelKey({ card: textCard(fields), folder: at })).toString("hex");
    const before = await key();
    assert.equal(await key(), before);
    const others = [await key({ prefix: "query: " }), await key({ maxTokens: 9 }), await key({ pooling: "cls" })];
    others.push(await key({ normalize: true }), await key({ output: "x" }), await key({}, FIXTURE));
    await utimes(join(copy, "tokenizer.json"), 1, 1);
    others.push(await key());
    assert.equal(new Set([before, ...others]).size, 8);
    const pinned = { files: [{ name: "model.onnx", bytes: 1, sha256: "ab".repeat(32) }] };
    assert.equal(await key(pinned, copy), await key(pinned, FIXTURE), "a file of known content may lie anywhere");
  });

  it("knows a picture by its bytes, wherever it lies, and sees when it has changed", async () => {
    // A picture model is not needed to see which pictures would be embedded.
    const asked: string[] = [];
    const vectors = {
      exec: (task: TaskName, args: unknown): Promise<unknown> => {
        if (task !== "embed") return pool.exec(task, args as never);
        const { items } = args as { items: Item[] };
        asked.push(...items.map(({ path }) => path));
        const data = Float32Array.from({ length: items.length * 2 }, () => 1);
        return Promise.resolve({ data, failed: [], dims: 2, tensor: "features" });
      },
    } as unknown as Pool;
    const card = textCard({ kind: "image", files: [{ name: "onnx/model.onnx", bytes: 1 }] });
    const picture = async (name: string, content: string): Promise<Item> => {
      await writeFile(join(folder, name), content);
      await utimes(join(folder, name), 1000, 1000);
      return { label: null, path: name, file: join(folder, name) };
    };
    const embed = async (...items: Item[]): Promise<string[]> => {
      asked.length = 0;
      await embedItems(setOf(items, "image"), { card, folder: FIXTURE }, vectors, {}, store);
      return [...asked];
    };
    const [a, b] = [await picture("a.png", "first"), await picture("b.png", "second")];
    assert.deepEqual(await embed(a, b), ["a.png", "b.png"]);
    assert.deepEqual(await embed(a, b), []);
    assert.deepEqual(await embed(await picture("moved.png", "first")), []);
    assert.deepEqual(await embed(await picture("a.png", "changed")), ["a.png"]);
    assert.deepEqual(await embed({ label: null, path: "gone.png", file: join(folder, "gone.png") }), ["gone.png"]);
  });

  it("is not asked for models that are cheaper to run", async () => {
    const asked = { get: () => assert.fail("the cache was asked") } as unknown as ByteStore;
    const ask = (card: ModelCard): Promise<Embedded> =>
      embedItems(setOf(textItems("pizza")), { card, folder: FIXTURE }, pool, {}, asked);
    await assert.rejects(ask(textCard()), /the cache was asked/);
    await assert.rejects(ask(textCard({ runtime: "static" })), /has no \.safetensors file/);
  });
});
