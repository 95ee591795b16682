import assert from "node:assert/strict";
import { test } from "node:test";
import {
  clampViewport,
  fitViewport,
  nearestPoint,
  nextPoint,
  panViewport,
  zoomViewport,
} from "../../../src/charts/viewport";

const points = { x: Float32Array.of(0, 10, 5), y: Float32Array.of(0, 4, 2) };
const size = { width: 200, height: 100 };

test("all points fit, and a unit is equally long on both axes", () => {
  const { x, y } = fitViewport(points.x, points.y, size);
  assert.ok(x[0] < 0 && x[1] > 10 && y[0] < 0 && y[1] > 4);
  assert.ok(Math.abs(size.width / (x[1] - x[0]) - size.height / (y[1] - y[0])) < 1e-4);
});

test("no point, one point and equal points still give a view", () => {
  for (const n of [0, 1, 3]) {
    const { x, y } = fitViewport(new Float32Array(n).fill(7), new Float32Array(n).fill(7), size);
    assert.ok(x[1] > x[0] && y[1] > y[0], `${n} points`);
  }
});

test("zooming keeps the place under the pointer", () => {
  const view = { x: [0, 10] as [number, number], y: [0, 10] as [number, number] };
  const near = zoomViewport(view, 2, { x: 0.2, y: 0.7 });
  assert.deepEqual(near.x, [1, 6]);
  assert.ok(Math.abs(near.y[0] + 0.7 * (near.y[1] - near.y[0]) - 7) < 1e-12);
});

test("panning moves the content with the hand, and a clamped view stays inside", () => {
  const view = { x: [2, 4] as [number, number], y: [2, 4] as [number, number] };
  assert.deepEqual(panViewport(view, { x: 0.5, y: 0 }).x, [1, 3]);
  assert.deepEqual(clampViewport(panViewport(view, { x: 5, y: 0 }), { x: [0, 9], y: [0, 9] }).x, [0, 2]);
});

test("the nearest point within reach is hit, none beyond", () => {
  const view = { x: [0, 20] as [number, number], y: [0, 10] as [number, number] };
  assert.equal(nearestPoint(points, view, size, { x: 105, y: 63 }, 12), 1);
  assert.equal(nearestPoint(points, view, size, { x: 150, y: 20 }, 12), -1);
});

test("an arrow goes to the nearest point on that side", () => {
  assert.equal(nextPoint(points, 0, "right"), 2);
  assert.equal(nextPoint(points, 1, "left"), 2);
  assert.equal(nextPoint(points, 1, "right"), -1);
});
