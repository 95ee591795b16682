import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { PanelRecord } from "../../../src/extension/panel-records";
import { ResultStore } from "../../../src/extension/result-store";
import { Session } from "../../../src/extension/session";
import type { Engine, RunOptions } from "../../../src/engine/client";
import { parseSecondModel, whyNotCompared, type PanelComparison } from "../../../src/protocol/compare";
import type { Job } from "../../../src/protocol/engine";
import { cancelled, LensError } from "../../../src/protocol/errors";
import type { Comparison } from "../../../src/protocol/explore";
import type { RunResult } from "../../../src/protocol/result";
import { record, result } from "./fixtures";

interface Call<T> {
  job: Job;
  model: string;
  options: RunOptions;
  resolve(value: T): void;
  reject(error: unknown): void;
}

/** Runs are done at once; the test ends comparisons, and one that is cancelled rejects by itself. */
class FakeEngine {
  readonly runs: Job[] = [];
  readonly calls: Call<Comparison>[] = [];
  answer: () => Promise<RunResult> = () => Promise.resolve(result());

  run(job: Job): Promise<RunResult> {
    this.runs.push(job);
    return this.answer();
  }
  compare(job: Job, model: string, k: number, options: RunOptions = {}): Promise<Comparison> {
    assert.equal(k, 10);
    return new Promise((resolve, reject) => {
      this.calls.push({ job, model, options, resolve, reject });
      options.signal?.addEventListener("abort", () => reject(cancelled()));
    });
  }
  fingerprint = (): Promise<string> => Promise.resolve("f1");
}

/** The second model lacks the first item. */
const comparison = (change: Partial<RunResult> = {}): Comparison => ({
  result: result(3, change),
  other: result(2, {
    model: { id: "other", name: "Other", dims: 4, tensor: "mean" },
    skipped: [{ path: "a.txt", place: 1, reason: "no known word" }],
  }),
  index: Int32Array.of(1, 2),
  inOther: Int32Array.of(0, 1),
  k: 1,
  overlap: Float32Array.of(1, 0),
  mean: 0.5,
  axes: [Float32Array.of(1, 2), Float32Array.of(0, 0)],
  disparity: 0.25,
  shift: Float32Array.of(0, 0.5),
  moved: Int32Array.of(1, 0),
});

