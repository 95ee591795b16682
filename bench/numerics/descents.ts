// One line of the table: `node descents.js KERNEL SIZE SET ROWS COLS`. Bundled by ../nn-descent.ts.
import { join } from "node:path";
import card from "../../models/glove-100d/card.json";
import { partition } from "../../src/engine/analyze/cells";
import { gatherRows } from "../../src/engine/analyze/gather";
import { approximateNeighbors, trueNeighbors } from "../../src/engine/analyze/neighbors-approximate";
import { scored, type Scored } from "../../src/engine/analyze/neighbors-scan";
import { prepareFor } from "../../src/engine/analyze/normalize";
import { readWordVectors } from "../../src/engine/embed/words-files";
import { createProducts } from "../../src/engine/linear/product";
import { createRandom, sampleIndices } from "../../src/engine/random";
import type { Matrix, StageContext } from "../../src/engine/types";
import type { ModelCard } from "../../src/protocol/models";
import { mixture } from "./data";
import { nnDescent } from "./nn-descent";

const NEIGHBORS = 15;
const CHECKED = 256;
const WANTED = 0.95;
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
  words: (rows, cols) => {
    const folder = join(__dirname, "../../models/glove-100d");
    const { rows: whole } = readWordVectors({ card: card as ModelCard, folder });
    return { rows, cols, data: Float32Array.from(whole) };
  },
};

/** The share of the true neighbours of a few items that lists hold. */
async function recallOf(input: Scored): Promise<(index: Int32Array, size: number) => number> {
  const { rows, cols } = input.matrix;
  const checked = sampleIndices(rows, CHECKED, createRandom(5));
  const products = await createProducts(CHECKED * rows * cols);
  const checks = await trueNeighbors(input, checked, NEIGHBORS, products, quiet);
  return (index, size) => {
    let found = 0;
    for (const { row, nearest } of checks) {
      const list = index.subarray(row * size, row * size + NEIGHBORS);
      for (const item of list) if (nearest.has(item & 0x7fffffff)) found++;
    }
    return found / (CHECKED * NEIGHBORS);
  };
}

const say = (seconds: number, recall: number): string => `${seconds.toFixed(1)} s, ${recall.toFixed(3)}`;

void (async () => {
  const [kernel, size, set, rows, cols] = process.argv.slice(2) as [string, string, string, string, string];
  const metric = set === "words" ? "cosine" : "euclidean";
  const prepared = prepareFor(SETS[set]!(Number(rows), Number(cols)), metric);
  const files = spent();
  const { recall } = await approximateNeighbors(prepared, NEIGHBORS, metric, 4, quiet);
  const byFile = spent() - files;

  let from = spent();
  // Rows that are near stand together in both.
  const { order } = await partition(prepared, 1, quiet);
  const input = scored(gatherRows(prepared, order), metric);
  let taken = spent() - from;
  const recallNow = await recallOf(input);
  let enough = "never";
  let rounds = 0;
  let best = 0;
  from = spent();
  nnDescent(input, Number(size), Number(size), kernel, (index) => {
    taken += spent() - from;
    const now = recallNow(index, Number(size));
    if (now >= WANTED && best < WANTED) enough = say(taken, now);
    const gained = now - best;
    best = now;
    from = spent();
    return ++rounds > 3 && gained < 0.002;
  });
  console.log(`| ${set} ${rows}×${cols} | ${say(byFile, recall!)} | ${size} | ${enough} | ${say(taken, best)} |`);
})();
