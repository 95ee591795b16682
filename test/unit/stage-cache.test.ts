import assert from "node:assert/strict";
import { test } from "node:test";
import { StageCache } from "../../src/engine/run/stage-cache";

const floats = (count: number): Float32Array => new Float32Array(count);

test("the stage cache gives back the very value it was given", () => {
  const cache = new StageCache(1000);
  const value = floats(10);
  cache.set("a", value);
  assert.equal(cache.get("a"), value);
  assert.equal(cache.get("b"), undefined);
});

test("the stage cache drops what was used longest ago when it is full", () => {
  const cache = new StageCache(100);
  cache.set("a", floats(10));
  cache.set("b", floats(10));
  cache.get("a");
  cache.set("c", floats(10));
  assert.equal(cache.get("b"), undefined);
  assert.ok(cache.get("a"));
  assert.ok(cache.get("c"));
});

test("the stage cache keeps the newest output even when it alone is over the limit", () => {
  const cache = new StageCache(100);
  cache.set("big", floats(1000));
  assert.ok(cache.get("big"));
  cache.set("small", floats(1));
  assert.equal(cache.get("big"), undefined);
  assert.ok(cache.get("small"));
});

test("setting a key again counts its bytes once", () => {
  const cache = new StageCache(100);
  for (let i = 0; i < 10; i++) cache.set("a", floats(10));
  cache.set("b", floats(10));
  assert.ok(cache.get("a"));
});
