// One set of ../tsne-large.ts: `node layouts-large.js words|mixture ITEMS`.
import { nearestNeighbors } from "../../src/engine/analyze/neighbors";
import { quality } from "../../src/engine/analyze/quality";
import { createRandom, sampleIndices } from "../../src/engine/random";
import { conditionalProbabilities, jointProbabilities } from "../../src/engine/reduce/tsne/affinity";
import { barnesHutRepulsion } from "../../src/engine/reduce/tsne/barnes-hut";
import { descend, SCHEDULE, type Repulsion } from "../../src/engine/reduce/tsne/descent";
import { attraction, divergence, exactRepulsion } from "../../src/engine/reduce/tsne/exact";
import { boundsOf, gridSize } from "../../src/engine/reduce/tsne/interpolation";
import { largestGrid, repulsionFor, tsneNeighbors, tsneStarts } from "../../src/engine/reduce/tsne/tsne";
import { split } from "../../src/engine/reduce/watch";
import type { Matrix, StageContext } from "../../src/engine/types";
import { mixture } from "./data";
import { words } from "./words";

const PERPLEXITY = 30;
/** Iterations at which steps are looked at. */
const LOOKED_AT = [100, 300, 500, 999];
/** Calls of which the cheapest counts. */
const CALLS = 8;
const quiet: StageContext = { report: () => undefined, signal: new AbortController().signal };

function spent(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

interface Pushed {
  z: number;
  force: Float64Array;
}

function pushed(repel: Repulsion, positions: Float64Array): Pushed {
  const force = new Float64Array(positions.length);
  return { z: repel(positions, force), force };
}

/** A row's cells of one way: milliseconds of processor, the error of its forces (root of the mean square, relative), and that of Z. */
function look(repel: Repulsion, positions: Float64Array, exact: Pushed): string {
  let least = Infinity;
  for (let call = 0; call < CALLS; call++) {
    const from = spent();
    pushed(repel, positions);
    least = Math.min(least, spent() - from);
  }
  const { z, force } = pushed(repel, positions);
  const error = lengthOf(force.map((value, i) => value - exact.force[i]!)) / lengthOf(exact.force);
  const signed = `${z < exact.z ? "−" : "+"}${Math.abs(100 * (z / exact.z - 1)).toFixed(1)} %`;
  return `${(1e3 * least).toFixed(1)} | ${(100 * error).toFixed(1)} % | ${signed}`;
}

const lengthOf = (values: Float64Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

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
  console.log(`\n${set}, ${count} items, recall of the neighbours ${(graph.recall ?? 1).toFixed(3)}\n`);
  console.log(
    "| iteration | reach | grid | ms | force off by | Z | tree: ms | force off by | Z |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
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
        const exact = pushed(exactRepulsion(count, 2), places);
        const grid = `${gridSize(places, largestGrid(count))}²`;
        const cells = [
          iteration,
          boundsOf(places).extent.toFixed(0),
          grid,
          look(ours, places, exact),
          look(tree, places, exact),
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
