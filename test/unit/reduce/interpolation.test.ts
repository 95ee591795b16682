import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../../src/engine/random";
import type { Repulsion } from "../../../src/engine/reduce/tsne/descent";
import { exactRepulsion } from "../../../src/engine/reduce/tsne/exact";
import { createGrid, gridSizes } from "../../../src/engine/reduce/tsne/grid";
import { gridSize, interpolatedRepulsion } from "../../../src/engine/reduce/tsne/interpolation";
import { PlainGrid } from "../../support/plain-grid";

const count = 1_200;
const most = 576;

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

const byKernels = (): Repulsion => interpolatedRepulsion(createGrid(most, count)!, count);
const alone = (): Repulsion => interpolatedRepulsion(new PlainGrid(most, count), count);

for (const [name, make] of [
  ["by kernels", byKernels],
  ["in TypeScript alone", alone],
] as const) {
  test(`interpolation comes near the exact repulsion, from the start of a layout to its end: ${name}`, () => {
    const repel = make();
    for (const [reach, tolerance] of [
      [1e-4, 2e-5],
      [1, 1e-4],
      [10, 0.005],
      [40, 0.015],
      [80, 0.04],
    ] as const) {
      const positions = layout(reach);
      const [exact, fast] = [new Float64Array(2 * count), new Float64Array(2 * count)];
      const z = exactRepulsion(count, 2)(positions, exact);
      const fastZ = repel(positions, fast);
      assert.ok(Math.abs(fastZ / z - 1) < 0.006, `Z at ${reach}: ${fastZ} and ${z}`);
      assert.ok(off(fast, exact) < tolerance, `force at ${reach}: ${off(fast, exact)}`);
    }
  });
}

test("kernels and TypeScript compute the same on a grid of every size", () => {
  // Wider and wider layouts: every product of 2 and 3 has its own stages.
  const [fast, slow] = [byKernels(), alone()];
  const seen = new Set<number>();
  for (let reach = 5; ; reach *= 1.1) {
    const positions = layout(reach);
    const n = gridSize(positions, most);
    if (n === null) break;
    if (seen.has(n)) continue;
    seen.add(n);
    const [found, wanted] = [new Float64Array(2 * count), new Float64Array(2 * count)];
    const z = slow(positions, wanted);
    assert.ok(Math.abs(fast(positions, found) / z - 1) < 1e-5, `Z at ${n}`);
    assert.ok(off(found, wanted) < 1e-5, `force at ${n}: ${off(found, wanted)}`);
  }
  assert.deepEqual([...seen], gridSizes(most).slice(gridSizes(most).indexOf(96)));
});

test("a grid that grows and shrinks with the layout forgets what it held", () => {
  const repel = byKernels();
  const first = new Float64Array(2 * count);
  const again = new Float64Array(2 * count);
  const z = repel(layout(1), first);
  repel(layout(40), again);
  assert.equal(repel(layout(1), again), z);
  assert.deepEqual(again, first);
  assert.ok(gridSize(layout(40), most)! > gridSize(layout(1), most)!);
});

test("a layout that is wider than the grid is refused, not wrapped around", () => {
  const repel = interpolatedRepulsion(createGrid(128, count)!, count);
  assert.throws(() => repel(layout(40), new Float64Array(2 * count)), RangeError);
  assert.equal(gridSize(layout(40), 128), null);
  assert.equal(gridSize(Float64Array.of(0, 0, 1e9, 1e9), Infinity), null);
});

test("sizes of grids are multiples of 16 without factors but 2 and 3", () => {
  assert.deepEqual(gridSizes(300), [16, 32, 48, 64, 96, 128, 144, 192, 256, 288]);
});

test("points on one place push nobody", () => {
  const force = new Float64Array(2 * count);
  const z = byKernels()(new Float64Array(2 * count).fill(3), force);
  assert.ok(Math.abs(z / (count * (count - 1)) - 1) < 1e-3);
  assert.ok(force.every((value) => Math.abs(value) < 1e-2));
});
