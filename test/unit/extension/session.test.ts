import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { PanelRecord } from "../../../src/extension/panel-records";
import { ResultStore } from "../../../src/extension/result-store";
import { Session } from "../../../src/extension/session";
import type { Engine, RunOptions } from "../../../src/engine/client";
import type { Forming, Job } from "../../../src/protocol/engine";
import { cancelled, LensError } from "../../../src/protocol/errors";
import type { RunState } from "../../../src/protocol/panel";
import type { Recipe } from "../../../src/protocol/recipe";
import type { RunResult } from "../../../src/protocol/result";
import type { TablePreview } from "../../../src/protocol/table";
import { record, result } from "./fixtures";

interface Call {
  job: Job;
  options: RunOptions;
  resolve(result: RunResult): void;
  reject(error: unknown): void;
}

/** An engine whose runs the test ends; a run that is cancelled rejects by itself. */
class FakeEngine {
  readonly calls: Call[] = [];
  fingerprintNow = "f1";
  matrices = 0;

  run(job: Job, options: RunOptions = {}): Promise<RunResult> {
    return new Promise((resolve, reject) => {
      this.calls.push({ job, options, resolve, reject });
      options.signal?.addEventListener("abort", () => reject(cancelled()));
    });
  }
  fingerprint = (): Promise<string> => Promise.resolve(this.fingerprintNow);
  texts = (_: Job, index: Int32Array): Promise<string[]> => Promise.resolve([...index].map((i) => `text ${i}`));
  previewed: Job[] = [];
  preview = (job: Job): Promise<TablePreview> => {
    this.previewed.push(job);
    return Promise.resolve({ path: "mail.csv" } as TablePreview);
  };
  asked: Job[] = [];
  neighbors = (job: Job): Promise<null> => {
    this.asked.push(job);
    return Promise.resolve(null);
  };
  matrix = () => {
    this.matrices++;
    return Promise.resolve({
      index: Int32Array.of(0),
      triangle: Float32Array.of(1),
      total: 1,
      metric: "cosine" as const,
    });
  };
}

