import assert from "node:assert/strict";
import { test } from "node:test";
import { gridOf, PointGrid } from "../../../src/charts/grid";
import { nearestPoint, type Viewport } from "../../../src/charts/viewport";
import { createRandom } from "../../../src/engine/random";

const random = createRandom(3);
const column = (n: number, spread = 1) => Float32Array.from({ length: n }, () => random.normal() * spread);
const size = { width: 800, height: 600 };
const view: Viewport = { x: [-2, 2], y: [-1.5, 1.5] };

test("the nearest point by the grid is the one that a look at all points finds", () => {
  const places = { x: column(3_000), y: column(3_000, 0.7) };
  const grid = new PointGrid(places);
  for (let i = 0; i < 300; i++) {
    const at = { x: random.next() * 900 - 50, y: random.next() * 700 - 50 };
    const [found, expected] = [grid.nearest(view, size, at, 12), nearestPoint(places, view, size, at, 12)];
    assert.equal(found, expected, JSON.stringify(at));
  }
});

test("points that do not count are looked through", () => {
  const grid = new PointGrid({ x: Float32Array.of(0, 0.01), y: Float32Array.of(0, 0) });
  const middle = { x: 400, y: 300 };
  assert.equal(grid.nearest(view, size, middle, 12), 0);
  assert.equal(
    grid.nearest(view, size, middle, 12, (at) => at !== 0),
    1,
  );
  assert.equal(
    grid.nearest(view, size, middle, 12, () => false),
    -1,
  );
});

test("an outline holds the points inside it and no others, also where it is hollow", () => {
  const places = { x: column(2_000), y: column(2_000) };
  const box = Float64Array.of(-0.5, -0.25, 0.75, -0.25, 0.75, 1, -0.5, 1);
  const expected = Array.from(places.x.keys()).filter(
    (i) => places.x[i]! > -0.5 && places.x[i]! < 0.75 && places.y[i]! > -0.25 && places.y[i]! < 1,
  );
  assert.deepEqual(new PointGrid(places).inside(box), expected);
  const hollow = new PointGrid({ x: Float32Array.of(0, 0.8), y: Float32Array.of(0.5, 0.9) });
  // A "V": the first point lies between its arms.
  assert.deepEqual(hollow.inside(Float64Array.of(-1, 1, 0, -1, 1, 1, 0.9, 1, 0, -0.8, -0.9, 1)), []);
});

test("no point, one point and points in one place have a grid", () => {
  for (const n of [0, 1, 50]) {
    const grid = new PointGrid({ x: new Float32Array(n), y: new Float32Array(n) });
    assert.equal(grid.nearest(view, size, { x: 400, y: 300 }, 5), n - 1);
    assert.equal(grid.inside(Float64Array.of(-1, -1, 1, -1, 0, 1)).length, n);
  }
});

test("the grid of the same columns is made once", () => {
  const places = { x: column(10), y: column(10) };
  assert.equal(gridOf(places), gridOf({ ...places }));
});
