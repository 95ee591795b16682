// One cell of the table of ../nn-descent.ts: `node descents.js ours|cells|file SET ROWS COLS OUT` prints seconds of processor and recall,
// or writes the vectors as an .npy file.
import { writeFileSync } from "node:fs";
import { approximateNeighbors, trueLimits } from "../../src/engine/analyze/neighbors-approximate";
import { scored } from "../../src/engine/analyze/neighbors-scan";
import { prepareFor } from "../../src/engine/analyze/normalize";
import { createProducts } from "../../src/engine/linear/product";
import { dotAt } from "../../src/engine/linear/vectors";
import { createRandom, sampleIndices } from "../../src/engine/random";
import type { Matrix, StageContext } from "../../src/engine/types";
import { mixture, npy } from "./data";
import { words } from "./words";

const NEIGHBORS = 15;
const MARGIN = 4;
/** Other items than those on which the engine measures. */
const CHECKED = 512;
const quiet: StageContext = { report: () => undefined, signal: new AbortController().signal };

function spent(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const SETS: Record<string, (rows: number, cols: number) => Matrix> = {
  mixture: (rows, cols) => mixture(rows, cols).matrix,
  gauss: (rows, cols) => {
    const random = createRandom(3);
    return { rows, cols, data: Float32Array.from({ length: rows * cols }, () => random.normal()) };
  },
  words,
};

void (async () => {
  const [way, set, rows, cols, out] = process.argv.slice(2) as [string, string, string, string, string];
  const matrix = SETS[set]!(Number(rows), Number(cols));
  if (way === "file") {
    writeFileSync(out, npy(matrix.data, [matrix.rows, matrix.cols]));
    return;
  }
  const prepared = prepareFor(matrix, "euclidean");
  const from = spent();
  const never = way === "cells" ? Infinity : undefined;
  const { index } = await approximateNeighbors(prepared, NEIGHBORS, "euclidean", MARGIN, quiet, never);
  const seconds = spent() - from;
  const checked = sampleIndices(matrix.rows, CHECKED, createRandom(5));
  const products = await createProducts(CHECKED * matrix.data.length);
  const input = scored(prepared, "euclidean");
  const { data } = input.matrix;
  let found = 0;
  for (const { row, limit } of await trueLimits(input, checked, NEIGHBORS, products, quiet)) {
    for (const j of index.subarray(row * NEIGHBORS, (row + 1) * NEIGHBORS)) {
      const score = dotAt(data, row * matrix.cols, data, j * matrix.cols, matrix.cols);
      if (input.half[j]! - score <= limit) found++;
    }
  }
  console.log(`${seconds.toFixed(1)} s, ${(found / (CHECKED * NEIGHBORS)).toFixed(3)}`);
})();
