import assert from "node:assert/strict";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { afterEach, describe, test } from "node:test";
import { threadId } from "node:worker_threads";
import { Pool, type ExecOptions } from "../../src/engine/pool";
import { isSmall } from "../../src/engine/small";
import { LensError } from "../../src/protocol/errors";

interface Order {
  echo?: string;
  progress?: boolean;
  /** Blocks the thread until it is told that this is enough. */
  untilEnough?: boolean;
  die?: boolean;
  /** Blocks the thread for so many ms. */
  block?: number;
  /** Holds the task, not the thread, for so many ms. */
  wait?: number;
  fail?: string;
  /** Enters the gate, says 1, blocks until it reads 2, says 3 on its way out. */
  native?: Int32Array;
}

const pools: Pool[] = [];
const open = (size: number, depth = 1, here = false): Pool => {
  const file = path.resolve("test/fixtures/pool-worker.cjs");
  const pool = here
    ? new Pool(file, size, depth, undefined, { isSmall: () => true, load: () => createRequire(file)(file) as never })
    : new Pool(file, size, depth);
  pools.push(pool);
  return pool;
};
/** The fixture's threads take orders in place of a real task's arguments. */
const order = async (pool: Pool, args: Order, options?: ExecOptions) =>
  (await pool.exec("thumbnail", args as never, options)) as unknown as {
    echo: string;
    threadId: number;
    args: Order;
  };

const reasonIs = (reason: string) => (error: unknown) => error instanceof LensError && error.reason === reason;

async function waitUntil(state: Int32Array, value: number): Promise<void> {
  while (Atomics.load(state, 0) !== value) await new Promise(setImmediate);
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.dispose()));
});

