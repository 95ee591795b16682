import assert from "node:assert/strict";
import { test } from "node:test";
import { Locks } from "../../src/engine/run/lock";

const never = new AbortController().signal;

test("work under one key runs one after another, in the order it came", async () => {
  const locks = new Locks();
  const seen: string[] = [];
  const work = (name: string) => async () => {
    seen.push(`${name} in`);
    await Promise.resolve();
    seen.push(`${name} out`);
  };
  await Promise.all([locks.with("k", never, work("a")), locks.with("k", never, work("b"))]);
  assert.deepEqual(seen, ["a in", "a out", "b in", "b out"]);
});

test("work under another key does not wait", async () => {
  const locks = new Locks();
  let release = (): void => undefined;
  const held = locks.with("a", never, () => new Promise<void>((resolve) => (release = resolve)));
  assert.equal(await locks.with("b", never, () => Promise.resolve("done")), "done");
  release();
  await held;
});

test("a failed holder passes the lock on", async () => {
  const locks = new Locks();
  await assert.rejects(
    locks.with("k", never, () => Promise.reject(new Error("broken"))),
    /broken/,
  );
  assert.equal(await locks.with("k", never, () => Promise.resolve(1)), 1);
});

test("who is cancelled while waiting leaves, and those behind still wait for the holder", async () => {
  const locks = new Locks();
  let release = (): void => undefined;
  const held = locks.with("k", never, () => new Promise<void>((resolve) => (release = resolve)));
  const abort = new AbortController();
  const impatient = locks.with("k", abort.signal, () => Promise.resolve());
  let last = false;
  const patient = locks.with("k", never, () => Promise.resolve((last = true)));
  abort.abort();
  await assert.rejects(impatient, { reason: "cancelled" });
  assert.equal(last, false);
  release();
  await Promise.all([held, patient]);
  assert.equal(last, true);
});