describe("a session compares two models", () => {
  let folder: string;
  let engine: FakeEngine;
  let events: string[];
  let shown: RunResult[];
  let remembered: PanelRecord[];
  let found: PanelComparison | null;

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "comparing-"));
    engine = new FakeEngine();
    [events, shown, remembered, found] = [[], [], [], null];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = (change: Partial<PanelRecord> = {}): Session =>
    new Session(
      record({ view: "compare", ...change }),
      {
        engine: engine as unknown as Engine,
        results: new ResultStore(folder),
        columns: { put: () => Promise.resolve() },
        readDocuments: () => Promise.resolve(undefined),
        prepare: () => assert.fail("prepared"),
        log: () => undefined,
      },
      {
        state: () => undefined,
        result: (one) => {
          shown.push(one);
          events.push("result");
        },
        forming: () => undefined,
        changed: (one) => remembered.push(one),
        prepared: () => undefined,
        comparing: ({ run }) => events.push(run.kind),
        compared: (one) => {
          found = one;
          events.push(one ? "found" : "none");
        },
      },
    );
  const called = async (count: number): Promise<Call<Comparison>> => {
    while (engine.calls.length < count) await new Promise(setImmediate);
    return engine.calls[count - 1]!;
  };
  /** Until nothing that is under way can go on by itself. */
  const settled = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await new Promise(setImmediate);
  };
  const stored = async (): Promise<void> => {
    const store = new ResultStore(folder);
    const { recipe, base } = record();
    const plain = { ...recipe, cluster: { method: "none" as const, k: 10, on: "vectors" as const } };
    while (!(await store.loadComparison(plain, base, "other"))) await new Promise(setImmediate);
  };

  it("once a second model is chosen, and remembers it", async () => {
    const session = open();
    await session.run();
    assert.equal(engine.calls.length, 0);
    const compared = session.compareWith("other");
    const call = await called(1);
    assert.deepEqual([call.model, call.job.recipe.model], ["other", "glove-100d"]);
    call.options.onProgress?.({ stage: "embed", done: 1, total: 3 });
    assert.deepEqual(session.compare, {
      model: "other",
      run: { kind: "running", progress: { stage: "embed", done: 1, total: 3 } },
    });
    call.resolve(comparison());
    await compared;
    assert.equal(remembered.at(-1)?.compare, "other");
    assert.deepEqual(session.compare.run, { kind: "idle" });
    assert.deepEqual([found?.only, found?.model.name, found?.mean], [[1, 0], "Other", 0.5]);
    assert.deepEqual(found?.skipped, [{ path: "a.txt", place: 1, reason: "no known word" }]);
    assert.deepEqual(shown.length, 1, "the first model's result is not shown again");
    assert.equal(engine.runs.length, 1);
  });

  it("only where somebody looks: on the tab, after every change, not for other clusters", async () => {
    const session = open({ compare: "other", view: "map" });
    await session.run();
    await settled();
    assert.equal(engine.calls.length, 0);
    void session.setView("compare");
    (await called(1)).resolve(comparison());
    await settled();
    const { recipe } = session;
    await session.setRecipe({ ...recipe, cluster: { ...recipe.cluster, method: "kmeans" } });
    await settled();
    assert.deepEqual([engine.calls.length, found?.mean], [1, 0.5]);
    events = [];
    await session.setRecipe({ ...recipe, seed: 7 });
    assert.equal((await called(2)).job.recipe.seed, 7);
    assert.deepEqual(events, ["none", "result", "running"], "what was known goes before the result it was about");
  });

  it("tells a failure once and tries again when asked; a cancel stops it and is no failure", async () => {
    const session = open();
    await session.run();
    void session.compareWith("other");
    (await called(1)).reject(new LensError("model", "There is no such model."));
    await settled();
    assert.deepEqual(session.compare.run, {
      kind: "failed",
      error: { reason: "model", message: "There is no such model." },
    });
    await session.setView("map");
    await session.setView("compare");
    assert.equal(engine.calls.length, 1, "looking again asks for nothing");
    void session.compareWith("other");
    const second = await called(2);
    session.cancel();
    assert.ok(second.options.signal?.aborted);
    await settled();
    assert.deepEqual(session.compare.run, { kind: "stopped" });
    void session.compareWith("other");
    (await called(3)).reject(cancelled());
    await settled();
    assert.deepEqual(session.compare.run, { kind: "stopped" }, "a question that is answered with no");
  });

  it("lets go of a comparison whose recipe changes, and of another model's", async () => {
    const session = open();
    await session.run();
    void session.compareWith("other");
    const first = await called(1);
    void session.compareWith("third");
    assert.ok(first.options.signal?.aborted);
    assert.equal((await called(2)).model, "third");
    engine.answer = () => new Promise(() => undefined);
    void session.setRecipe({ ...session.recipe, seed: 9 });
    assert.ok((await called(2)).options.signal?.aborted);
    assert.deepEqual(session.compare.run, { kind: "idle" });
    await session.compareWith(null);
    assert.equal("compare" in session.record, false);
  });

  it("shows the result that was compared when the source has changed in between or the map was stopped early", async () => {
    engine.answer = () => Promise.resolve(result(3, { stopped: true }));
    const session = open();
    await session.run();
    void session.compareWith("other");
    (await called(1)).resolve(comparison({ fingerprint: "f2" }));
    await settled();
    assert.deepEqual(
      shown.map(({ fingerprint, stopped }) => [fingerprint, stopped]),
      [
        ["f1", true],
        ["f2", undefined],
      ],
    );
    assert.deepEqual(events.slice(-3), ["result", "found", "idle"]);
  });

  it("brings back what was stored after a reload and runs nothing; chosen by hand it runs", async () => {
    const before = open();
    await before.run();
    void before.compareWith("other");
    (await called(1)).resolve(comparison());
    await stored();
    found = null;
    const session = open({ compare: "other" });
    await session.restore();
    await session.setView("map");
    await session.setView("compare");
    await settled();
    assert.deepEqual([engine.runs.length, engine.calls.length], [1, 1]);
    assert.deepEqual((found as PanelComparison | null)?.mean, 0.5);
    void session.compareWith("third");
    assert.equal((await called(2)).model, "third");
    assert.equal(engine.runs.length, 2);
  });

  it("shows nothing that was stored of a source that has changed since", async () => {
    const before = open();
    await before.run();
    void before.compareWith("other");
    (await called(1)).resolve(comparison());
    await stored();
    const { recipe, base } = record();
    await new ResultStore(folder).saveResult(recipe, base, result(3, { fingerprint: "f9" }));
    found = null;
    await open({ compare: "other" }).restore();
    assert.equal(found, null);
  });

  it("does not run what cannot be compared", async () => {
    const session = open({ recipe: { ...record().recipe, source: { kind: "lines", paths: ["a"], long: "split" } } });
    await session.run();
    await session.compareWith("other");
    await session.compareWith("glove-100d");
    assert.equal(engine.calls.length, 0);
  });
});

describe("the second model", () => {
  it("is a name, or null; anything else a page sends is refused", () => {
    assert.equal(parseSecondModel("/models/mine"), "/models/mine");
    assert.equal(parseSecondModel(null), null);
    for (const wrong of [undefined, "", "  ", 7, {}, ["a"], "x".repeat(5_000)]) {
      assert.throws(() => parseSecondModel(wrong), { reason: "recipe" });
    }
  });

  it("is refused in one sentence where items depend on the model or are its own", () => {
    const { recipe } = record();
    const items = { ...result().items, kind: "vector" as const };
    assert.equal(whyNotCompared(recipe, result(), "other"), null);
    assert.equal(whyNotCompared(recipe, null, null), null);
    assert.match(whyNotCompared(recipe, result(), "glove-100d") ?? "", /same/);
    assert.match(whyNotCompared(recipe, result(3, { items }), null) ?? "", /vectors came with the data/);
    const coordinates = result(3, { items, model: { id: "coordinates", name: "", dims: 2, tensor: "" } });
    assert.match(whyNotCompared(recipe, coordinates, null) ?? "", /coordinates without texts/);
    const split = { ...recipe, source: { ...recipe.source, long: "split" as const } };
    assert.match(whyNotCompared(split, result(), "other") ?? "", /Passages/);
    const asGiven = { ...recipe, reduce: { ...recipe.reduce, method: "none" as const } };
    assert.match(whyNotCompared(asGiven, result(3, { given: true }), "other") ?? "", /coordinates of the data/);
  });
});