describe("pool", () => {
  test("answers come back to the caller that asked, whatever their order", async () => {
    const pool = open(2);
    const answers = await Promise.all([60, 5, 30, 1].map((wait) => order(pool, { wait, echo: `${wait}` })));
    assert.deepEqual(
      answers.map(({ echo }) => echo),
      ["60", "5", "30", "1"],
    );
  });

  test("never starts more threads than its size", async () => {
    const pool = open(2);
    const answers = await Promise.all(Array.from({ length: 8 }, () => order(pool, { wait: 5 })));
    assert.ok(new Set(answers.map(({ threadId }) => threadId)).size <= 2);
  });

  test("a layout that forms reaches the caller, who can tell a busy thread that it is enough", async () => {
    const stop = new AbortController();
    const seen: number[][] = [];
    const onForming: ExecOptions["onForming"] = ({ x, y, done, total }) => {
      seen.push([x[0]!, y[0]!, done, total]);
      stop.abort();
    };
    const { echo } = await order(open(1), { untilEnough: true, echo: "kept" }, { onForming, enough: stop.signal });
    assert.equal(echo, "kept");
    assert.deepEqual(seen, [[1, 2, 1, 2]]);
  });

  test("progress reaches the caller", async () => {
    const seen: number[][] = [];
    await order(open(1), { progress: true }, { report: (done, total) => seen.push([done, total]) });
    assert.deepEqual(seen, [[1, 2]]);
  });

  test("a task's own error keeps its reason and message", async () => {
    await assert.rejects(order(open(1), { fail: "a.txt is gone" }), { reason: "source", message: "a.txt is gone" });
  });

  test("a task that is small runs in this thread, on the very arguments that it was given", async () => {
    const pool = open(1, 1, true);
    const seen: number[][] = [];
    const args = { echo: "here", progress: true };
    const answer = await order(pool, args, { report: (done, total) => seen.push([done, total]) });
    assert.deepEqual([answer.echo, answer.threadId, seen], ["here", threadId, [[1, 2]]]);
    assert.equal(answer.args, args);
    await assert.rejects(order(pool, { fail: "a.txt is gone" }), { reason: "source", message: "a.txt is gone" });
    const cancel = new AbortController();
    setImmediate(() => cancel.abort());
    await assert.rejects(order(pool, { block: 20, progress: true }, { signal: cancel.signal }), reasonIs("cancelled"));
  });

  test("small are a file of vectors of up to 1 MB with what lies beside it, and the map of fifty vectors", async () => {
    const base = await mkdtemp(path.join(os.tmpdir(), "small-"));
    const put = (name: string, size: number): Promise<void> => writeFile(path.join(base, name), Buffer.alloc(size));
    await Promise.all([put("few.npy", 1 << 20), put("many.npy", (1 << 20) + 1), put("metadata.json", 1 << 20)]);
    await symlink("self.npy", path.join(base, "self.npy"));
    const from = (paths: string[], more: { kind?: "rows"; texts?: string | null } = {}) =>
      isSmall("items", { source: { kind: "vectors", paths, ...more }, base, seed: 1 });
    const found = [["few.npy"], ["many.npy"], ["few.npy", "few.npy"], ["."], ["gone.npy"], ["self.npy"], []];
    assert.deepEqual(
      found.map((paths) => from(paths)),
      [true, false, false, false, false, false, false],
    );
    assert.deepEqual(
      [from(["few.npy"], { kind: "rows" }), from(["few.npy"], { texts: "metadata.json" })],
      [false, false],
    );
    await put("labels.csv", 1);
    assert.deepEqual([from(["few.npy"]), from(["few.npy"], { texts: null })], [false, true]);
    const matrix = (rows: number, cols: number) => ({ rows, cols, data: new Float32Array(0) });
    const near = (rows: number, cols: number) =>
      isSmall("neighbors", { matrix: matrix(rows, cols), k: 5, metric: "cosine" });
    assert.deepEqual([near(50, 4_000), near(51, 2), near(50, 4_001)], [true, false, false]);
    assert.equal(isSmall("embed", { model: {} as never, items: [] }), false);
    assert.equal(isSmall("cluster", { matrix: matrix(3, 3) } as never), false);
    await rm(base, { recursive: true });
  });

  test("a cancel is answered at once although the thread is blocked, and the thread is ended", async () => {
    const pool = open(1);
    const abort = new AbortController();
    const task = order(pool, { block: 20_000 }, { signal: abort.signal });
    await order(open(1), {}); // a thread's start later: the blocked one runs
    const from = performance.now();
    abort.abort();
    await assert.rejects(task, reasonIs("cancelled"));
    assert.ok(performance.now() - from < 200);
    assert.equal((await order(pool, { echo: "next" })).echo, "next");
  });

  test("a cancel lets the other tasks of the ended thread finish on another one", async () => {
    const pool = open(1, 2);
    const abort = new AbortController();
    const doomed = order(pool, { wait: 20_000 }, { signal: abort.signal });
    const innocent = order(pool, { wait: 50, echo: "innocent" });
    doomed.catch(() => undefined);
    await order(open(1), {});
    abort.abort();
    await assert.rejects(doomed, reasonIs("cancelled"));
    assert.equal((await innocent).echo, "innocent");
  });

  test("a task that waits in the queue is cancelled without being run", async () => {
    const pool = open(1);
    const abort = new AbortController();
    const first = order(pool, { wait: 50, echo: "first" });
    const second = order(pool, { die: true }, { signal: abort.signal });
    abort.abort();
    await assert.rejects(second, reasonIs("cancelled"));
    assert.equal((await first).echo, "first");
  });

  test("cancelling many tasks at once starts no thread for those that are next in line", async () => {
    const pool = open(1, 2);
    const abort = new AbortController();
    const before = await order(pool, {});
    const tasks = Array.from({ length: 50 }, () => order(pool, { wait: 20_000 }, { signal: abort.signal }));
    abort.abort();
    for (const task of tasks) await assert.rejects(task, reasonIs("cancelled"));
    assert.equal((await order(pool, {})).threadId, before.threadId + 1);
  });

  test("the many tasks of one run share a signal without a warning of a leak", async () => {
    const pool = open(1, 2);
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on("warning", note);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 30 }, (_, i) => order(pool, { echo: `${i}` }, { signal })));
    await new Promise(setImmediate);
    process.off("warning", note);
    assert.deepEqual(warnings, []);
  });

  test("a cancelled thread is ended when it has left native code, not while it is inside", async () => {
    const pool = open(1);
    const abort = new AbortController();
    const state = new Int32Array(new SharedArrayBuffer(4));
    const task = order(pool, { native: state }, { signal: abort.signal });
    await waitUntil(state, 1);
    abort.abort();
    await assert.rejects(task, reasonIs("cancelled"));
    const from = performance.now();
    Atomics.store(state, 0, 2); // lets it out, after which it says so
    Atomics.notify(state, 0);
    await pool.dispose();
    assert.equal(Atomics.load(state, 0), 3);
    assert.ok(performance.now() - from < 5_000);
  });

  test("when a thread dies its tasks fail with a sentence and the next task gets a new thread", async () => {
    const pool = open(1);
    await assert.rejects(order(pool, { die: true }), reasonIs("engine"));
    assert.equal((await order(pool, { echo: "alive" })).echo, "alive");
  });

  test("after dispose nothing runs and waiting tasks are cancelled", async () => {
    const pool = open(1);
    const task = order(pool, { wait: 20_000 });
    task.catch(() => undefined);
    await pool.dispose();
    await assert.rejects(task, reasonIs("cancelled"));
    await assert.rejects(order(pool, {}), reasonIs("cancelled"));
  });
});
