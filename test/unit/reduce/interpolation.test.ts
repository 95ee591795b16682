import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../../src/engine/random";
import { exactRepulsion } from "../../../src/engine/reduce/tsne/exact";
import { gridSize, interpolatedRepulsion } from "../../../src/engine/reduce/tsne/interpolation";
import { createGrid, plainGrid } from "../../../src/engine/reduce/tsne/transforms";

const count = 1_200;

/** Points in twelve groups, as t-SNE lays them out. */
function layout(reach: number): Float64Array {
  const random = createRandom(4);
  const centres = Array.from({ length: 24 }, () => random.normal() * 0.4);
  return Float64Array.from(
    { length: 2 * count },
    (_, at) => reach * (centres[((at >> 1) % 12) * 2 + (at & 1)]! + random.normal() * 0.08),
  );
}

function off(actual: Float64Array, right: Float64Array): number {
  const norm = right.reduce((sum, value) => sum + value * value, 0);
  return Math.sqrt(right.reduce((sum, value, i) => sum + (value - actual[i]!) ** 2, 0) / norm);
}

for (const makeGrid of [createGrid, plainGrid]) {
  test(`${makeGrid.name}: interpolation comes near the exact repulsion, from the start of a layout to its end`, () => {
    for (const [reach, tolerance] of [
      [1e-4, 1e-5],
      [1, 1e-3],
      [20, 0.04],
      [40, 0.07],
    ] as const) {
      const positions = layout(reach);
      const exact = new Float64Array(2 * count);
      const fast = new Float64Array(2 * count);
      const z = exactRepulsion(count, 2)(positions, exact);
      const fastZ = interpolatedRepulsion(count, makeGrid)(positions, fast);
      assert.ok(Math.abs(fastZ / z - 1) < 0.01, `Z at ${reach}: ${fastZ} and ${z}`);
      assert.ok(off(fast, exact) < tolerance, `force at ${reach}: ${off(fast, exact)}`);
    }
  });
}

test("a grid that grows and shrinks with the layout forgets what it held", () => {
  const repel = interpolatedRepulsion(count);
  const first = new Float64Array(2 * count);
  const again = new Float64Array(2 * count);
  const z = repel(layout(1), first);
  repel(layout(40), again);
  assert.equal(repel(layout(1), again), z);
  assert.deepEqual(again, first);
  assert.ok(gridSize(layout(40)) > gridSize(layout(1)));
  assert.ok(gridSize(layout(1e4)) <= 1024);
});

test("points on one place push nobody", () => {
  const force = new Float64Array(2 * count);
  const z = interpolatedRepulsion(count)(new Float64Array(2 * count).fill(3), force);
  assert.ok(Math.abs(z / (count * (count - 1)) - 1) < 1e-3);
  assert.ok(force.every((value) => Math.abs(value) < 1e-2));
});