describe("Session", () => {
  let folder: string;
  let engine: FakeEngine;
  let states: RunState[];
  let shown: RunResult[];
  let formed: number[];
  let remembered: PanelRecord[];
  let documents: Record<string, string> | undefined;
  let closed: boolean;
  let chosen: unknown[];
  let prepare: (job: Job, signal: AbortSignal) => Recipe | null;
  let prepared: number;

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "session-"));
    engine = new FakeEngine();
    states = [];
    shown = [];
    formed = [];
    remembered = [];
    documents = undefined;
    closed = false;
    chosen = [];
    prepare = () => assert.fail("prepared");
    prepared = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = (change: Partial<PanelRecord> = {}): Session =>
    new Session(
      record(change),
      {
        engine: engine as unknown as Engine,
        results: new ResultStore(folder),
        columns: { put: (base, source) => Promise.resolve(void chosen.push([base, source.columns, source.header])) },
        readDocuments: () =>
          closed ? Promise.reject(new LensError("source", "Untitled-1 is closed.")) : Promise.resolve(documents),
        prepare: (job, signal) => Promise.resolve(prepare(job, signal)),
        log: () => undefined,
      },
      {
        state: (state) => states.push(state),
        result: (one) => shown.push(one),
        forming: (one) => formed.push(one.done),
        changed: (one) => remembered.push(one),
        prepared: () => prepared++,
        comparing: () => undefined,
        compared: () => undefined,
      },
    );
  const kinds = (): string[] => states.map(({ kind }) => kind);
  const called = async (count: number): Promise<Call> => {
    while (engine.calls.length < count) await new Promise(setImmediate);
    return engine.calls[count - 1]!;
  };

  it("runs its recipe and shows the result", async () => {
    const run = open().run();
    (await called(1)).resolve(result());
    await run;
    assert.deepEqual(kinds(), ["running", "done"]);
    assert.equal(shown.length, 1);
  });

  it("shows progress while it runs, and none of a run that was given up", async () => {
    const session = open();
    const first = session.run();
    const call = await called(1);
    call.options.onProgress?.({ stage: "embed", done: 5, total: 9 });
    assert.deepEqual(states.at(-1), { kind: "running", progress: { stage: "embed", done: 5, total: 9 } });
    session.cancel();
    call.options.onProgress?.({ stage: "embed", done: 6, total: 9 });
    await first;
    assert.deepEqual(kinds().at(-1), "stopped");
  });

  it("shows the map of its run as it forms, none of a run that was given up, and ends the reduction when it is enough", async () => {
    const session = open();
    const first = session.run();
    const call = await called(1);
    const forming = (done: number): Forming => ({ x: Float32Array.of(1), y: Float32Array.of(2), done, total: 500 });
    call.options.onForming?.(forming(10));
    assert.equal(call.options.enough?.aborted, false);
    session.enough();
    assert.equal(call.options.enough.aborted, true);
    session.cancel();
    call.options.onForming?.(forming(20));
    await first;
    assert.deepEqual(formed, [10]);
  });

  it("shows only the last of several changes, whatever ends first", async () => {
    const session = open();
    const first = session.run();
    await called(1);
    const second = session.setRecipe({ ...session.recipe, seed: 7 });
    const call = await called(2);
    assert.ok(engine.calls[0]?.options.signal?.aborted);
    call.resolve(result(5));
    await Promise.all([first, second]);
    assert.deepEqual(
      shown.map(({ items }) => items.count),
      [5],
    );
    assert.equal(call.job.recipe.seed, 7);
    assert.equal(remembered.at(-1)?.recipe.seed, 7);
    assert.deepEqual(
      kinds().filter((kind) => kind !== "running"),
      ["done"],
    );
  });

  it("finishes the recipe of a dataset that was just opened before its first run, and only then", async () => {
    prepare = ({ recipe }) => ({ ...recipe, source: { ...recipe.source, columns: { text: "body" } } });
    const session = open({ fresh: true });
    const run = session.run();
    const call = await called(1);
    assert.deepEqual(call.job.recipe.source.columns, { text: "body" });
    call.resolve(result());
    await run;
    assert.equal(prepared, 1);
    assert.equal(remembered.at(-1)?.fresh, undefined);
    assert.deepEqual(chosen, [["/data", { text: "body" }, undefined]]);
    const again = session.rerun();
    (await called(2)).resolve(result());
    await again;
    assert.equal(prepared, 1);
  });

  it("stops when the question about a dataset is closed, and asks again when it is run again", async () => {
    prepare = () => null;
    const session = open({ fresh: true });
    await session.run();
    assert.deepEqual(kinds(), ["running", "stopped"]);
    assert.equal(engine.calls.length, 0);
    prepare = ({ recipe }) => recipe;
    const run = session.rerun();
    (await called(1)).resolve(result());
    await run;
    assert.deepEqual(kinds().at(-1), "done");
  });

  it("lets a layout that was stopped stand for a change, but not beside a run that makes the whole", async () => {
    const session = open();
    const end = async (count: number): Promise<boolean | undefined> => {
      const call = await called(count);
      call.resolve(result());
      return call.options.keepStopped;
    };
    const first = session.run();
    assert.equal(await end(1), false);
    await first;
    const changed = session.setRecipe(session.recipe);
    assert.equal(await end(2), true);
    await changed;
    const whole = session.rerun();
    assert.equal((await called(3)).options.keepStopped, false);
    const meanwhile = session.setRecipe(session.recipe);
    assert.equal(await end(4), false);
    await Promise.all([whole, meanwhile]);
    const later = session.setRecipe(session.recipe);
    assert.equal(await end(5), true);
    await later;
  });

  it("closes the question about a dataset with itself", async () => {
    const asked = new Promise<AbortSignal>((resolve) => {
      prepare = (_, signal) => (resolve(signal), null);
    });
    const session = open({ fresh: true });
    const run = session.run();
    const signal = await asked;
    assert.equal(signal.aborted, false);
    session.dispose();
    assert.equal(signal.aborted, true);
    await run;
  });

  it("says why a run failed and runs again when asked", async () => {
    const session = open();
    const run = session.run();
    (await called(1)).reject(new LensError("engine", "The engine stopped."));
    await run;
    assert.deepEqual(states.at(-1), { kind: "failed", error: { reason: "engine", message: "The engine stopped." } });
    const again = session.rerun();
    (await called(2)).resolve(result());
    await again;
    assert.equal(session.state.kind, "done");
  });

  it("keeps the text of unsaved documents over changes, and reads it again when asked to run again", async () => {
    documents = { "a.txt": "old" };
    const session = open();
    void session.run();
    await called(1);
    documents = { "a.txt": "new" };
    void session.setRecipe({ ...session.recipe, seed: 1 });
    assert.equal((await called(2)).job.documents?.["a.txt"], "old");
    void session.rerun();
    assert.equal((await called(3)).job.documents?.["a.txt"], "new");
  });

  it("makes the map of a heatmap when it is first looked at", async () => {
    const heatmap = record().recipe;
    const session = open({ view: "similarity", recipe: { ...heatmap, reduce: { ...heatmap.reduce, method: "none" } } });
    void session.setView("map");
    assert.equal((await called(1)).job.recipe.reduce.method, "umap");
    assert.equal(remembered.at(-1)?.view, "map");
  });

  it("leaves the map that the data bring as it is when the tabs are changed", async () => {
    const { recipe } = record();
    const session = open({ recipe: { ...recipe, reduce: { ...recipe.reduce, method: "none" } } });
    const run = session.run();
    (await called(1)).resolve({ ...result(), given: true });
    await run;
    await session.setView("similarity");
    await session.setView("map");
    assert.equal(engine.calls.length, 1);
  });

  it("keeps other columns for the next map of the dataset, and no other change", async () => {
    const { source } = record().recipe;
    const session = open();
    void session.setRecipe({ ...session.recipe, seed: 1 });
    await called(1);
    assert.deepEqual(chosen, []);
    void session.setRecipe({ ...session.recipe, source: { ...source, columns: { label: null }, header: false } });
    await called(2);
    assert.deepEqual(chosen, [["/data", { label: null }, false]]);
  });

  it("shows the columns of the recipe as it is now, also of unsaved text, and runs nothing for it", async () => {
    documents = { "a.txt": "text" };
    const session = open();
    assert.equal((await session.columns()).path, "mail.csv");
    assert.deepEqual(engine.previewed, [{ recipe: session.recipe, base: "/data", documents }]);
    assert.deepEqual([engine.calls, states], [[], []]);
  });

  describe("after a reload", () => {
    const finish = async (): Promise<void> => {
      const run = open().run();
      (await called(1)).resolve(result());
      await run;
      engine.calls.length = 0;
      states.length = 0;
      shown.length = 0;
    };

    it("draws the stored result and runs nothing", async () => {
      await finish();
      const session = open();
      await session.restore();
      assert.deepEqual(states, [{ kind: "restored", stale: false }]);
      assert.equal(shown[0]?.items.count, 3);
      assert.equal(engine.calls.length, 0);
    });

    it("says when the source has changed since", async () => {
      await finish();
      engine.fingerprintNow = "f2";
      await open().restore();
      assert.deepEqual(states.at(-1), { kind: "restored", stale: true });
    });

    it("says that the source has changed when its unsaved document is gone, and keeps the picture", async () => {
      await finish();
      closed = true;
      await open().restore();
      assert.deepEqual(states.at(-1), { kind: "restored", stale: true });
      assert.equal(shown.length, 1);
    });

    it("is stopped without a picture when nothing is stored", async () => {
      const session = open();
      await session.restore();
      assert.deepEqual([session.state.kind, shown.length, engine.calls.length], ["stopped", 0, 0]);
      assert.equal(await session.matrix(), null);
      assert.equal(engine.matrices, 0);
    });

    it("draws the stored heatmap and computes none", async () => {
      await finish();
      const first = open();
      await first.restore();
      assert.equal(await first.matrix(), null);
      const run = first.run();
      (await called(1)).resolve(result());
      await run;
      assert.ok(await first.matrix());
      const store = new ResultStore(folder);
      while (!(await store.loadMatrix(first.recipe, first.base))) await new Promise(setImmediate);
      const second = open();
      await second.restore();
      assert.equal((await second.matrix())?.total, 1);
      assert.equal(engine.matrices, 1);
    });
  });

  it("asks about what is shown by its metric, while a run by another is under way and when it was stopped", async () => {
    const session = open();
    const first = session.run();
    (await called(1)).resolve(result());
    await first;
    const change = session.setRecipe({ ...session.recipe, metric: "euclidean" });
    assert.equal((await called(2)).job.recipe.metric, "euclidean");
    await session.details(0);
    session.cancel();
    await change;
    await session.details(0);
    assert.deepEqual(
      engine.asked.map(({ recipe }) => recipe.metric),
      ["cosine", "cosine"],
    );
  });

  it("describes an item by its text, label and place", async () => {
    const session = open();
    const run = session.run();
    (await called(1)).resolve(result());
    await run;
    assert.deepEqual(await session.details(0), {
      index: 0,
      text: "text 10",
      label: "greeting",
      path: "a.txt",
      place: "line 1",
      neighbors: null,
    });
    assert.deepEqual(await session.texts(Int32Array.of(2), 99), ["text 12"]);
    await assert.rejects(session.details(3), /not in the result/);
  });
});
