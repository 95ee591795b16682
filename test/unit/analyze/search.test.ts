import assert from "node:assert/strict";
import { test } from "node:test";
import { neighborsOf } from "../../../src/engine/analyze/neighbors";
import { nearestTo } from "../../../src/engine/analyze/search";
import { METRICS } from "../../../src/protocol/recipe";
import { mixture } from "../../support/numerics";

test("the items nearest to a vector are the neighbours that it would have as one more item", () => {
  const { matrix } = mixture(61, 6);
  const query = matrix.data.slice(60 * 6);
  const others = { rows: 60, cols: 6, data: matrix.data.slice(0, 60 * 6) };
  for (const metric of METRICS) {
    assert.deepEqual(nearestTo(others, query, 7, metric), neighborsOf(matrix, 60, 7, metric), metric);
  }
});

test("of equally near items the first are found, as many as there are at most, and no direction is like nothing", () => {
  const equal = { rows: 5, cols: 2, data: Float32Array.of(1, 2, 1, 2, 1, 2, 1, 2, 2, 4) };
  for (const metric of ["cosine", "euclidean"] as const) {
    const found = nearestTo(equal, Float32Array.of(1, 2), 3, metric);
    assert.deepEqual(
      found.map(({ index, similarity }) => [index, similarity]),
      [[0, 1], [1, 1], [2, 1]], // prettier-ignore
    );
    assert.equal(nearestTo(equal, Float32Array.of(1, 2), 9, metric).length, 5);
  }
  assert.ok(nearestTo(equal, new Float32Array(2), 5, "cosine").every(({ similarity }) => similarity === 0));
});
