import assert from "node:assert/strict";
import { test } from "node:test";
import { beside } from "../../../src/webview/beside";

const page = { width: 1_000, height: 700 };
const size = { width: 300, height: 120 };

test("a tooltip stands right of and below what is looked at, on the other side at an edge", () => {
  assert.deepEqual(beside({ x: 100, y: 100 }, 24, size, page), { x: 124, y: 124 });
  assert.deepEqual(beside({ x: 800, y: 100 }, 24, size, page), { x: 800 - 24 - 300, y: 124 });
  assert.deepEqual(beside({ x: 100, y: 650 }, 24, size, page), { x: 124, y: 650 - 24 - 120 });
});

test("a tooltip that has room on neither side of the pointer stays on the page, and free of it below or above", () => {
  const narrow = { width: 350, height: 700 };
  for (const x of [10, 170, 340]) {
    const place = beside({ x, y: 300 }, 24, { width: 340, height: 120 }, narrow);
    assert.ok(place.x >= 0 && place.x + 340 <= 350, `${x}: ${place.x}`);
    assert.equal(place.y, 324);
  }
});
