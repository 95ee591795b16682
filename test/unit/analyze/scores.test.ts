import assert from "node:assert/strict";
import { test } from "node:test";
import { PairScan } from "../../../src/engine/analyze/neighbors-scan";
import { Block } from "../../../src/engine/analyze/similarity";
import { BestLists } from "../../../src/engine/linear/best-lists";
import { largestAt } from "../../../src/engine/linear/largest";
import { createProducts, PLAIN } from "../../../src/engine/linear/product";
import { RowDistances } from "../../../src/engine/linear/row-distances";
import { squaredDistanceAt } from "../../../src/engine/linear/vectors";
import { createRandom } from "../../../src/engine/random";
import { scoreKernels } from "../../../src/engine/simd/simd";

const normals = (length: number, seed: number): Float32Array => {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => random.normal());
};

test("this processor runs the kernels", () => assert.ok(scoreKernels(64)));

for (const count of [3, 8, 61, 1003]) {
  test(`the lists of ${count} items are the same by the kernels and by their TypeScript, and hold the smallest values`, () => {
    const half = normals(count, 1).map(Math.abs);
    // Rounded, so that equal values are there too.
    const scores = normals(count * count, 2).map((score) => Math.round(score * 100) / 100);
    const size = Math.min(6, count - 1);
    const lists = [true, false].map((simd) => {
      const scan = new PairScan(half, size, count * count, simd ? undefined : null);
      scan.scores.set(scores);
      for (let i = 0; i < count; i++) scan.offer(i * count + i + 1, i, i + 1, count - i - 1);
      return scan.lists;
    });
    for (let i = 0; i < count; i++) {
      const [fast, plain] = lists.map((list) => list.of(i));
      assert.deepEqual(fast, plain);
      const all = Array.from({ length: count }, (_, j) =>
        Math.fround(half[j]! - scores[Math.min(i, j) * count + Math.max(i, j)]!),
      ).filter((_, j) => j !== i);
      assert.deepEqual(
        Array.from(fast!.value).sort((a, b) => a - b),
        all.sort((a, b) => a - b).slice(0, size),
      );
    }
  });
}

test("a list keeps the smallest of many values in any order, the earlier of equals", () => {
  const random = createRandom(4);
  for (const order of ["up", "down", "mixed", "equal"]) {
    const values = Array.from({ length: 500 }, (_, i) =>
      order === "up" ? i : order === "down" ? -i : order === "equal" ? 7 : Math.floor(random.next() * 40),
    );
    const lists = new BestLists(1, 9);
    values.forEach((value, i) => value < lists.limit[0]! && lists.add(0, i, value));
    const { index, value } = lists.of(0);
    const best = values.map((v, i) => [v, i] as const).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const kept = Array.from(index, (i, at) => [value[at]!, i] as const).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    assert.deepEqual(kept, best.slice(0, 9), order);
  }
});

test("of a list the nearest few are given, all of a short one, the earlier of equals", () => {
  const lists = new BestLists(2, 9);
  [7, 3, 9, 3, 1, 8, 3, 2, 6].forEach((value, i) => lists.add(0, 10 + i, value));
  lists.add(1, 5, 0.5);
  const into = new Int32Array(8).fill(-1);
  assert.equal(lists.nearest(0, 4, into, 2), 4);
  assert.deepEqual(Array.from(into), [-1, -1, 11, 13, 14, 17, -1, -1]);
  assert.equal(lists.nearest(1, 4, into, 0), 1);
  assert.equal(into[0], 5);
});

test("a block is brought into -1 to 1, the same by the kernels and by their TypeScript", () => {
  for (const count of [1, 4, 35, 120]) {
    const values = normals(count, 3);
    const clamped = [true, false].map((simd) => {
      const block = new Block(11, simd);
      block.values.set(values);
      block.clamp(count);
      return Array.from(block.values.subarray(0, count));
    });
    assert.deepEqual(clamped[0], clamped[1]);
    assert.deepEqual(
      clamped[0],
      Array.from(values, (value) => Math.max(-1, Math.min(1, value))),
    );
  }
});

for (const cols of [1, 4, 7, 384, 387]) {
  test(`distances of rows of ${cols} are the same to the bit by the kernels and by their TypeScript`, () => {
    const rows = 40;
    const data = normals(rows * cols, cols);
    data.copyWithin(3 * cols, 7 * cols, 8 * cols);
    for (const count of [0, 1, 2, 5]) {
      const [fast, plain] = [true, false].map((simd) => {
        const distances = new RowDistances({ rows, cols, data }, 5, simd);
        distances.others.set([3, 0, 39, 7, 12]);
        distances.squared.fill(-1);
        distances.measure(7, count);
        return Array.from(distances.squared);
      });
      assert.deepEqual(fast, plain);
      const expected = [3, 0, 39, 7, 12].map((other, at) =>
        at < count ? squaredDistanceAt(data, 7 * cols, data, other * cols, cols) : -1,
      );
      assert.deepEqual(fast, expected);
      if (count > 0) assert.equal(fast[0], 0, "equal rows");
    }
  });
}

test("a product is written into the array that is brought, from its start, and is that of a fresh one", async () => {
  const [a, b] = [normals(20 * 30, 5), normals(40 * 30, 6)];
  for (const products of [await createProducts(Infinity), PLAIN]) {
    const fresh = await products.byRows(a, 20, b, 40, 30);
    for (const room of [new Float32Array(1000), scoreKernels(4000)!.memory.float32(1000)]) {
      const into = await products.byRows(a, 20, b, 40, 30, room);
      assert.deepEqual(Array.from(into), Array.from(fresh));
      assert.deepEqual(Array.from(room.subarray(0, 800)), Array.from(fresh));
      assert.deepEqual(room.subarray(800), new Float32Array(200));
    }
  }
});

test("a product by columns in loops is the sum of the definition, also where numbers are 0", async () => {
  const a = Float32Array.of(0, 2, 3, 4, 0, 6);
  const b = Float32Array.of(1, -1, 5, 7);
  // Columns of A (2 × 3) with those of B (2 × 2).
  assert.deepEqual([...(await PLAIN.byColumns(a, 3, b, 2, 2))], [20, 28, 2, -2, 33, 39]);
});

for (const count of [1, 16, 17, 22, 16_384, 20_001]) {
  test(`the largest of ${count} values is the same by the kernels and by their TypeScript`, () => {
    const values = normals(count + 3, count).map((value) => value * 1e-3);
    const largest = (): number => {
      const [fast, plain] = [true, false].map((simd) => largestAt(values, 3, count, simd));
      assert.equal(fast, plain);
      return fast!;
    };
    assert.equal(largest(), Math.max(...values.subarray(3).map(Math.abs)));
    for (const [value, size] of [
      [-7, 7],
      [1e-45, 1e-45],
      [-Infinity, Infinity],
      [NaN, NaN],
    ] as const) {
      for (const at of [0, count >> 1, count - 1]) {
        const before = values[3 + at]!;
        if (size < 1) values.fill(0, 3);
        values[3 + at] = value;
        assert.equal(largest(), Math.fround(size), `${value} at ${at}`);
        values[3 + at] = before;
      }
    }
    values.set([NaN, Infinity, NaN]);
    assert.ok(Number.isFinite(largest()), "what stands before is not looked at");
  });
}
