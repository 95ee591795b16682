import assert from "node:assert/strict";
import { test } from "node:test";
import { eachRowProducts } from "../../../src/engine/analyze/row-products";
import { dotAt } from "../../../src/engine/linear/vectors";
import { mixture } from "../../support/numerics";

const { matrix } = mixture(400, 6);
const all = Int32Array.from({ length: 300 }, (_, i) => (7 * i) % 400);

test("every row that is asked about comes with its products with all rows of the other matrix, in turn", async () => {
  const against = { rows: 50, cols: 6, data: matrix.data.slice(0, 300) };
  const seen: number[] = [];
  const done: number[] = [];
  await eachRowProducts(
    matrix,
    all,
    against,
    (row, dots, at) => {
      assert.equal(row, all[at]);
      seen.push(at);
      assert.equal(dots.length, 50);
      dots.forEach((dot, j) => assert.ok(Math.abs(dot - dotAt(matrix.data, row * 6, against.data, j * 6, 6)) < 1e-3));
    },
    (rows) => done.push(rows),
  );
  assert.deepEqual(seen, [...all.keys()]);
  assert.deepEqual(done, [0, 128, 256]);
});

test("it ends where its caller stops it, and does nothing without rows", async () => {
  let visits = 0;
  const visit = (): void => {
    visits++;
  };
  const stop = (done: number): void => {
    if (done > 0) throw new Error("stopped");
  };
  await assert.rejects(eachRowProducts(matrix, all, matrix, visit, stop), /stopped/);
  assert.equal(visits, 128);
  await eachRowProducts(matrix, new Int32Array(0), matrix, visit, stop);
  assert.equal(visits, 128);
});
