import assert from "node:assert/strict";
import { test } from "node:test";
import { mapData } from "../../../src/charts/data";
import { turnBounds, turnBy, turned } from "../../../src/charts/turn";
import { resultOf } from "../../page/fixtures";

const flat = resultOf({ kind: "lines", count: 30 });
const data = mapData({ ...flat, z: Float32Array.from(flat.x, (_, i) => (i * 7) % 11) }, "none");

test("a turn keeps distances, items and their places together", () => {
  const seen = turned(data, { yaw: 0.7, pitch: -0.4 });
  assert.deepEqual(
    [...seen.index].sort((a, b) => a - b),
    [...data.index],
  );
  for (const [i, j] of [
    [0, 1],
    [3, 20],
    [7, 29],
  ] as const) {
    const [a, b] = [seen.index.indexOf(i), seen.index.indexOf(j)];
    const before = Math.hypot(data.x[i]! - data.x[j]!, data.y[i]! - data.y[j]!, data.z![i]! - data.z![j]!);
    const after = Math.hypot(seen.x[a]! - seen.x[b]!, seen.y[a]! - seen.y[b]!, seen.z![a]! - seen.z![b]!);
    assert.ok(Math.abs(before - after) < 1e-4);
  }
});

test("the nearest are drawn last, and everything stays within the bounds", () => {
  const { x } = turnBounds(data);
  for (const yaw of [0, 1, 2, 3]) {
    const seen = turned(data, { yaw, pitch: 0.3 });
    assert.ok(seen.z!.every((near, at) => at === 0 || near >= seen.z![at - 1]!));
    assert.ok([...seen.x, ...seen.y].every((value) => Math.abs(value) <= x[1] + 1e-4));
  }
});

test("a hand turns around, but not over the poles", () => {
  assert.deepEqual(turnBy({ yaw: 0, pitch: 0 }, { x: 1, y: 5 }), { yaw: Math.PI, pitch: -Math.PI / 2 });
});
