// The kernels of simd/*.ts beside their TypeScript. Bundled and run by ../simd.ts.
import { CellSearch } from "../../src/engine/analyze/cell-search";
import { nearestNeighbors } from "../../src/engine/analyze/neighbors";
import { PairScan, scored } from "../../src/engine/analyze/neighbors-scan";
import { Block } from "../../src/engine/analyze/similarity";
import { largestAt } from "../../src/engine/linear/largest";
import { createProducts } from "../../src/engine/linear/product";
import { RowDistances } from "../../src/engine/linear/row-distances";
import { createRandom } from "../../src/engine/random";
import { conditionalProbabilities, jointProbabilities } from "../../src/engine/reduce/tsne/affinity";
import { barnesHutRepulsion, plainRepulsion } from "../../src/engine/reduce/tsne/barnes-hut";
import { attraction, exactRepulsion, plainAttraction, plainExactRepulsion } from "../../src/engine/reduce/tsne/exact";
import { fitCurve } from "../../src/engine/reduce/umap/curve";
import { optimizeFully } from "../../src/engine/reduce/umap/full";
import { fuzzyGraph } from "../../src/engine/reduce/umap/fuzzy";
import { gradientTables } from "../../src/engine/reduce/umap/gradient";
import { bytesOf, laySweep, planEdges } from "../../src/engine/reduce/umap/schedule";
import { sweepBlock } from "../../src/engine/reduce/umap/sweep";
import { Team } from "../../src/engine/reduce/umap/team";
import { simdModule, SimdMemory } from "../../src/engine/simd/simd";
import type { Matrix, NeighborGraph, StageContext } from "../../src/engine/types";
import { mixture } from "./data";

const quiet: StageContext = { report: () => undefined, signal: new AbortController().signal };

/** Milliseconds of processor that a call takes: the least of ten blocks. */
function time(work: () => void): number {
  let least = Infinity;
  work();
  for (let block = 0; block < 10; block++) {
    const from = process.cpuUsage();
    for (let i = 0; i < 5; i++) work();
    const { user, system } = process.cpuUsage(from);
    least = Math.min(least, (user + system) / 5e3);
  }
  return least;
}

const row = (name: string, plain: number, simd: number): void =>
  console.log(`| ${name} | ${plain.toFixed(2)} | ${simd.toFixed(2)} | ${(plain / simd).toFixed(1)} |`);

async function main(): Promise<void> {
  const count = 10_000;
  const { matrix, label } = mixture(count, 64);
  const random = createRandom(1);
  const centres = Array.from({ length: 77 }, () => [random.normal() * 30, random.normal() * 30] as const);
  const positions = new Float64Array(2 * count);
  label.forEach((l, i) => {
    positions[2 * i] = centres[l]![0] + random.normal() * 4;
    positions[2 * i + 1] = centres[l]![1] + random.normal() * 4;
  });
  console.log("| loop, 10,000 items | TypeScript ms | WebAssembly ms | ratio |\n| --- | --- | --- | --- |");
  const graph = await nearestNeighbors(matrix, 91, "euclidean", quiet);
  const joint = jointProbabilities(graph, conditionalProbabilities(graph, 30));
  for (const dims of [2, 3] as const) {
    const places = dims === 2 ? positions : solid(positions);
    const force = new Float64Array(dims * count);
    const [plain, simd] = [plainRepulsion(count, dims), barnesHutRepulsion(count, dims)];
    row(
      `t-SNE: tree and interaction lists, ${dims} dimensions`,
      time(() => void plain(places, force)),
      time(() => void simd(places, force)),
    );
    const [pull, pullSimd] = [plainAttraction(joint, dims), attraction(joint, dims)];
    row(
      `t-SNE: attraction, ${dims} dimensions`,
      time(() => pull(places, force)),
      time(() => pullSimd(places, force)),
    );
    const few = 370;
    const [all, allSimd] = [plainExactRepulsion(few, dims), exactRepulsion(few, dims)];
    const some = places.slice(0, few * dims);
    const push = new Float64Array(few * dims);
    row(
      `t-SNE of few: ten steps of every pair, 370 items, ${dims} dimensions`,
      time(() => ten(() => void all(some, push))),
      time(() => ten(() => void allSimd(some, push))),
    );
  }
  await sweeps(
    await nearestNeighbors(matrix, 14, "euclidean", quiet),
    Float32Array.from(positions, (p) => p / 8),
  );
  await wholeGradient();
  await scores();
  fewItems();
}

function ten(work: () => void): void {
  for (let i = 0; i < 10; i++) work();
}

/** Places with a third coordinate, as far apart as the others. */
function solid(flat: Float64Array): Float64Array {
  const random = createRandom(3);
  return Float64Array.from({ length: (flat.length / 2) * 3 }, (_, at) =>
    at % 3 === 2 ? random.normal() * 30 : flat[Math.floor(at / 3) * 2 + (at % 3)]!,
  );
}

