import assert from "node:assert/strict";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, test } from "node:test";
import type { Pool } from "../../src/engine/pool";
import type { RunContext } from "../../src/engine/run/context";
import { Pipeline } from "../../src/engine/run/pipeline";
import type { Job, LocalModel } from "../../src/protocol/engine";
import { parseRecipe, type RecipeInput, type Source } from "../../src/protocol/recipe";

const TEXTS = ["one", "two", "broken", "four"];

interface Args {
  items?: { text?: string }[];
  matrix?: { rows: number };
  source?: Source;
  settings?: unknown;
}

/** A pool that answers at once and remembers which tasks it was given. */
class FakePool {
  asked: string[] = [];
  fingerprint = "first";
  stopped = false;
  equal = false;
  /** The settings of the last clusters. */
  clustered: unknown;
  texts = TEXTS;

  exec(task: string, args: Args): Promise<unknown> {
    this.asked.push(task);
    return Promise.resolve(this.answer(task, args));
  }

  private answer(task: string, args: Args): unknown {
    const rows = args.matrix?.rows ?? 0;
    switch (task) {
      case "fingerprint":
        return this.fingerprint;
      case "items": {
        const label = args.source?.columns?.label;
        const items = this.texts.map((text, i) => ({
          label: label ? `${label} ${i}` : null,
          path: "a.txt",
          line: i + 1,
          text,
        }));
        return { kind: "text", items, total: 4, skipped: [], warnings: [], fingerprint: this.fingerprint };
      }
      case "embed": {
        const items = args.items ?? [];
        return {
          dims: 2,
          tensor: "mean",
          data: Float32Array.from(items.flatMap(({ text }) => [text?.length ?? 0, 1])),
          failed: items.flatMap(({ text }, at) => (text === "broken" ? [{ at, reason: "it is broken" }] : [])),
        };
      }
      case "reduce":
        return {
          x: new Float32Array(rows),
          y: new Float32Array(rows),
          axes: ["a", "b"],
          warnings: [],
          ...(this.stopped && { stopped: true }),
          ...(this.equal && { equal: true }),
        };
      case "cluster":
        this.clustered = args.settings;
        return { cluster: new Int32Array(rows), clusters: [], warnings: ["K was lowered"], notes: ["K was chosen"] };
      case "quality":
        return { k: 1, trustworthiness: 1, continuity: 1, neighborsKept: 1, sample: rows };
      case "neighbors":
        return { count: rows, k: 1, index: new Int32Array(rows), distance: new Float32Array(rows) };
      case "matrix":
        return new Float32Array((rows * (rows + 1)) / 2);
      case "neighborsOf":
        return [{ index: 1, similarity: 0.5 }];
      case "similarityOf":
        return 0.5;
      default:
        throw new Error(`unexpected task ${task}`);
    }
  }

  /** The tasks since the last look, without the fingerprint that every run takes. */
  look(): string[] {
    return this.asked.splice(0).filter((task) => task !== "fingerprint");
  }
}

let pool: FakePool;
let pipeline: Pipeline;
const model: LocalModel = {
  folder: "/models/words",
  card: {
    id: "words",
    name: "Words",
    about: "",
    kind: "text",
    runtime: "words",
    dims: 2,
    files: [],
    licence: "",
    source: "",
    trainedOn: "",
    normalize: false,
  },
};
const ctx: RunContext = { runId: 1, signal: new AbortController().signal, onProgress: () => undefined };
const job = (changes: Partial<RecipeInput> = {}): Job => ({
  base: "/data",
  recipe: parseRecipe({ version: 1, source: { kind: "lines", paths: ["a.txt"] }, model: "words", ...changes }),
});

beforeEach(() => {
  pool = new FakePool();
  pipeline = new Pipeline(pool as unknown as Pool, pool as unknown as Pool, () => Promise.resolve(model));
});

