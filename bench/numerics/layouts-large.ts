// One set of ../tsne-large.ts: `node layouts-large.js words|mixture ITEMS`.
import { nearestNeighbors } from "../../src/engine/analyze/neighbors";
import { quality } from "../../src/engine/analyze/quality";
import { createRandom, sampleIndices } from "../../src/engine/random";
import { conditionalProbabilities, jointProbabilities } from "../../src/engine/reduce/tsne/affinity";
import { barnesHutRepulsion } from "../../src/engine/reduce/tsne/barnes-hut";
import { descend, SCHEDULE, type Repulsion } from "../../src/engine/reduce/tsne/descent";
import { attraction, divergence } from "../../src/engine/reduce/tsne/exact";
import { gridSize } from "../../src/engine/reduce/tsne/interpolation";
import { largestGrid, repulsionFor, tsneNeighbors, tsneStarts } from "../../src/engine/reduce/tsne/tsne";
import { split } from "../../src/engine/reduce/watch";
import type { Matrix, StageContext } from "../../src/engine/types";
import { mixture } from "./data";
import { words } from "./words";

const PERPLEXITY = 30;
/** Iterations at which steps are looked at. */
const LOOKED_AT = [100, 300, 500, 999];
/** Items whose forces are computed from all others. */
const CHECKED = 1_000;
/** Calls of which the cheapest counts. */
const CALLS = 8;
const quiet: StageContext = { report: () => undefined, signal: new AbortController().signal };

function spent(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** The exact forces on a sample, unnormalised as those of a `Repulsion`. */
function exactForces(positions: Float64Array, sample: Int32Array): Float64Array {
  const force = new Float64Array(2 * sample.length);
  sample.forEach((i, s) => {
    const [x, y] = [positions[2 * i]!, positions[2 * i + 1]!];
    for (let j = 0; j < positions.length; j += 2) {
      const [dx, dy] = [x - positions[j]!, y - positions[j + 1]!];
      const q = 1 / (1 + dx * dx + dy * dy);
      force[2 * s]! += q * q * dx;
      force[2 * s + 1]! += q * q * dy;
    }
  });
  return force;
}

/** A row's cells of one way: milliseconds of processor, and the error of its forces (root of the mean square, relative). */
function look(repel: Repulsion, positions: Float64Array, sample: Int32Array, exact: Float64Array): string {
  const force = new Float64Array(positions.length);
  let least = Infinity;
  for (let call = 0; call < CALLS; call++) {
    const from = spent();
    repel(positions, force);
    least = Math.min(least, spent() - from);
  }
  let [error, norm] = [0, 0];
  sample.forEach((i, s) => {
    for (let d = 0; d < 2; d++) {
      error += (force[2 * i + d]! - exact[2 * s + d]!) ** 2;
      norm += exact[2 * s + d]! ** 2;
    }
  });
  return `${(1e3 * least).toFixed(1)} | ${(100 * Math.sqrt(error / norm)).toFixed(1)} %`;
}

/** Share of a sample of items that a vote of their ten nearest on the map puts into their cluster. */
function accuracy(positions: Float64Array, label: Int32Array): number {
  const count = label.length;
  let right = 0;
  const sample = sampleIndices(count, 2_000, createRandom(7));
  for (const i of sample) {
    const square = (j: number): number =>
      (positions[2 * i]! - positions[2 * j]!) ** 2 + (positions[2 * i + 1]! - positions[2 * j + 1]!) ** 2;
    const near: { j: number; d: number }[] = [];
    for (let j = 0; j < count; j++) {
      const d = square(j);
      if (j === i || (near.length === 10 && d >= near[9]!.d)) continue;
      near.push({ j, d });
      near.sort((p, q) => p.d - q.d);
      near.length = Math.min(near.length, 10);
    }
    const votes = new Map<number, number>();
    for (const { j } of near) votes.set(label[j]!, (votes.get(label[j]!) ?? 0) + 1);
    if ([...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0] === label[i]) right++;
  }
  return right / sample.length;
}

const SETS: Record<string, (count: number) => { matrix: Matrix; label?: Int32Array }> = {
  mixture: (count) => mixture(count, 384),
  words: (count) => ({ matrix: words(count) }),
};

void (async () => {
  const [set, items] = process.argv.slice(2) as [string, string];
  const count = Number(items);
  const { matrix, label } = SETS[set]!(count);
  const graph = await nearestNeighbors(matrix, tsneNeighbors(PERPLEXITY, count), "euclidean", quiet);
  const joint = jointProbabilities(graph, conditionalProbabilities(graph, PERPLEXITY));
  const sample = sampleIndices(count, CHECKED, createRandom(9));
  console.log(`\n${set}, ${count} items, recall of the neighbours ${(graph.recall ?? 1).toFixed(3)}\n`);
  console.log(
    "| iteration | reach | grid ms | off by | grid | tree ms | off by |\n| --- | --- | --- | --- | --- | --- | --- |",
  );
  const attract = attraction(joint, 2);
  const rows: string[] = [];
  for (const way of ["as run", "tree alone"]) {
    const [ours, tree] = [repulsionFor(count, 2), barnesHutRepulsion(count, 2)];
    const repel = way === "as run" ? ours : tree;
    const positions = (await tsneStarts(matrix, 2, 1, quiet))();
    let iteration = 0;
    let looking = 0;
    const from = spent();
    const watched: Repulsion = (places, force) => {
      if (way === "as run" && LOOKED_AT.includes(iteration)) {
        const start = spent();
        const exact = exactForces(places, sample);
        const reach =
          places.reduce((most, value) => Math.max(most, value), -Infinity) -
          places.reduce((least, value) => Math.min(least, value), Infinity);
        const cells = [
          iteration,
          reach.toFixed(0),
          look(ours, places, sample, exact),
          `${gridSize(places, largestGrid(count))}²`,
          look(tree, places, sample, exact),
        ];
        console.log(`| ${cells.join(" | ")} |`);
        looking += spent() - start;
      }
      iteration++;
      return repel(places, force);
    };
    descend(positions, count, attract, watched, SCHEDULE, quiet);
    const seconds = spent() - from - looking;
    const { trustworthiness } = await quality(
      { matrix, map: split(positions, 2), metric: "euclidean", k: 10, seed: 1 },
      quiet,
    );
    const figures = [divergence(joint, positions, 2), trustworthiness, ...(label ? [accuracy(positions, label)] : [])];
    rows.push(`| ${way} | ${figures.map((value) => value.toFixed(4)).join(" | ")} | ${seconds.toFixed(1)} |`);
  }
  console.log(`\n| repulsion | divergence | trust |${label ? " 10-NN accuracy |" : ""} s of processor |`);
  console.log(`| --- | --- | --- |${label ? " --- |" : ""} --- |\n${rows.join("\n")}`);
})();