/** Ten epochs of 370 items without and with the kernel. */
async function wholeGradient(): Promise<void> {
  const { matrix } = mixture(370, 64);
  const graph = fuzzyGraph(await nearestNeighbors(matrix, 14, "euclidean", quiet));
  const random = createRandom(2);
  const start = Float32Array.from({ length: 740 }, () => 10 * random.next());
  const options = { epochs: 10, curve: fitCurve(0.1), onEpoch: () => true };
  row(
    "UMAP of few: ten epochs of the whole gradient, 370 items",
    time(() => void optimizeFully(start.slice(), 2, graph, options, false)),
    time(() => void optimizeFully(start.slice(), 2, graph, options, true)),
  );
}

/** One epoch in which every edge is due, without and with the kernels. */
async function sweeps(graph: NeighborGraph, positions: Float32Array): Promise<void> {
  const fuzzy = fuzzyGraph(graph);
  const all = { ...fuzzy, weight: fuzzy.weight.map(() => 1) };
  const options = { epochs: 1, curve: fitCurve(0.1), seed: 1, threads: 1, onEpoch: () => true };
  const plan = planEdges(all, 8, 40);
  const module = simdModule()!;
  const memory = new SimdMemory(bytesOf(plan, graph.count, 2) + 1024);
  const plain = laySweep(positions, 2, all, plan, { ...options, epochs: 40 });
  const fast = laySweep(positions, 2, all, plan, { ...options, epochs: 40 }, memory);
  const team = new Team(fast, module, memory, 1);
  const blocks = plan.begin.length - 1;
  row(
    "UMAP: pulls and pushes",
    time(() => {
      plain.next.fill(0);
      for (let block = 0; block < blocks; block++) sweepBlock(plain, block, 20);
    }),
    time(() => {
      fast.next.fill(0);
      for (let block = 0; block < blocks; block++) team.round(block, block + 1, 20);
    }),
  );
  await team.close();
}

/** What is done with the products of 4,000 items, and distances of single pairs. */
async function scores(): Promise<void> {
  const rows = 4_000;
  const cols = 64;
  const { matrix, half } = scored(mixture(rows, cols).matrix, "euclidean");
  const products = await createProducts(Infinity);
  const all = await products.byRows(matrix.data, rows, matrix.data, rows, cols);
  const offerAll = (simd: boolean) => {
    const scan = new PairScan(half, 14, rows * rows, simd ? undefined : null);
    scan.scores.set(all);
    return () => {
      scan.lists.clear();
      for (let i = 0; i < rows; i++) scan.offer(i * rows + i + 1, i, i + 1, rows - i - 1);
    };
  };
  row("neighbours: scores of pairs into lists", time(offerAll(false)), time(offerAll(true)));
  const descents = await Promise.all(
    [false, true].map(async (simd) => {
      const search = await CellSearch.of(gaussian(10_000, 8), "euclidean", 19, quiet, simd);
      await search.compare(4, quiet);
      return time(() => {
        search.descend(quiet);
      });
    }),
  );
  row("neighbours: a later round of NN-descent, 10,000×8", descents[0]!, descents[1]!);
  const clampAll = (simd: boolean) => {
    const block = new Block(400, simd);
    block.values.set(all.subarray(0, 400 * 400));
    return () => {
      for (let time = 0; time < 50; time++) block.clamp(400 * 400);
    };
  };
  row("similarity: 50 blocks of 400² brought into −1 to 1", time(clampAll(false)), time(clampAll(true)));
  const measureAll = (simd: boolean) => {
    const distances = new RowDistances(mixture(rows, 384).matrix, 32, simd);
    return () => {
      for (let i = 0; i < 2_000; i++) {
        for (let at = 0; at < 32; at++) distances.others[at] = (i * 7_919 + at * 104_729) % rows;
        distances.measure(i, 32);
      }
    };
  };
  row("distances: 64,000 of rows of 384", time(measureAll(false)), time(measureAll(true)));
}

function gaussian(rows: number, cols: number): Matrix {
  const random = createRandom(3);
  return { rows, cols, data: Float32Array.from({ length: rows * cols }, () => random.normal()) };
}

/** What a map of few items needs, once the code is warm; on the command line it runs once, and cold (docs/performance.md). */
function fewItems(): void {
  const curve = fitCurve(0.1);
  row(
    "UMAP: both tables of gradients",
    time(() => void gradientTables(curve, false)),
    time(() => void gradientTables(curve, true)),
  );
  const { data } = mixture(20, 4_096).matrix;
  const look = (simd: boolean) => () => {
    for (let i = 0; i < 20; i++) largestAt(data, i * 4_096, 4_096, simd);
  };
  row("the largest of each of 20 rows of 4,096", time(look(false)), time(look(true)));
}

void main();