describe("a run", () => {
  test("leaves an item without a vector out, by path, line and reason", async () => {
    const result = await pipeline.run(job(), ctx);
    assert.equal(result.items.count, 3);
    assert.deepEqual(result.skipped, [{ path: "a.txt", place: 3, reason: "it is broken" }]);
    assert.deepEqual([...result.items.place], [1, 2, 4]);
  });

  test("of the same recipe makes nothing again", async () => {
    await pipeline.run(job(), ctx);
    pool.look();
    const again = await pipeline.run(job(), ctx);
    assert.deepEqual(pool.look(), []);
    assert.equal(again.timings.embed, 0);
  });

  test("with another reduction neither loads nor embeds again", async () => {
    await pipeline.run(job(), ctx);
    pool.look();
    await pipeline.run(job({ reduce: { method: "pca" } }), ctx);
    const asked = pool.look();
    assert.ok(asked.includes("reduce"));
    assert.ok(!asked.includes("items") && !asked.includes("embed"), asked.join());
  });

  test("that adds clusters makes only the clusters", async () => {
    await pipeline.run(job(), ctx);
    pool.look();
    const result = await pipeline.run(job({ cluster: { method: "kmeans", k: 2 } }), ctx);
    assert.deepEqual(pool.look(), ["cluster"]);
    assert.deepEqual([result.warnings, result.notes], [["K was lowered"], ["K was chosen"]]);
  });

  test("of more items than its clusters can take is refused before anything is embedded", async () => {
    pool.texts = Array.from({ length: 8_001 }, (_, i) => `text ${i}`);
    await assert.rejects(pipeline.run(job({ cluster: { method: "agglomerative" } }), ctx), {
      reason: "recipe",
      message: "Agglomerative clustering takes up to 8,000 items; there are 8,001. Use k-means, or a sample.",
    });
    assert.deepEqual(pool.look(), ["items"]);
    await pipeline.run(job({ cluster: { method: "hdbscan" } }), ctx);
    assert.ok(pool.look().includes("cluster"));
  });

  test("whose reduction was stopped keeps it where only what is made of it changes, and makes the whole in another run", async () => {
    pool.stopped = true;
    await pipeline.run(job(), ctx);
    pool.look();
    const changed = job({ cluster: { method: "hdbscan" } });
    const kept = await pipeline.run(changed, { ...ctx, keepStopped: true });
    assert.deepEqual([pool.look(), kept.stopped], [["cluster"], true]);
    const onMap = job({ cluster: { method: "hdbscan", on: "map" } });
    await pipeline.run(onMap, { ...ctx, keepStopped: true });
    assert.deepEqual(pool.look(), ["cluster"]);
    await pipeline.run(job({ reduce: { minDist: 0.5 } }), { ...ctx, keepStopped: true });
    assert.ok(pool.look().includes("reduce"), "another layout is made");
    await pipeline.run(job(), { ...ctx, keepStopped: true });
    assert.ok(pool.look().includes("reduce"), "only the layout that was stopped last is kept");
    pool.stopped = false;
    const whole = await pipeline.run(job(), ctx);
    assert.deepEqual([pool.look(), whole.stopped], [["reduce", "quality"], undefined]);
  });

  test("whose reduction was stopped does not bring it back where the whole was asked for and given up", async () => {
    pool.stopped = true;
    await pipeline.run(job(), ctx);
    pool.stopped = false;
    const given = new AbortController();
    const again = pipeline.run(job(), { ...ctx, signal: given.signal, keepStopped: false });
    given.abort();
    await again.catch(() => undefined);
    pool.look();
    const changed = await pipeline.run(job({ cluster: { method: "hdbscan" } }), { ...ctx, keepStopped: true });
    assert.equal(changed.stopped, undefined);
  });

  test("of two items has no figures of trust, and equal vectors have clusters on the vectors, not on places that say nothing", async () => {
    pool.texts = ["one", "two", "three"];
    assert.notEqual((await pipeline.run(job(), ctx)).quality, null);
    pool.texts = ["one", "two"];
    pool.fingerprint = "second";
    assert.equal((await pipeline.run(job(), ctx)).quality, null);
    const onMap = { method: "kmeans", k: 2, on: "map" } as const;
    const clusteredOn = async (change: RecipeInput["reduce"]): Promise<unknown> => {
      await pipeline.run(job({ cluster: onMap, reduce: change }), ctx);
      return (pool.clustered as { on: string }).on;
    };
    assert.equal(await clusteredOn({ minDist: 0.3 }), "map");
    pool.equal = true;
    assert.equal(await clusteredOn({ minDist: 0.4 }), "vectors");
  });

  test("whose reduction was stopped says so, keeps none of it, and makes the whole next time", async () => {
    pool.stopped = true;
    const part = await pipeline.run(job(), ctx);
    assert.equal(part.stopped, true);
    pool.stopped = false;
    pool.look();
    const whole = await pipeline.run(job(), ctx);
    assert.deepEqual(pool.look(), ["reduce", "quality"]);
    assert.equal(whole.stopped, undefined);
  });

  test("with labels of another column loads again but embeds and reduces nothing, and has the new labels", async () => {
    const labelled = (label: string): Job =>
      job({ source: { kind: "rows", paths: ["a.csv"], columns: { label } }, cluster: { method: "kmeans", k: 2 } });
    await pipeline.run(labelled("kind"), ctx);
    pool.look();
    const result = await pipeline.run(labelled("owner"), ctx);
    assert.deepEqual(pool.look(), ["items", "cluster", "quality"]);
    assert.deepEqual(result.items.labels, ["owner 0", "owner 1", "owner 3"]);
    const first = await pipeline.run(labelled("kind"), ctx);
    assert.deepEqual([first.items.labels[0], pool.look()], ["kind 0", []]);
  });

  test("starts from the source again when a source has changed", async () => {
    await pipeline.run(job(), ctx);
    pool.look();
    pool.fingerprint = "second";
    const result = await pipeline.run(job(), ctx);
    assert.ok(pool.look().includes("items"));
    assert.equal(result.fingerprint, "second");
  });

  test("embeds again when the model's file has changed at the same path", async () => {
    const folder = await mkdtemp(join(tmpdir(), "lens-run-"));
    const file = join(folder, "model.onnx");
    const card = { ...model.card, files: [{ name: "model.onnx", bytes: 3 }] };
    pipeline = new Pipeline(pool as unknown as Pool, pool as unknown as Pool, () => Promise.resolve({ card, folder }));
    await writeFile(file, "one");
    await pipeline.run(job(), ctx);
    pool.look();
    await pipeline.run(job(), ctx);
    assert.deepEqual(pool.look(), []);
    await writeFile(file, "two");
    await utimes(file, 1, 1);
    await pipeline.run(job(), ctx);
    const again = pool.look();
    assert.ok(again.includes("embed") && !again.includes("items"), again.join());
    await rm(folder, { recursive: true });
  });

  test("that comes twice at once embeds once", async () => {
    await Promise.all([pipeline.run(job(), ctx), pipeline.matrix(job(), 10, ctx)]);
    assert.equal(pool.look().filter((task) => task === "embed").length, 1);
  });

  test("refuses a model that embeds something else, with the cure", async () => {
    const eye = { ...model, card: { ...model.card, kind: "image" as const } };
    pipeline = new Pipeline(pool as unknown as Pool, pool as unknown as Pool, () => Promise.resolve(eye));
    await assert.rejects(pipeline.run(job(), ctx), { reason: "model", message: /pictures.*texts.*another model/ });
  });
});

describe("questions about items", () => {
  test("are answered from memory after a run, by the item's place in the source", async () => {
    const { items } = await pipeline.run(job(), ctx);
    pool.look();
    const last = items.source[items.count - 1]!;
    assert.deepEqual(await pipeline.questions.texts(job(), Int32Array.of(last, 0), 3), ["fou", "one"]);
    assert.deepEqual(pool.look(), []);
  });

  test("about neighbours are null when there are no vectors in memory: nothing is embedded for them", async () => {
    assert.equal(await pipeline.questions.neighbors(job(), 0, 5), null);
    assert.equal(await pipeline.questions.similarity(job(), 0, 1), null);
    assert.deepEqual(pool.look(), []);
  });

  test("about texts after a restart of the engine read the source, and do not embed", async () => {
    assert.deepEqual(await pipeline.questions.texts(job(), Int32Array.of(3), 10), ["four"]);
    assert.deepEqual(pool.look(), ["items"]);
  });
});
