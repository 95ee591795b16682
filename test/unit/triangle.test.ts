import assert from "node:assert/strict";
import { test } from "node:test";
import { triangleLength, trianglePlace, unpackRow, unpackTriangle } from "../../src/protocol/triangle";
import { triangleOf } from "../support/triangle";

test("a symmetric matrix comes back from its triangle, whole, by rows and by places", () => {
  for (const n of [0, 1, 2, 7]) {
    const value = (i: number, j: number): number => 10 * Math.min(i, j) + Math.max(i, j);
    const triangle = triangleOf(n, value);
    assert.equal(triangle.length, triangleLength(n));
    const whole = Array.from({ length: n * n }, (_, at) => value(Math.floor(at / n), at % n));
    assert.deepEqual([...unpackTriangle(triangle, n)], whole);
    const row = new Float32Array(n);
    for (let i = 0; i < n; i++) {
      unpackRow(triangle, n, i, row);
      assert.deepEqual([...row], whole.slice(i * n, (i + 1) * n));
      for (let j = 0; j < n; j++) assert.equal(triangle[trianglePlace(n, i, j)], whole[i * n + j]);
    }
  }
});
