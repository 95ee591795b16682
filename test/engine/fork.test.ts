import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, test } from "node:test";
import { forkEngine, type Engine } from "../../src/engine/client";
import { openModelStore } from "../../src/online/models";
import type { Job } from "../../src/protocol/engine";
import type { LensError } from "../../src/protocol/errors";
import { parseRecipe, type RecipeInput } from "../../src/protocol/recipe";
import { trianglePlace } from "../../src/protocol/triangle";

const root = path.resolve(".");
const store = openModelStore({ packageRoot: root });
const engines: Engine[] = [];

const open = (onExit?: (error: LensError) => void): Engine => {
  const engine = forkEngine({
    entry: path.join(root, "dist/engine.js"),
    host: { modelFile: (id, { signal }) => store.resolve(id, { signal }) },
    ...(onExit ? { onExit } : {}),
  });
  engines.push(engine);
  return engine;
};

const sentences = (changes: Partial<RecipeInput> = {}): Job => ({
  base: path.join(root, "media/samples"),
  recipe: parseRecipe({
    version: 1,
    source: { kind: "lines", paths: ["sentences.txt"] },
    model: "glove-100d",
    ...changes,
  }),
});

/** A run that takes many seconds: t-SNE of generated lines, given as an unsaved document. */
const long = (): Job => ({
  base: root,
  documents: { "long.txt": Array.from({ length: 3_000 }, (_, i) => `the number ${i} and house ${i * 7}`).join("\n") },
  recipe: parseRecipe({
    version: 1,
    source: { kind: "lines", paths: ["long.txt"] },
    model: "glove-100d",
    reduce: { method: "tsne" },
  }),
});

const children = (): number[] => {
  try {
    return execFileSync("pgrep", ["-P", String(process.pid), "node"], { encoding: "utf8" })
      .trim()
      .split("\n")
      .map(Number);
  } catch {
    return [];
  }
};

/** Resolves when the run has come to its reduction. */
function reduction(): { onProgress: (progress: { stage: string; done: number }) => void; reached: Promise<void> } {
  let reach = (): void => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  return {
    onProgress: ({ stage, done }) => {
      if (stage === "reduce" && done > 0) reach();
    },
    reached,
  };
}

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.dispose()));
});

describe("the engine process", { timeout: 120_000 }, () => {
  test("maps the sample sentences and answers questions about them", async () => {
    const engine = open();
    const job = sentences();
    const result = await engine.run(job);
    assert.equal(result.items.count, 20);
    assert.ok(result.x instanceof Float32Array && result.x.every(Number.isFinite));
    assert.deepEqual(await engine.texts(job, result.items.source.slice(0, 1), 100), ["The sun is shining today"]);
    const neighbors = await engine.neighbors(job, 2, 5);
    assert.equal(neighbors?.[0]?.index, 3);
    assert.equal(await engine.similarity(job, 2, 3), neighbors[0].similarity);
    const matrix = await engine.matrix(job, 100);
    assert.ok(Math.abs(matrix.triangle[trianglePlace(20, 3, 2)]! - neighbors[0].similarity) < 1e-5);
    const vectors = await engine.vectors(job);
    assert.deepEqual([vectors.rows, vectors.cols, vectors.data.length], [20, 100, 2000]);
  });

  test("is started with the engine's environment", { skip: process.platform !== "linux" }, async () => {
    const before = new Set(children());
    const certificates = process.env["NODE_EXTRA_CA_CERTS"];
    process.env["NODE_EXTRA_CA_CERTS"] = "/nowhere.pem";
    const engine = open();
    await engine.preview(sentences());
    if (certificates === undefined) delete process.env["NODE_EXTRA_CA_CERTS"];
    else process.env["NODE_EXTRA_CA_CERTS"] = certificates;
    const [pid] = children().filter((child) => !before.has(child));
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    assert.ok(environment.some((entry) => entry.startsWith("GLIBC_TUNABLES=")));
    assert.ok(!environment.some((entry) => entry.startsWith("NODE_EXTRA_CA_CERTS=")));
  });

  test("gives the same bytes for the same recipe in two processes", async () => {
    const [a, b] = await Promise.all([open().run(sentences()), open().run(sentences())]);
    assert.deepEqual([a.x, a.y], [b.x, b.y]);
  });

  test("shows a long reduction as it forms, and keeps what there is when that is enough", async () => {
    const engine = open();
    const stop = new AbortController();
    const seen: { done: number; points: number }[] = [];
    const result = await engine.run(long(), {
      onForming: ({ x, y, done, total }) => {
        assert.ok(x.length === y.length && done < total);
        seen.push({ done, points: x.length });
        if (seen.length === 2) stop.abort();
      },
      enough: stop.signal,
    });
    assert.equal(result.stopped, true);
    assert.match(result.notes!.join(), /stopped after \d+ of 1,000 steps/);
    assert.equal(seen[0]!.points, result.x.length);
    assert.ok(seen[1]!.done > seen[0]!.done && result.x.every(Number.isFinite));
    const job = long();
    const changed = { ...job, recipe: { ...job.recipe, cluster: { ...job.recipe.cluster, k: 3 } } };
    const kept = await engine.run(changed, { keepStopped: true });
    assert.equal(kept.stopped, true);
    assert.deepEqual([kept.x, kept.y], [result.x, result.y], "a change to the clusters leaves the layout as it is");
  });

  test("cancels a long reduction at once and leaves no thread at work", async () => {
    const engine = open();
    const { onProgress, reached } = reduction();
    const abort = new AbortController();
    const run = engine.run(long(), { signal: abort.signal, onProgress });
    run.catch(() => undefined);
    await reached;
    const from = performance.now();
    abort.abort();
    await assert.rejects(run, { reason: "cancelled" });
    assert.ok(performance.now() - from < 200);
    assert.equal((await engine.run(sentences())).items.count, 20, "the next run is served");
  });

  test("when it is killed in mid-run the run fails with a sentence, and the next call starts it anew", async () => {
    let told: LensError | undefined;
    const engine = open((error) => (told = error));
    const { onProgress, reached } = reduction();
    const before = new Set(children());
    const run = engine.run(long(), { onProgress });
    run.catch(() => undefined);
    await reached;
    const [pid] = children().filter((child) => !before.has(child));
    process.kill(pid!, "SIGKILL");
    await assert.rejects(run, { reason: "engine", message: /SIGKILL.*try again/ });
    assert.equal(told?.reason, "engine");
    assert.equal((await engine.run(sentences())).items.count, 20);
  });

  test("ends when its host lets go of it", async () => {
    const before = children().length;
    const engine = open();
    await engine.run(sentences());
    assert.equal(children().length, before + 1);
    await engine.dispose();
    assert.equal(children().length, before);
    await assert.rejects(engine.run(sentences()), { reason: "engine" });
  });

  test("says in one sentence that a source is missing", async () => {
    const job = sentences();
    await assert.rejects(open().run({ ...job, base: path.join(root, "nowhere") }), {
      reason: "source",
      message: /sentences\.txt/,
    });
  });
});
