import assert from "node:assert/strict";
import { test } from "node:test";
import { CellSearch } from "../../../src/engine/analyze/cell-search";
import { squaredDistanceAt } from "../../../src/engine/linear/vectors";
import { createRandom } from "../../../src/engine/random";
import { quiet } from "../../support/numerics";

const ROWS = 6000;
const COLS = 8;
const SIZE = 15;
/** Of every so many items the true neighbours are looked for. */
const LOOKED_AT = 29;

/** Whole numbers, whose products are exact in any order; the neighbours of most items are in several cells. */
const random = createRandom(11);
const data = Float32Array.from({ length: ROWS * COLS }, () => Math.round(100 * random.normal()));
const matrix = { rows: ROWS, cols: COLS, data };

/** Every cell has met the six nearest; then the descent goes some rounds. */
async function descended(rounds: number, simd: boolean): Promise<CellSearch> {
  const search = await CellSearch.of(matrix, "euclidean", SIZE, quiet, simd);
  await search.compare(6, quiet);
  for (let round = 0; round < rounds; round++) search.descend(quiet);
  return search;
}

function recallOf({ input, lists }: CellSearch): number {
  let found = 0;
  let looked = 0;
  for (let i = 0; i < ROWS; i += LOOKED_AT, looked += SIZE) {
    const distance = (j: number): number =>
      j === i ? Infinity : squaredDistanceAt(input.matrix.data, i * COLS, input.matrix.data, j * COLS, COLS);
    const limit = Array.from({ length: ROWS }, (_, j) => distance(j)).sort((a, b) => a - b)[SIZE - 1]!;
    for (const j of lists.of(i).index) if (distance(j) <= limit) found++;
  }
  return found / looked;
}

/** Each item's neighbours with their values, in one order. */
const contents = ({ lists }: CellSearch): string[][] =>
  Array.from({ length: ROWS }, (_, i) => {
    const { index, value } = lists.of(i);
    return Array.from(index, (item, at) => `${value[at]} ${item}`).sort();
  });

test("neighbours of neighbours are found across cells, more with every round", async () => {
  const recalls: number[] = [];
  for (const rounds of [0, 1, 2, 4]) recalls.push(recallOf(await descended(rounds, true)));
  assert.ok(recalls[0]! < 0.8, `the cells alone leave something to find: ${recalls.join(", ")}`);
  assert.ok(recalls[1]! > recalls[0]! + 0.1 && recalls[2]! > recalls[1]! && recalls[3]! > 0.97, recalls.join(", "));
});

for (const rounds of [1, 3]) {
  test(`the lists after ${rounds} rounds are the same by the kernel and by its TypeScript`, async () => {
    assert.deepEqual(contents(await descended(rounds, true)), contents(await descended(rounds, false)));
  });
}

for (const simd of [true, false]) {
  test(`cells compared after rounds put nobody into a list twice (${simd ? "kernel" : "TypeScript"})`, async () => {
    const search = await descended(2, simd);
    await search.compare(search.cells.count, quiet);
    for (let i = 0; i < ROWS; i++) {
      const { index } = search.lists.of(i);
      assert.equal(new Set(index).size, SIZE, `item ${i}`);
      assert.ok(!index.includes(i));
    }
    assert.equal(recallOf(search), 1, "all have met");
  });
}
