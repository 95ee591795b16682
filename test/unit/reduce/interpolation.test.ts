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

const tooWide = (): never => assert.fail("too wide");
const byKernels = (room = most): Repulsion => interpolatedRepulsion(createGrid(room, count)!, count, tooWide);
const alone = (room = most): Repulsion => interpolatedRepulsion(new PlainGrid(room, count), count, tooWide);

for (const [name, make] of [
  ["by kernels", byKernels],
  ["in TypeScript alone", alone],
] as const) {
  test(`interpolation comes near the exact repulsion, from the start of a layout to its end: ${name}`, () => {
    const repel = make();
    for (const [reach, tolerance] of [
      [1e-4, 2e-6],
      [1, 5e-5],
      [10, 0.002],
      [40, 0.005],
      [80, 0.006],
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

test("where a grid has no room for close nodes they are further apart, and for wider layouts something else serves", () => {
  const positions = layout(40);
  const [exact, fast] = [new Float64Array(2 * count), new Float64Array(2 * count)];
  exactRepulsion(count, 2)(positions, exact);
  const errors = [384, 288, 256].map((room, at) => {
    assert.equal(gridSize(positions, room), room);
    byKernels(room)(positions, fast);
    const error = off(fast, exact);
    assert.ok(error < [0.005, 0.009, 0.015][at]!, `${error} on ${room}`);
    return error;
  });
  assert.ok(errors[0]! < errors[1]! && errors[1]! < errors[2]!, errors.join());
  assert.equal(gridSize(positions, 192), null);
  assert.equal(gridSize(Float64Array.of(0, 0, 1e9, 1e9), Infinity), null);
  let made = 0;
  const wider: Repulsion = (places, force) => force.fill(places.length).length;
  const repel = interpolatedRepulsion(createGrid(192, count)!, count, () => (made++, wider));
  assert.ok(repel(layout(10), fast) > 2 * count);
  assert.equal(made, 0);
  assert.equal(repel(positions, fast), 2 * count);
  assert.equal(repel(positions, fast), 2 * count);
  assert.equal(made, 1);
  assert.equal(fast[1], 2 * count);
});

test("a point at the far corner has all its nodes, whatever their number", () => {
  // It is nearly over the last one, and pushed by a point beside it.
  for (let nodes = 180; nodes < 200; nodes++) {
    const extent = 0.35 * (nodes + 0.95);
    const positions = Float64Array.of(0, 0, 0, 1, extent - 1, extent - 0.4, extent, extent);
    const [exact, fast] = [new Float64Array(8), new Float64Array(8)];
    exactRepulsion(4, 2)(positions, exact);
    interpolatedRepulsion(createGrid(most, 4)!, 4, tooWide)(positions, fast);
    assert.ok(off(fast, exact) < 0.01, `${off(fast, exact)} with ${nodes} cells`);
  }
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
