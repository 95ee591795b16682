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

test("the nearest are large, the farthest small, though one point lies far behind all others", () => {
  const many = resultOf({ kind: "lines", count: 300, deep: true });
  const far = { ...many, z: many.z!.map((z, i) => (i === 5 ? -150 : z)) };
  for (const [result, first] of [
    [many, 0],
    [far, 1],
  ] as const) {
    const { size, depth } = turned(mapData(result, "none"), { yaw: 0, pitch: 0 });
    assert.ok(size!.every((one, at) => at === 0 || one > size![at - 1]! - 0.01));
    assert.ok(depth!.every((one) => one >= 0 && one <= 1));
    assert.ok(depth!.at(-1)! - depth![first]! > 0.3, `${depth![first]} to ${depth!.at(-1)}`);
    assert.ok(size!.at(-1)! > 1.2 * size![first]!, `${size![first]} and ${size!.at(-1)}`);
  }
});

test("a field of sizes still counts on a turned map", () => {
  const sized = { ...data, size: data.x.map((_, i) => (i === 4 ? 2 : 1)) };
  const [plain, seen] = [turned(data, { yaw: 1, pitch: 0 }), turned(sized, { yaw: 1, pitch: 0 })];
  seen.index.forEach((item, at) => assert.equal(seen.size![at], (item === 4 ? 2 : 1) * plain.size![at]!));
});

test("a hand turns around, but not over the poles", () => {
  assert.deepEqual(turnBy({ yaw: 0, pitch: 0 }, { x: 1, y: 5 }), { yaw: Math.PI, pitch: -Math.PI / 2 });
});
